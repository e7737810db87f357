import { createServer } from 'node:net';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { HostEvent } from '../../src/shared/host-api';
import { startControlHost } from '../helpers/control-host';
import { flatColourEngine } from '../helpers/flat-colour-engine/flat-colour-engine';
import { temporaryFolder } from '../helpers/temporary-folder';

it('gives back what it had acquired where it can’t start', async () => {
  const dataFolder = join(temporaryFolder(), 'data');
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const closed: string[] = [];
  const engines = [
    () => ({
      ...flatColourEngine({} as never),
      close: async () => void closed.push('engine'),
    }),
  ];
  const listen = { host: '127.0.0.1', port };
  await expect(startControlHost({ dataFolder, engines, listen })).rejects.toThrow('the port is in use');
  expect(closed).toEqual(['engine']);
  // The data folder is free again.
  const { host } = await startControlHost({ dataFolder, engines });
  await expect(startControlHost({ dataFolder, engines })).rejects.toThrow('Another Framegauge uses the data folder');
  await host.close();
});

it('ends its queue before what the queue works with, and ends once', async () => {
  const dataFolder = join(temporaryFolder(), 'data');
  const order: string[] = [];
  const { host } = await startControlHost({
    dataFolder,
    engines: [
      (context) => {
        const engine = flatColourEngine(context);
        return {
          ...engine,
          async startWorker(setup) {
            const worker = await engine.startWorker(setup);
            void worker.exited.then(() => order.push('worker'));
            // Never done: it is at work when the host closes.
            return { ...worker, render: () => new Promise(() => undefined) };
          },
          async close() {
            order.push('engine');
            await engine.close();
          },
        };
      },
    ],
  });
  const rendering = new Promise<void>((resolve) => {
    const stop = host.subscribe((event: HostEvent) => {
      if (event.type !== 'workers' || !event.workers.some(({ state }) => state === 'rendering')) return;
      stop();
      resolve();
    });
  });
  const folder = temporaryFolder();
  const scene = join(folder, 'film.flat');
  writeFileSync(scene, JSON.stringify({ width: 8, height: 8, colours: [[1, 2, 3]] }));
  expect(await host.call('job.submit', { scene, output: join(folder, '####.png') })).toMatchObject({ ok: true });
  await rendering;
  await Promise.all([host.close(), host.close()]);
  expect(order).toEqual(['worker', 'engine']);
  await expect(fetch(host.url)).rejects.toThrow();
});

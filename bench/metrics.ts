import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { connectTo } from '../src/main/cli/host-connection';
import { freePort } from '../test/helpers/free-port';
import { load } from './load';
import { percentile } from './percentile';
import type { Row } from './report';
import { startBenchHost } from './start-host';

const TURNTABLE = resolve(import.meta.dirname, '../examples/turntable.glb');

/**
 * Measures the metrics server of a real host: the delay until a written frame is counted, and the scrape rate against a
 * bare server sending the same bytes.
 */
export async function benchMetrics(folder: string): Promise<Row[]> {
  const host = await startBenchHost(join(folder, 'metrics'));
  try {
    const connection = connectTo(host);
    const port = await freePort();
    await connection.call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${port}` });
    const addon = await connection.call('addon.enable', { id: 'prometheus' });
    if (addon.state !== 'running') throw new Error(addon.reason ?? 'the add-on does not run');
    const url = `http://127.0.0.1:${port}/metrics`;

    const counted = async (): Promise<number> =>
      Number(/^Frame_Counter_total (\d+)$/m.exec(await (await fetch(url)).text())?.[1] ?? Number.NaN);
    // Warm-up: a process's first scrape is not representative.
    await counted();
    const delays: number[] = [];
    let written = 0;
    let watching: Promise<void> = Promise.resolve();
    const stop = host.subscribe((event) => {
      if (event.type !== 'frame' || event.frame.state !== 'done') return;
      const number = ++written;
      const at = performance.now();
      watching = watching.then(async () => {
        while ((await counted()) < number);
        delays.push(performance.now() - at);
      });
    });
    for (let pass = 0; pass < 4; pass++) {
      const request = {
        scene: TURNTABLE,
        width: 64,
        height: 36,
        samples: 1,
        overwrite: true,
        output: join(folder, 'seen', '####.png'),
      };
      const { id } = await connection.call('job.submit', request);
      await new Promise<void>((done) => {
        const unsubscribe = host.subscribe((event) => {
          if (event.type !== 'job' || event.job.id !== id || event.job.finishedAt === null) return;
          unsubscribe();
          done();
        });
      });
    }
    await watching;
    stop();

    const { length } = Buffer.from(await (await fetch(url)).arrayBuffer());
    const bare = fork(join(import.meta.dirname, 'static-server.mjs'), [String(length)]);
    const [barePort] = (await once(bare, 'message')) as [number];
    const rows: Row[] = [
      {
        what: `frame written → in a scrape, p99 of ${delays.length}`,
        value: `${percentile(delays, 0.99).toFixed(1)} ms`,
        goal: '< 50 ms',
      },
    ];
    for (const connections of [1, 32]) {
      const limit = await load(barePort, '/metrics', connections, 4);
      const ours = await load(port, '/metrics', connections, 4);
      const detail = `${ours.requestsPerSecond.toFixed(0)} of ${limit.requestsPerSecond.toFixed(0)} req/s, p99 ${ours.p99.toFixed(1)} ms, ${ours.errors} errors`;
      rows.push({
        what: `scrapes against static bytes, ${connections} connection${connections > 1 ? 's' : ''}`,
        value: (ours.requestsPerSecond / limit.requestsPerSecond).toFixed(2),
        goal: connections === 32 ? '≥ 0.18' : '',
        detail,
      });
    }
    bare.disconnect();
    await once(bare, 'exit');
    return rows;
  } finally {
    await host.close();
  }
}

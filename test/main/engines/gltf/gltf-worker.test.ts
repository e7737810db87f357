import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { headlessChromium } from '../../../../src/main/engines/pages/headless-chromium';
import type { PageHandle, PageOpener } from '../../../../src/main/engines/pages/page-opener';
import { UserError } from '../../../../src/shared/user-error';
import { hostToWorkerSchema, type HostToWorker, type WorkerToHost } from '../../../../src/shared/worker-protocol';
import { descendantsOf } from '../../../crash/processes';
import { startGltfHost, type GltfHost } from '../../../helpers/gltf-host';
import { movingSquare } from '../../../helpers/gltf-scenes';
import { renderFrame } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const ignore = (): void => undefined;
const SMALL = { frame: 1, fps: 24, width: 64, height: 64, samples: 1, camera: null };
/** More than can be done while a test runs. */
const ENDLESS = { ...SMALL, width: 1024, height: 1024, samples: 4096 };

/** Ids of the page processes that this process' browsers have, the browser's own windows left out. */
function pageProcesses(): number[] {
  // Chromium writes its processes' command lines anew, as one text.
  const commands = descendantsOf(process.pid).map(({ pid, command }) => ({ pid, command: command.join(' ') }));
  return commands
    .filter(({ command }) => command.includes('--type=renderer') && !command.includes('--top-chrome-webui'))
    .map(({ pid }) => pid);
}

/** The page process with the most memory, which is the one with our page: a browser keeps an empty one in reserve. */
function largestPageProcess(): number {
  // Second field of /proc/PID/statm: pages of memory in use (proc(5)).
  const size = (pid: number): number => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return pageProcesses().sort((a, b) => size(b) - size(a))[0]!;
}

let host: GltfHost;
afterEach(async () => {
  await host.close();
});

describe('a worker in a real browser', () => {
  let scene: string;
  beforeEach(async () => {
    scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
  });

  it('fails its frame and ends as crashed when its page does; a new one renders on', async () => {
    host = await startGltfHost({ pages: headlessChromium() });
    const worker = await host.engine.startWorker('');
    let killed = false;
    const rendering = renderFrame(
      worker,
      { ...ENDLESS, scene },
      {
        onProgress: ({ sample }) => {
          if (sample === 0 || killed) return;
          killed = true;
          process.kill(largestPageProcess(), 'SIGKILL');
        },
      },
    );
    await expect(rendering).rejects.toMatchObject({
      name: 'FrameError',
      final: false,
      message: 'The render page crashed.',
    });
    expect(await worker.exited).toEqual({ reason: 'crash', message: 'The render page crashed.' });
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({ name: 'FrameError', final: false });
    const next = await host.engine.startWorker('');
    expect((await renderFrame(next, { ...SMALL, scene })).bytes.length).toBeGreaterThan(0);
  });

  it('ends as timed out when its page hangs; a new one renders on', async () => {
    let response = 3;
    host = await startGltfHost({ pages: headlessChromium(), timeouts: () => ({ response }) });
    const worker = await host.engine.startWorker('');
    // The one after it has all the time that a busy machine needs.
    response = 60;
    let stopped: number[] = [];
    const rendering = renderFrame(
      worker,
      { ...ENDLESS, scene },
      {
        onProgress: ({ sample }) => {
          if (sample === 0 || stopped.length > 0) return;
          stopped = pageProcesses();
          for (const pid of stopped) process.kill(pid, 'SIGSTOP');
        },
      },
    );
    await expect(rendering).rejects.toMatchObject({
      name: 'FrameError',
      final: false,
      message: 'The render page did not answer for 3 s while it rendered frame 1.',
    });
    expect(await worker.exited).toMatchObject({ reason: 'timeout' });
    // The signal that ends the page's process reaches it once it runs again, and the browser keeps another in reserve.
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    const next = await host.engine.startWorker('');
    expect((await renderFrame(next, { ...SMALL, scene })).bytes.length).toBeGreaterThan(0);
    await host.engine.close();
    await expect.poll(pageProcesses).toEqual([]);
  });

  it('is no slower to answer while a frame takes long', async () => {
    host = await startGltfHost({ pages: headlessChromium(), timeouts: () => ({ response: 2 }) });
    const worker = await host.engine.startWorker('');
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 5_000);
    await expect(renderFrame(worker, { ...ENDLESS, scene }, { signal: abort.signal })).rejects.toMatchObject({
      message: 'The frame was given up.',
    });
    clearTimeout(timer);
    expect((await renderFrame(worker, { ...SMALL, scene })).bytes.length).toBeGreaterThan(0);
  });

  it('ends as stopped, and fails the frame that it was at', async () => {
    host = await startGltfHost({ pages: headlessChromium() });
    const worker = await host.engine.startWorker('');
    const rendering = renderFrame(
      worker,
      { ...ENDLESS, scene },
      {
        onProgress: ({ sample }) => {
          if (sample > 0) void worker.stop();
        },
      },
    );
    await expect(rendering).rejects.toMatchObject({ name: 'FrameError', final: false });
    expect(await worker.exited).toEqual({ reason: 'stopped', message: 'The worker was stopped.' });
    await host.engine.close();
    await expect.poll(pageProcesses).toEqual([]);
  });

  it('works beside others, each with its own frame', async () => {
    host = await startGltfHost({ pages: headlessChromium() });
    const workers = await Promise.all([
      host.engine.startWorker(''),
      host.engine.startWorker(''),
      host.engine.startWorker(''),
    ]);
    const images = await Promise.all(
      workers.map((worker, i) => renderFrame(worker, { ...SMALL, scene, frame: i * 6 })),
    );
    const alone = await Promise.all(
      [0, 6, 12].map(async (frame, i) => (i === 0 ? renderFrame(workers[0]!, { ...SMALL, scene, frame }) : null)),
    );
    expect(Buffer.from(images[0]!.bytes).equals(Buffer.from(alone[0]!.bytes))).toBe(true);
    expect(Buffer.from(images[0]!.bytes).equals(Buffer.from(images[1]!.bytes))).toBe(false);
  });
});

/** A page of which the test is the program: what a broken, hostile or silent one would do. */
function scriptedPage(
  onMessage: (message: HostToWorker, say: (message: WorkerToHost | Buffer | string) => void) => void,
  says: { hello?: string } = {},
): PageOpener & { sockets: WebSocket[] } {
  const sockets: WebSocket[] = [];
  return {
    sockets,
    async open(url) {
      const { host: address, hash } = new URL(url);
      const socket = new WebSocket(`ws://${address}/worker`);
      sockets.push(socket);
      const say = (message: WorkerToHost | Buffer | string): void =>
        socket.send(Buffer.isBuffer(message) || typeof message === 'string' ? message : JSON.stringify(message));
      socket.on('open', () => say({ type: 'hello', token: says.hello ?? decodeURIComponent(hash.slice(1)) }));
      socket.on('message', (data) => onMessage(hostToWorkerSchema.parse(JSON.parse(String(data))), say));
      const gone = new Promise<Awaited<PageHandle['gone']>>((resolve) => {
        socket.on('close', () => setTimeout(() => resolve({ reason: 'closed', message: 'closed' }), 10));
      });
      return {
        gone,
        usage: () => Promise.resolve(null),
        async close() {
          socket.close();
          await gone;
        },
      };
    },
    async close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

describe('a worker and its page’s messages', () => {
  let scene: string;
  beforeEach(async () => {
    scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
  });

  it('ends a page that answers but makes no progress', async () => {
    host = await startGltfHost({
      pages: scriptedPage((message, say) => message.type === 'ping' && say({ type: 'pong', id: message.id })),
      timeouts: () => ({ response: 0.4, progress: 1 }),
    });
    const worker = await host.engine.startWorker('');
    const start = performance.now();
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({
      message: 'The render page made no progress for 1 s while it rendered frame 1, although it answered.',
    });
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(await worker.exited).toMatchObject({ reason: 'timeout' });
  });

  it('notices that an idle page has stopped answering', async () => {
    host = await startGltfHost({ pages: scriptedPage(ignore), timeouts: () => ({ response: 0.4 }) });
    const worker = await host.engine.startWorker('');
    expect(await worker.exited).toMatchObject({
      reason: 'timeout',
      message: 'The render page did not answer for 0.4 s.',
    });
  });

  it('does not take an image of another length than announced', async () => {
    host = await startGltfHost({
      pages: scriptedPage((message, say) => {
        if (message.type !== 'render') return;
        say({ type: 'rendered', id: message.id, seconds: 1, bytes: 10 });
        say(Buffer.alloc(9));
      }),
    });
    const worker = await host.engine.startWorker('');
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({
      final: false,
      message: 'The render page sent 9 bytes of an image of 10.',
    });
  });

  it('ignores answers to other requests, and images that were not announced', async () => {
    host = await startGltfHost({
      pages: scriptedPage((message, say) => {
        if (message.type !== 'render') return;
        say(Buffer.alloc(3));
        say({ type: 'failed', id: message.id + 1, reason: 'not yours', final: true });
        say({ type: 'rendered', id: message.id, seconds: 0.5, bytes: 2 });
        say(Buffer.from([7, 8]));
      }),
    });
    const worker = await host.engine.startWorker('');
    expect(await renderFrame(worker, { ...SMALL, scene })).toMatchObject({ bytes: Buffer.from([7, 8]), seconds: 0.5 });
  });

  it('ends a page that speaks another language', async () => {
    host = await startGltfHost({
      pages: scriptedPage((message, say) => message.type === 'render' && say('{"type":"shutdown"}')),
    });
    const worker = await host.engine.startWorker('');
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({
      final: false,
      message: expect.stringContaining('no render page says'),
    });
    expect(await worker.exited).toMatchObject({ reason: 'crash' });
  });

  it('tells the page’s own sentence when a frame fails, and whether that is final', async () => {
    host = await startGltfHost({
      pages: scriptedPage(
        (message, say) =>
          message.type === 'render' && say({ type: 'failed', id: message.id, reason: 'No light.', final: true }),
      ),
    });
    const worker = await host.engine.startWorker('');
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({
      name: 'FrameError',
      message: 'No light.',
      final: true,
    });
  });

  it('does not start with a page that has another token', async () => {
    const pages = scriptedPage(ignore, { hello: 'x'.repeat(43) });
    host = await startGltfHost({ pages, timeouts: () => ({ start: 1 }) });
    const error = await host.engine.startWorker('').catch((thrown: unknown) => thrown);
    // Trying again may help, so it is no UserError, which would end the job.
    expect(error).not.toBeInstanceOf(UserError);
    expect(String(error)).toContain('The render page did not start');
  });

  it('does not start where no page can be opened, and says the opener’s reason', async () => {
    const pages: PageOpener = {
      open: () => Promise.reject(new UserError('There is no browser.')),
      close: () => Promise.resolve(),
    };
    host = await startGltfHost({ pages });
    await expect(host.engine.startWorker('')).rejects.toThrow('There is no browser.');
  });
});

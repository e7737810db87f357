import { Worker } from 'node:worker_threads';
import type { ShownPixels } from './exr-tasks';
import type { ImageStatistics } from './pixel-statistics';

export type WorkerTask =
  | { readonly kind: 'statistics'; readonly path: string }
  | { readonly kind: 'shown'; readonly path: string; readonly maxSide: number };
export type WorkerReply = { readonly value: ImageStatistics | ShownPixels | null } | { readonly error: string };

/** How long a task may take, in milliseconds: a decoder that is caught in damaged data must not keep the others waiting for ever. */
const TASK_TIME = 120_000;
/** How long the thread stays without work, in milliseconds. */
const IDLE_TIME = 30_000;

/** Decodes what takes long in a thread of its own, one task after the other. */
export interface ImageThread {
  /** @throws Error where the file is damaged */
  statistics(path: string): Promise<ImageStatistics | null>;
  /** @throws Error where the file is damaged */
  shown(path: string, maxSide: number): Promise<ShownPixels | null>;
  close(): Promise<void>;
}

/** @param script the built image-worker.js, in a place where Node itself can read it */
export function createImageThread(script: string, { taskTime = TASK_TIME, idleTime = IDLE_TIME } = {}): ImageThread {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function end(): Promise<void> {
    if (idle) clearTimeout(idle);
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }

  function run(task: WorkerTask): Promise<ImageStatistics | ShownPixels | null> {
    const result = queue.then(() => runNow(task));
    queue = result.catch(() => undefined);
    return result;
  }

  async function runNow(task: WorkerTask): Promise<ImageStatistics | ShownPixels | null> {
    if (closed) throw new Error('The images are no longer looked at: the host closes.');
    if (idle) clearTimeout(idle);
    // An add-on process's switches and those of Electron are not for threads.
    const current = (worker ??= new Worker(script, { execArgv: [] }));
    current.ref();
    try {
      return await ask(current, task);
    } finally {
      if (worker === current) {
        // A thread without work must not keep the program alive.
        current.unref();
        idle = setTimeout(() => void end(), idleTime).unref();
      }
    }
  }

  function ask(current: Worker, task: WorkerTask): Promise<ImageStatistics | ShownPixels | null> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        current.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const lost = (message: string): void => {
        settle(() => reject(new Error(message)));
        if (worker === current) void end();
      };
      const onMessage = (reply: WorkerReply): void =>
        settle(() => ('error' in reply ? reject(new Error(reply.error)) : resolve(reply.value)));
      const onError = (error: Error): void => lost(error.message);
      const onExit = (): void => lost('The thread that decodes images has ended.');
      const timer = setTimeout(() => lost(`The image ${task.path} took too long to decode.`), taskTime);
      current.on('message', onMessage).on('error', onError).on('exit', onExit);
      current.postMessage(task, []);
    });
  }

  return {
    statistics: async (path) => (await run({ kind: 'statistics', path })) as ImageStatistics | null,
    shown: async (path, maxSide) => (await run({ kind: 'shown', path, maxSide })) as ShownPixels | null,
    async close() {
      closed = true;
      await end();
    },
  };
}

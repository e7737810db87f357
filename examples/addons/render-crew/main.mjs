import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * A process for each frame and a thread for all of them, whose metrics are served as one set.
 *
 * @param {import('../../../src/addon/api/context').AddonContext} ctx
 */
export function register(ctx) {
  const metrics = ctx.metrics.processes();
  const started = metrics.counter({ name: 'crew_started_total', help: 'Processes started' });
  metrics.gauge({ name: 'crew_memory_bytes', help: 'Memory of all processes that run', mode: 'livesum' });

  const thread = new Worker(new URL('thread.mjs', import.meta.url), { workerData: { metrics: metrics.workerModule } });
  metrics.attach(thread);
  ctx.onDispose(() => thread.terminate());

  const running = new Set();
  ctx.onDispose(() => running.forEach((child) => child.kill()));
  ctx.handlers.on(
    'render_write',
    (event) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.postMessage({ seconds: event.seconds ?? 0 });
      const child = fork(fileURLToPath(new URL('process.mjs', import.meta.url)), [
        metrics.workerModule,
        String(event.frame ?? 0),
      ]);
      // At once: what a process says before that is heard by nobody.
      metrics.attach(child);
      started.inc();
      running.add(child);
      child.once('exit', () => running.delete(child));
    },
    { persistent: true },
  );
}

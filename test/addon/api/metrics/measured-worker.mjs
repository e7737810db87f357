import { parentPort, workerData } from 'node:worker_threads';

/**
 * A worker for tests, as a child process or a thread. Its orders are lists of `[metric, method, ...arguments]`, or one of
 * the words below; it answers each when it is done.
 */
const { workerMetrics } = await import(workerData?.module ?? process.argv[2]);
const metrics = workerMetrics();
const made = new Map();

/** A metric by its name: `c_total`, `s`, `h`, and `g_MODE` are of the kind that they begin with. */
function metric(name) {
  if (!made.has(name)) {
    const declared = { name, help: 'h', labelNames: ['a'] };
    made.set(
      name,
      name.startsWith('c')
        ? metrics.counter(declared)
        : name.startsWith('h')
          ? metrics.histogram({ ...declared, buckets: [0.5, 1, 2.5] })
          : name.startsWith('s')
            ? metrics.summary(declared)
            : metrics.gauge({ ...declared, mode: name.slice(2) }),
    );
  }
  return made.get(name);
}

async function obey(order) {
  if (order === 'flush') await metrics.flush();
  else if (order === 'exit') return process.exit(0);
  else if (order === 'return') return (parentPort ?? process).off('message', obey);
  else for (const [name, method, ...rest] of order) metric(name)[method](...rest);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  if (parentPort) parentPort.postMessage({ done: true });
  else process.send({ done: true });
}

(parentPort ?? process).on('message', obey);

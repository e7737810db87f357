import { randomUUID } from 'node:crypto';
import { isMainThread, parentPort } from 'node:worker_threads';
import { counted, timed, tracked } from './measured-functions';
import type { WorkerMetrics } from './metrics-api';
import { createProcessRegistry } from './process-registry';
import { type FamilyUpdate, writeUpdate } from './process-update';

/**
 * The side of a worker: a child process or thread of an add-on imports this module, by the URL that
 * `ctx.metrics.processes().workerModule` names, and counts; the add-on attaches the worker.
 */

/**
 * How often a worker looks for what has changed and sends it, in milliseconds. A worker that is killed loses at most what
 * it counted since.
 */
export const SEND_INTERVAL = 250;

/** Every so many looks everything is sent, changed or not: the first update may have come before the worker was attached. */
const WHOLE_EVERY = 20;

let metrics: WorkerMetrics | null = null;

/**
 * The metrics of this process or thread, the same ones at every call. What they count is sent to the add-on every
 * {@link SEND_INTERVAL} milliseconds, when the worker ends by itself, and at `flush()`. Without a channel they count for
 * nobody. They keep no process alive.
 */
export function workerMetrics(): WorkerMetrics {
  return (metrics ??= connect());
}

function connect(): WorkerMetrics {
  const token = randomUUID();
  const said = new Set<string>();
  const report = (text: string): void => {
    // Once: the same function fails again at the next look.
    if (said.size < 100 && !said.has(text)) console.error(text);
    said.add(text);
  };
  const registry = createProcessRegistry({
    failed: (name, problem) => report(`The metric “${name}” of the worker is as it was: ${problem}.`),
  });
  /** Whether an update waits in the channel: the next one then has its changes too. */
  let sending = false;
  let looks = 0;

  /** Settles once everything was handed over, or could not be: the add-on is gone then. Hands it over at once. */
  async function send(families: readonly FamilyUpdate[]): Promise<void> {
    await Promise.all(writeUpdate(token, families).map(post));
  }

  async function flush(): Promise<void> {
    await send(await registry.collect());
  }

  async function look(): Promise<void> {
    if (sending) return;
    sending = true;
    if (looks++ % WHOLE_EVERY === WHOLE_EVERY - 1) registry.tellWhole();
    await flush();
    sending = false;
  }

  setInterval(() => void look(), SEND_INTERVAL).unref();
  // Nothing waits for a promise at `exit`, and what the channel cannot take at once is lost there; so `beforeExit` comes
  // first, which comes again while there is something to send.
  const last = (): void => void send(registry.collectNow());
  process.on('beforeExit', last);
  process.on('exit', last);

  return {
    ...registry.factory,
    time: (target, run) => timed(target, run, report),
    trackInProgress: (gauge, run) => tracked(gauge, run, report),
    countExceptions: (counter, run, options) => counted(counter, run, options?.only, report),
    flush,
  };
}

/** Settles once a message was handed over; it never fails, since nobody is there to be told. */
function post(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (!isMainThread) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of Node's has no origins
      parentPort?.postMessage(message);
      resolve();
    } else if (process.connected) {
      process.send!(message, undefined, undefined, () => resolve());
    } else {
      resolve();
    }
  });
}

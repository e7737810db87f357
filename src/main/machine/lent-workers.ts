import type { EngineRegistry } from '../engines/engine-registry';
import type { Worker } from '../engines/render-engine';
import { createTally } from '../jobs/tally';
import { WorkerPool } from '../jobs/workers/worker-pool';
import type { WorkerKind } from '../jobs/workers/worker-slot';

/** A worker in the hands of one ticket. */
export interface LentWorker {
  readonly worker: Worker;
  /** @param done whether it has rendered its frame */
  giveBack(done: boolean): void;
}

/** A worker could not be started, or none is started any more. */
export class NoWorkerError extends Error {}

/** The workers of this machine, started as tickets need them. */
export interface LentWorkers {
  /**
   * Lends an idle worker, one with the scene loaded if there is one.
   *
   * @throws NoWorkerError
   */
  lend(kind: WorkerKind, scene: string, frame: number, signal: AbortSignal): Promise<LentWorker>;
  close(): Promise<void>;
}

interface Waiting {
  readonly kind: WorkerKind;
  /** Looks again for a worker. */
  retry(): void;
  fail(error: unknown): void;
}

/** @param limit maximum number of workers alive */
export function createLentWorkers(engines: Pick<EngineRegistry, 'get'>, limit: number): LentWorkers {
  const waiting = new Map<number, Waiting>();
  let numbers = 0;
  const pool = new WorkerPool({
    engine: (id) => engines.get(id),
    tally: createTally(),
    onChange: () => undefined,
    onReady: () => {
      for (const { retry } of waiting.values()) retry();
    },
    // The number of whoever waits stands for the job that a worker is started for. It may have got another one meanwhile,
    // while the next waits for this one.
    onStartFailed: (number, _slot, _others, error) => (waiting.get(number) ?? [...waiting.values()][0])?.fail(error),
  });

  return {
    lend(kind, scene, frame, signal) {
      const number = ++numbers;
      return new Promise((resolve, reject) => {
        const over = (): void => {
          waiting.delete(number);
          signal.removeEventListener('abort', giveUp);
        };
        const giveUp = (): void => {
          over();
          reject(new NoWorkerError('The frame was given up.'));
        };
        const retry = (): void => {
          const [slot] = pool.idle({ ...kind, scene });
          if (slot === undefined) {
            const same = [...waiting.values()].filter(
              (other) => other.kind.engine === kind.engine && other.kind.setup === kind.setup,
            );
            pool.want({ ...kind, scene }, number, same.length, 0, limit);
            return;
          }
          over();
          const worker = pool.take(slot, scene, number, frame);
          resolve({ worker, giveBack: (done) => pool.release(slot, worker, done) });
        };
        const fail = (error: unknown): void => {
          over();
          reject(
            error instanceof Error ? new NoWorkerError(error.message) : new NoWorkerError('It could not be started.'),
          );
        };
        signal.addEventListener('abort', giveUp);
        waiting.set(number, { kind, retry, fail });
        if (signal.aborted) giveUp();
        else retry();
      });
    },
    close: () => pool.close(),
  };
}

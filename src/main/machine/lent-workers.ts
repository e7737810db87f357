import type { EngineRegistry } from '../engines/engine-registry';
import type { Worker } from '../engines/render-engine';
import { createRenderCounters } from '../jobs/render-counters';
import { type MachineResources, machineNow, workersOf } from '../jobs/workers/worker-limit';
import { WorkerPool } from '../jobs/workers/worker-pool';
import type { WorkerKind } from '../jobs/workers/worker-slot';

/** A worker in the hands of one ticket. */
export interface LentWorker {
  readonly worker: Worker;
  /** @param done whether it has rendered its frame @param peakBytes memory that the frame took; null where unknown */
  giveBack(done: boolean, peakBytes: number | null): void;
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

/**
 * @param most maximum number of workers alive; fewer where memory does not suffice, as where a host renders alone
 * @param resources of this machine, now
 */
export function createLentWorkers(
  engines: Pick<EngineRegistry, 'get'>,
  most: number,
  resources: () => MachineResources = machineNow,
): LentWorkers {
  /** The most that a frame of each kind took, in bytes. */
  const peaks = new Map<string, number>();
  const waiting = new Map<number, Waiting>();
  let numbers = 0;
  const pool = new WorkerPool({
    engine: (id) => engines.get(id),
    counters: createRenderCounters(),
    onChange: () => undefined,
    onReady: retryAll,
    // The number of whoever waits stands for the job that a worker is started for. It may have got another one meanwhile,
    // while the next waits for this one.
    onStartFailed: (number, _slot, _others, error) => (waiting.get(number) ?? [...waiting.values()][0])?.fail(error),
  });

  function retryAll(): void {
    for (const { retry } of waiting.values()) retry();
  }

  function limitFor(kind: WorkerKind): number {
    const peakBytes = peaks.get(nameOf(kind)) ?? null;
    const demand = { useful: most, peakBytes, living: pool.living(), young: pool.young(), ...resources() };
    return workersOf(most, null, demand);
  }

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
            pool.want({ ...kind, scene }, number, same.length, 0, limitFor(kind));
            return;
          }
          over();
          const worker = pool.take(slot, scene, number, frame);
          resolve({
            worker,
            giveBack(done, peakBytes) {
              if (peakBytes !== null) peaks.set(nameOf(kind), Math.max(peaks.get(nameOf(kind)) ?? 0, peakBytes));
              pool.release(slot, worker, done);
              // There may be more tickets than workers.
              retryAll();
            },
          });
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

function nameOf({ engine, setup }: WorkerKind): string {
  return `${engine}\n${setup}`;
}

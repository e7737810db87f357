import type { Worker } from '../render-engine';
import type { BlendFacts, BlenderProgram } from './blend-facts';

/** How long a worker started in advance is kept without a job, in milliseconds. */
const KEPT = 20_000;

/** A worker that may look into files before it has a job. */
export interface SpareWorker extends Worker {
  facts?(path: string, name: string): Promise<BlendFacts | null>;
}

/** A worker started in advance of a job. */
export interface Spare {
  readonly setup: string;
  /**
   * Has it look into a file.
   *
   * @param signal gives up waiting for it
   * @returns null where it can't
   */
  facts(path: string, program: BlenderProgram, signal: AbortSignal): Promise<BlendFacts | null>;
  /** Takes it for a job; null where it has failed or ended. */
  take(): Promise<SpareWorker | null>;
  /** Whether it looks into a file. */
  readonly busy: () => boolean;
  /** It is not wanted any more, and nobody stops it. */
  forget(): void;
}

export interface SpareOptions {
  readonly setup: string;
  /** Its program; null where there is none. Never rejects. */
  readonly executable: Promise<string | null>;
  /** Null where it could not be started. Never rejects. */
  readonly worker: Promise<SpareWorker | null>;
  /** Whether a worker runs. */
  readonly alive: (worker: SpareWorker) => boolean;
  /** Called when no job has used it for 20 s. It is stopped. */
  readonly onUnwanted: () => void;
}

export function createSpare({ setup, executable, worker, alive, onUnwanted }: SpareOptions): Spare {
  let looking = 0;
  let taken = false;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    if (taken) return;
    timer = setTimeout(() => {
      onUnwanted();
      void worker.then((unwanted) => unwanted?.stop());
    }, KEPT);
    timer.unref();
  };
  wait();
  return {
    setup,
    async facts(path, program, signal) {
      if (signal.aborted) return null;
      looking++;
      // A large file takes longer than a worker is kept.
      clearTimeout(timer);
      let giveUp = (): void => undefined;
      try {
        const aborted = new Promise<null>((resolve) => {
          giveUp = () => resolve(null);
          signal.addEventListener('abort', giveUp);
        });
        const found = (async () => {
          if ((await executable) !== program.executable) return null;
          return (await (await worker)?.facts?.(path, program.name)) ?? null;
        })();
        return await Promise.race([found, aborted]);
      } finally {
        signal.removeEventListener('abort', giveUp);
        looking--;
        if (looking === 0) wait();
      }
    },
    async take() {
      taken = true;
      clearTimeout(timer);
      const started = await worker;
      return started && alive(started) ? started : null;
    },
    busy: () => looking > 0,
    forget() {
      taken = true;
      clearTimeout(timer);
    },
  };
}

import type { JobSettings } from '../../../shared/jobs';
import type { ActiveJob } from '../active-job';
import type { JobStates } from '../job-states';
import { SceneGoneError } from '../output/output-volume';
import type { JobStore } from '../store/job-store';
import type { Obstacles } from './obstacles';

/** Interval between checks of what a job waits for, in milliseconds. */
const CHECK_INTERVAL = 30_000;
/** A job waits for its disks no longer than this many intervals at once. */
const MAX_INTERVALS = 16;

export interface DeferredJobsOptions {
  readonly store: Pick<JobStore, 'job'>;
  readonly states: Pick<JobStates, 'isLive' | 'stop' | 'settlePause'>;
  readonly obstacles: Pick<Obstacles, 'set'>;
  /** @throws SceneGoneError while the job's scene is away */
  check(active: ActiveJob): Promise<unknown>;
  /** Interval between checks, in milliseconds. */
  readonly interval?: number;
  /** Called with a job whose scene may be there again. */
  onBack(id: number): void;
}

/**
 * Defers jobs: those whose scene is on a disk or share that is no longer mounted, until it is back, and those whose scene
 * could not be read, or images not be written, for a while. Each waits by itself; others render.
 */
export class DeferredJobs {
  readonly #options: DeferredJobsOptions;
  readonly #waiting = new Map<ActiveJob, { readonly settings: JobSettings; readonly timer: NodeJS.Timeout }>();
  /** How often a job has waited for what may pass, since so many of its frames were rendered. */
  readonly #whiles = new WeakMap<ActiveJob, { readonly rendered: number; readonly times: number }>();

  constructor(options: DeferredJobsOptions) {
    this.#options = options;
  }

  /** Has a job wait until its scene is there again. */
  wait(active: ActiveJob, { waitsFor }: SceneGoneError): void {
    this.#wait(active, waitsFor, 1);
  }

  /**
   * Has a job wait for what may pass: for one interval, then twice as long each time until a frame of it is rendered.
   * Frames that fail meanwhile had begun before, and make it no longer.
   *
   * @param waitsFor to follow “waits for”
   */
  waitAWhile(active: ActiveJob, waitsFor: string): void {
    if (this.#waits(active)) return;
    const { rendered } = active;
    const last = this.#whiles.get(active);
    const times = last?.rendered === rendered ? last.times + 1 : 0;
    this.#whiles.set(active, { rendered, times });
    this.#wait(active, waitsFor, Math.min(2 ** times, MAX_INTERVALS));
  }

  #wait(active: ActiveJob, waitsFor: string, intervals: number): void {
    const { states, obstacles, interval = CHECK_INTERVAL } = this.#options;
    if (!states.isLive(active)) return;
    clearTimeout(this.#waiting.get(active)?.timer);
    const timer = setTimeout(() => void this.#check(active), interval * intervals).unref();
    this.#waiting.set(active, { settings: active.settings, timer });
    obstacles.set(active.id, waitsFor);
  }

  /** Whether a job waits; with other settings it may have another scene. */
  passesOver(active: ActiveJob | undefined): boolean {
    if (!active || !this.#waits(active)) return false;
    this.settle(active);
    return true;
  }

  /**
   * Call when a frame of a job is over. One that waits is back in the queue once none of its frames is in work any more:
   * there it can be changed, and a pause does not wait for it.
   */
  settle(active: ActiveJob): void {
    if (!this.#waits(active)) return;
    const { store, states } = this.#options;
    const { id, state, frames } = store.job(active.id)!;
    if (state !== 'rendering' || frames.rendering > 0) return;
    states.stop(id, 'queued', null);
    states.settlePause();
  }

  #waits(active: ActiveJob): boolean {
    return this.#waiting.get(active)?.settings === active.settings;
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  async #check(active: ActiveJob): Promise<void> {
    const { states, obstacles, check, onBack } = this.#options;
    // Whatever else is wrong is found when the job goes on.
    const error: unknown = await check(active).catch((reason: unknown) => reason);
    const waiting = this.#waiting.get(active);
    if (!waiting) return;
    if (error instanceof SceneGoneError && states.isLive(active)) {
      this.wait(active, error);
      return;
    }
    clearTimeout(waiting.timer);
    this.#waiting.delete(active);
    if (!states.isLive(active)) return;
    obstacles.set(active.id, null);
    onBack(active.id);
  }
}

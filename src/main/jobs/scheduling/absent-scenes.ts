import type { JobSettings } from '../../../shared/jobs';
import type { ActiveJob } from '../active-job';
import type { JobStates } from '../job-states';
import { SceneGoneError } from '../output/output-volume';
import type { JobStore } from '../store/job-store';
import type { Obstacles } from './obstacles';

/** Interval between looks for a scene, in milliseconds. */
const LOOK_INTERVAL = 30_000;

export interface AbsentScenesOptions {
  readonly store: Pick<JobStore, 'job'>;
  readonly states: Pick<JobStates, 'isLive' | 'stop' | 'settlePause'>;
  readonly obstacles: Pick<Obstacles, 'copy'>;
  /** @throws SceneGoneError while the job's scene is away */
  check(active: ActiveJob): Promise<unknown>;
  /** Interval between looks, in milliseconds. */
  readonly interval?: number;
  /** Called with a job whose scene may be there again. */
  onBack(id: number): void;
}

/**
 * The jobs whose scenes are on a disk or share that is not mounted any more. Each waits by itself, at no try, while
 * others render.
 */
export class AbsentScenes {
  readonly #options: AbsentScenesOptions;
  readonly #waiting = new Map<ActiveJob, { readonly settings: JobSettings; readonly timer: NodeJS.Timeout }>();

  constructor(options: AbsentScenesOptions) {
    this.#options = options;
  }

  /** Has a job wait until its scene is there again. */
  wait(active: ActiveJob, { waitsFor }: SceneGoneError): void {
    const { states, obstacles, interval = LOOK_INTERVAL } = this.#options;
    if (!states.isLive(active)) return;
    clearTimeout(this.#waiting.get(active)?.timer);
    const timer = setTimeout(() => void this.#look(active), interval).unref();
    this.#waiting.set(active, { settings: active.settings, timer });
    obstacles.copy(active.id, waitsFor);
  }

  /**
   * Whether a job waits for its scene; with other settings it may have another one. Once none of its frames is in work
   * any more it is back in the queue, where it can be changed, and a pause does not wait for it.
   */
  passesOver(active: ActiveJob | undefined): boolean {
    if (!active || this.#waiting.get(active)?.settings !== active.settings) return false;
    const { store, states } = this.#options;
    const { id, state, frames } = store.job(active.id)!;
    if (state === 'rendering' && frames.rendering === 0) {
      states.stop(id, 'queued', null);
      states.settlePause();
    }
    return true;
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  async #look(active: ActiveJob): Promise<void> {
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
    obstacles.copy(active.id, null);
    onBack(active.id);
  }
}

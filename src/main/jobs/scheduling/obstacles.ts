import type { MachineLimits } from '../../../shared/machine-limits';

/** Says what a job waits for that no machine may take at present, to follow “waits for”. */
export type ExplainObstacle = (limits: MachineLimits) => string;

/** The jobs that can't be rendered at present, mostly as no machine may take them, and why, as clients see it. */
export class Obstacles {
  readonly #texts = new Map<number, string>();
  readonly #explain: ExplainObstacle;
  readonly #onChange: (id: number) => void;

  /** @param onChange called with a job that has got an obstacle, another one, or none */
  constructor(explain: ExplainObstacle, onChange: (id: number) => void) {
    this.#explain = explain;
    this.#onChange = onChange;
  }

  /** To follow “waits for”; null for none. */
  of(id: number): string | null {
    return this.#texts.get(id) ?? null;
  }

  /** @param limits of a job that no machine may take; null for one that a machine may take */
  set(id: number, limits: MachineLimits | null): void {
    this.copy(id, limits && this.#explain(limits));
  }

  /** A job has the obstacle of another one which asks the same of machines, or one that no machine has to do with. */
  copy(id: number, now: string | null): void {
    if (this.of(id) === now) return;
    if (now === null) this.#texts.delete(id);
    else this.#texts.set(id, now);
    this.#onChange(id);
  }

  forget(id: number): void {
    this.#texts.delete(id);
  }
}

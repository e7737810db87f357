import type { MachineLimits } from '../../../shared/machine-limits';
import type { AvoidedMachines } from './machine-avoidance';

/**
 * Why no machine may take a job at present. `waits`: to follow “waits for”; `fails`: a sentence, where no machine is left
 * that could take it later.
 */
export interface Obstacle {
  readonly kind: 'waits' | 'fails';
  readonly text: string;
}

/**
 * Explains why no machine may take a job at present.
 *
 * @param tried number of machines that could take it now, but for the avoided ones
 */
export type ExplainObstacle = (limits: MachineLimits, avoided: AvoidedMachines, tried: number) => Obstacle;

/** The jobs that can't be rendered at present, mostly as no machine may take them, and why, as clients see it. */
export class Obstacles {
  readonly #texts = new Map<number, string>();
  readonly #onChange: (id: number) => void;

  /** @param onChange called with a job that has got an obstacle, another one, or none */
  constructor(onChange: (id: number) => void) {
    this.#onChange = onChange;
  }

  /** To follow “waits for”; null for none. */
  of(id: number): string | null {
    return this.#texts.get(id) ?? null;
  }

  /** @param now to follow “waits for”; null for none */
  set(id: number, now: string | null): void {
    if (this.of(id) === now) return;
    if (now === null) this.#texts.delete(id);
    else this.#texts.set(id, now);
    this.#onChange(id);
  }

  forget(id: number): void {
    this.#texts.delete(id);
  }
}

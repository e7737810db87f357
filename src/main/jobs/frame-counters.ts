import type { EngineId } from '../../shared/scene';
import {
  type EngineTotals,
  type FailureKind,
  FRAME_SECONDS_BUCKETS,
  type MachineTotals,
  type SlotTotals,
  emptyEngineTotals,
} from '../../shared/totals';

/** Counts frames since the host's start: by engine, by the slot that rendered them, and by machine. */
export interface FrameCounters {
  /**
   * @param seconds null where they are not known
   * @param machine of the farm; null for this one
   */
  rendered(engine: EngineId, slot: number, seconds: number | null, machine?: string | null): void;
  skipped(engine: EngineId): void;
  /** A try failed. @param givenUp whether the frame is not retried */
  tryFailed(engine: EngineId, slot: number, kind: FailureKind, givenUp: boolean): void;
  /** When a frame was last written, milliseconds since 1970; null before the first. */
  readonly lastRenderedAt: number | null;
}

/** The totals that frames are counted in. */
export interface FrameTotals {
  readonly engines: Record<EngineId, EngineTotals>;
  ofSlot(slot: number): SlotTotals;
  ofMachine(name: string): MachineTotals;
}

export function createFrameCounters({ engines, ofSlot, ofMachine }: FrameTotals): FrameCounters {
  /** On a monotonic clock, so that changes to the system clock do not affect the age of the last frame. */
  let lastFrame: number | null = null;
  const ofEngine = (engine: EngineId): EngineTotals => (engines[engine] ??= emptyEngineTotals());
  return {
    rendered(engine, slot, seconds, machine = null) {
      const totals = ofEngine(engine);
      totals.rendered++;
      if (seconds !== null) {
        const bucket = FRAME_SECONDS_BUCKETS.findIndex((bound) => seconds <= bound);
        totals.frameSeconds.counts[bucket < 0 ? FRAME_SECONDS_BUCKETS.length : bucket]!++;
        totals.frameSeconds.sum += seconds;
      }
      ofSlot(slot).frames++;
      if (machine !== null) {
        const ofIts = ofMachine(machine);
        ofIts.rendered++;
        ofIts.frameSeconds += seconds ?? 0;
      }
      lastFrame = performance.now();
    },
    skipped: (engine) => void ofEngine(engine).skipped++,
    tryFailed(engine, slot, kind, givenUp) {
      if (givenUp) ofEngine(engine).failed[kind]++;
      else ofEngine(engine).retried++;
      ofSlot(slot).errors++;
    },
    get lastRenderedAt() {
      return lastFrame === null ? null : Math.round(Date.now() - (performance.now() - lastFrame));
    },
  };
}

import type { EngineId } from '../../shared/scene';
import {
  type EngineTotals,
  type FailureKind,
  FRAME_SECONDS_BUCKETS,
  type RestartReason,
  type SlotTotals,
  type Totals,
  emptyEngineTotals,
  emptySlotTotals,
} from '../../shared/totals';

/** Counts what the queue does, from the host's start. */
export interface Tally {
  frameRendered(engine: EngineId, slot: number, seconds: number): void;
  frameSkipped(engine: EngineId): void;
  /** A try failed. @param givenUp no other try follows */
  tryFailed(engine: EngineId, slot: number, kind: FailureKind, givenUp: boolean): void;
  jobEnded(state: 'completed' | 'failed' | 'cancelled'): void;
  /** A worker of a slot was at work for so long. */
  busy(slot: number, seconds: number): void;
  /** A slot got another worker. */
  restarted(slot: number, reason: RestartReason): void;
  /** A worker that is gone had used so much processor time. */
  used(slot: number, cpuSeconds: number): void;
  /** When a frame was last written, milliseconds since 1970; null before the first. */
  readonly lastFrameAt: number | null;
  /** A copy of the counts; add-ons are counted elsewhere. */
  totals(): Omit<Totals, 'addons'>;
}

export function createTally(): Tally {
  const jobs = { completed: 0, failed: 0, cancelled: 0 };
  const engines: Partial<Record<EngineId, EngineTotals>> = {};
  const slots: Record<string, SlotTotals> = {};
  let lastFrameAt: number | null = null;
  const ofEngine = (engine: EngineId): EngineTotals => (engines[engine] ??= emptyEngineTotals());
  const ofSlot = (slot: number): SlotTotals => (slots[slot] ??= emptySlotTotals());
  return {
    frameRendered(engine, slot, seconds) {
      const totals = ofEngine(engine);
      totals.rendered++;
      const bucket = FRAME_SECONDS_BUCKETS.findIndex((bound) => seconds <= bound);
      totals.frameSeconds.counts[bucket < 0 ? FRAME_SECONDS_BUCKETS.length : bucket]!++;
      totals.frameSeconds.sum += seconds;
      ofSlot(slot).frames++;
      lastFrameAt = Date.now();
    },
    frameSkipped: (engine) => void ofEngine(engine).skipped++,
    tryFailed(engine, slot, kind, givenUp) {
      if (givenUp) ofEngine(engine).failed[kind]++;
      else ofEngine(engine).retried++;
      ofSlot(slot).errors++;
    },
    jobEnded: (state) => void jobs[state]++,
    busy: (slot, seconds) => void (ofSlot(slot).busySeconds += seconds),
    restarted: (slot, reason) => void ofSlot(slot).restarts[reason]++,
    used: (slot, cpuSeconds) => void (ofSlot(slot).cpuSeconds += cpuSeconds),
    get lastFrameAt() {
      return lastFrameAt;
    },
    totals: () => structuredClone({ jobs, engines, slots }),
  };
}

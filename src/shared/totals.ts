import { z } from 'zod';
import './schema-words';
import { engineIdSchema } from './scene';

/**
 * Why an attempt failed: the engine reported an error; its worker crashed, stopped answering or ran out of memory; the
 * image was incomplete; or it could not be written.
 */
export const FAILURE_KINDS = ['render', 'crash', 'timeout', 'memory', 'image', 'output'] as const;
const failureKindSchema = z.enum(FAILURE_KINDS);
export type FailureKind = z.infer<typeof failureKindSchema>;

/** Why the worker of a slot was replaced. `scene`: it made room for one of another engine or setup. */
const RESTART_REASONS = ['exit', 'crash', 'timeout', 'memory', 'scene'] as const;
const restartReasonSchema = z.enum(RESTART_REASONS);
export type RestartReason = z.infer<typeof restartReasonSchema>;

/** Upper bounds of the frame time histogram's buckets, in seconds: 10 ms to 1 h, without +Inf. */
export const FRAME_SECONDS_BUCKETS: readonly number[] = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
];

const count = z.number();

/** Totals of one engine. */
const engineTotalsSchema = z.object({
  /** Images verified and renamed to their output file, each frame once. */
  rendered: count,
  /** Frames given up, by the kind of the last failure. */
  failed: z.record(failureKindSchema, count),
  /** Failed attempts that were followed by another. */
  retried: count,
  skipped: count,
  /**
   * Frames' render times in their workers, in seconds: a count per bucket of FRAME_SECONDS_BUCKETS (not cumulative),
   * and one for longer times.
   */
  frameSeconds: z.object({ counts: z.array(count), sum: count }),
});

/** Totals of one slot, including its former workers. */
const slotTotalsSchema = z.object({
  frames: count,
  busySeconds: count,
  /** Failed attempts. */
  errors: count,
  restarts: z.record(restartReasonSchema, count),
  /** CPU time of its processes, where it can be read. */
  cpuSeconds: count,
});

/** Totals of one machine of a farm, counted by the manager. */
const machineTotalsSchema = z.object({
  /** Frames whose image is from there, each once. */
  rendered: count,
  /** Render time of those frames in their workers, in seconds. */
  frameSeconds: count,
  /** Frames that were taken from it and handed out again. */
  leasesLost: count,
  /** Files that it delivered too late: their frame was no longer its own. */
  deliveriesRefused: count,
  /** Bytes of the files that it delivered over the network. */
  deliveredBytes: count,
});

/** Highest number of a slot that is counted apart; the others are counted together, as {@link OTHER_SLOTS}. */
export const MAX_COUNTED_SLOTS = 2_000;
export const OTHER_SLOTS = 'other';

/** Maximum number of machines that are counted apart; the others are counted together, as {@link OTHER_MACHINES}. */
export const MAX_COUNTED_MACHINES = 500;
export const OTHER_MACHINES = 'other';

/**
 * All counters, since the host started or an add-on was enabled. Made only of nested objects and lists with numbers as
 * leaves, so that two snapshots can be subtracted.
 */
export const totalsSchema = z.object({
  jobs: z.object({
    /** With those that completed though frames of them failed. */
    completed: count,
    completedWithFailures: count,
    failed: count,
    cancelled: count,
  }),
  engines: z.record(engineIdSchema, engineTotalsSchema),
  /** By worker slot, from “1”; those beyond {@link MAX_COUNTED_SLOTS} together. */
  slots: z.record(z.string(), slotTotalsSchema),
  /** By name of the machine, those included that are no longer part of the farm. */
  machines: z.record(z.string(), machineTotalsSchema),
  /** By add-on id. */
  addons: z.record(z.string(), z.object({ handlerSeconds: count, handlerErrors: count, restarts: count })),
});
export type Totals = z.infer<typeof totalsSchema>;
export type EngineTotals = z.infer<typeof engineTotalsSchema>;
export type SlotTotals = z.infer<typeof slotTotalsSchema>;
export type MachineTotals = z.infer<typeof machineTotalsSchema>;

/**
 * The difference between two snapshots of the same totals; keys only in the later one count from 0, and so do counts that
 * began anew meanwhile, as those of an add-on that was installed again.
 */
export function subtractTotals(later: Totals, earlier: Totals): Totals {
  return subtract(later, earlier) as Totals;
}

function subtract(later: unknown, earlier: unknown): unknown {
  if (typeof later === 'number') {
    const before = typeof earlier === 'number' ? earlier : 0;
    return later < before ? later : later - before;
  }
  if (Array.isArray(later))
    return later.map((value, index) => subtract(value, (earlier as unknown[] | undefined)?.[index]));
  return Object.fromEntries(
    Object.entries(later as object).map(([key, value]) => [
      key,
      subtract(value, (earlier as Record<string, unknown> | undefined)?.[key]),
    ]),
  );
}

export function emptyEngineTotals(): EngineTotals {
  return {
    rendered: 0,
    failed: Object.fromEntries(FAILURE_KINDS.map((kind) => [kind, 0])) as Record<FailureKind, number>,
    retried: 0,
    skipped: 0,
    frameSeconds: { counts: Array.from({ length: FRAME_SECONDS_BUCKETS.length + 1 }, () => 0), sum: 0 },
  };
}

export function emptyMachineTotals(): MachineTotals {
  return { rendered: 0, frameSeconds: 0, leasesLost: 0, deliveriesRefused: 0, deliveredBytes: 0 };
}

export function emptySlotTotals(): SlotTotals {
  return {
    frames: 0,
    busySeconds: 0,
    errors: 0,
    restarts: Object.fromEntries(RESTART_REASONS.map((reason) => [reason, 0])) as Record<RestartReason, number>,
    cpuSeconds: 0,
  };
}

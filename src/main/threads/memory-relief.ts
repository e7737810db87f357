import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Interval between memory checks, in milliseconds. */
const PAUSE = 10_000;
/** Growth that triggers a collection, as a multiple of what was left after the last one. */
const GROWTH = 1.15;
/**
 * Maximum share of time the event loop was busy since the last check: above it, V8 collects by itself, and callers are
 * waiting.
 */
const IDLE_SHARE = 0.5;
/** Maximum number of checks between two attempts to get back to the least memory that was ever left. */
const MAX_PATIENCE = 64;

export interface MemoryRelief {
  /** Memory of the process in bytes. */
  memory(): number;
  /** Share of time the event loop was busy since the last call. */
  work(): number;
  /** Collects garbage. */
  collect(): void;
}

/**
 * Returns memory to the system after a burst of work. V8 collects during allocation, so after a burst of requests an
 * idle host would keep two or three times the memory it needs, at the expense of renders. A collection takes tens of
 * milliseconds and runs while the event loop is idle.
 *
 * @returns stops it
 */
export function relieveMemory(
  { memory, work, collect }: MemoryRelief = ofThisProcess(),
  { pause = PAUSE }: { pause?: number } = {},
): () => void {
  let settled = memory();
  /** The least that was ever left: what is above it may be needed, or garbage that a burst made after its collection. */
  let least = settled;
  /** Checks since the last collection, and how many to let pass before the next attempt. */
  let waited = 0;
  let patience = 1;
  /** Remaining steps of a collection in progress. */
  let rounds = 0;
  const timer = setInterval(() => {
    const now = memory();
    const idle = work() < IDLE_SHARE;
    if (rounds > 0) {
      rounds -= 1;
      // The first collection releases the objects that hold memory outside of V8, the second what those held. What is
      // left after that is needed.
      if (rounds > 0) collect();
      else settled = now;
      least = Math.min(least, settled);
      waited = 0;
      return;
    }
    const grown = now > settled * GROWTH;
    const again = now > least * GROWTH && ++waited >= patience;
    if (idle && (grown || again)) {
      patience = grown ? 1 : Math.min(patience * 2, MAX_PATIENCE);
      collect();
      rounds = 2;
    }
    settled = Math.min(settled, now);
    least = Math.min(least, now);
  }, pause);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Collects garbage now, which takes tens of milliseconds: for use after releasing much memory outside of V8, which it
 * doesn't know of.
 */
export function collectGarbage(): void {
  collector ??= exposeCollector();
  collector();
}

let collector: (() => void) | null = null;

function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function ofThisProcess(): MemoryRelief {
  let last = performance.eventLoopUtilization();
  return {
    memory: () => process.memoryUsage.rss(),
    work() {
      const { utilization } = performance.eventLoopUtilization(last);
      last = performance.eventLoopUtilization();
      return utilization;
    },
    collect: collectGarbage,
  };
}

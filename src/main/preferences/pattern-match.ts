import { createContext, Script } from 'node:vm';

/** Timeout for matching a pattern once, in milliseconds: an add-on's pattern may backtrack for ever. */
const DEADLINE = 50;
/** Attempts before the timeout counts as a mismatch: on a busy machine the host may not have got any CPU time. */
const TRIES = 3;
/** Time that the patterns of one add-on may take in a second, in milliseconds. */
const BUDGET = DEADLINE * TRIES;

/** Whether a whole text matches a pattern, as with HTML's `pattern`. */
export type PatternMatch = (pattern: string, text: string) => boolean;

/** For defaults: the host runs no pattern that no person has given a value for. */
export const UNMATCHED: PatternMatch = () => true;

/** A context of its own, since only code that runs in one can be interrupted. */
const globals = createContext({ pattern: '', text: '' });
const match = new Script('new RegExp("^(?:" + pattern + ")$", "u").test(text)');

/**
 * Matches the patterns of one add-on. On timeout, or where the patterns before have taken the time of this second, the
 * text counts as not matching.
 *
 * @param now milliseconds of a monotonic clock
 */
export function createPatternMatch(now: () => number = () => performance.now()): PatternMatch {
  let began = Number.NEGATIVE_INFINITY;
  let spent = 0;

  /** @returns null on timeout */
  function attempt(pattern: string, text: string, timeout: number): boolean | null {
    Object.assign(globals, { pattern, text });
    const start = now();
    try {
      return match.runInContext(globals, { timeout }) === true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? null : false;
    } finally {
      spent += now() - start;
    }
  }

  return (pattern, text) => {
    if (now() - began >= 1_000) {
      began = now();
      spent = 0;
    }
    for (let tries = 0; tries < TRIES && spent < BUDGET; tries++) {
      const matched = attempt(pattern, text, Math.ceil(Math.min(DEADLINE, BUDGET - spent)));
      if (matched !== null) return matched;
    }
    return false;
  };
}

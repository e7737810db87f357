import type fc from 'fast-check';

/** How many times the usual number of cases are tried: 1 in `npm test`, more in a long run. */
const FACTOR = Number(process.env['FRAMEGAUGE_FUZZ_FACTOR'] ?? 1);

/** The same cases every time, so that what fails once fails again. @param runs the usual number of cases */
export function cases(runs: number): fc.Parameters<unknown> {
  return { seed: 20_261_121, numRuns: Math.max(1, Math.round(runs * FACTOR)) };
}

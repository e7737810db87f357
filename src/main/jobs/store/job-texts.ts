/** Maximum number of warnings per job. */
const MAX_WARNINGS = 50;
/** Maximum number of machines that are kept with a job. */
const MAX_MACHINES = 500;

/**
 * Adds warnings to a job's list, each once.
 *
 * @param known the present list
 * @returns the list to store; null where nothing is new or the list is full
 */
export function withWarnings(known: readonly string[], more: readonly string[]): string | null {
  return withTexts(known, more, MAX_WARNINGS);
}

/** Adds the name of a machine to the list of those that have had frames of a job, as {@link withWarnings}. */
export function withMachine(known: readonly string[], machine: string): string | null {
  return withTexts(known, [machine], MAX_MACHINES);
}

function withTexts(known: readonly string[], more: readonly string[], limit: number): string | null {
  if (known.length >= limit || more.every((text) => known.includes(text))) return null;
  return JSON.stringify([...new Set([...known, ...more])].slice(0, limit));
}

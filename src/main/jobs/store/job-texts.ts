/** Maximum number of warnings per job. */
const MAX_WARNINGS = 50;
/** Maximum number of machines that are kept with a job. */
const MAX_MACHINES = 500;

/**
 * Adds warnings to a job's list, each once.
 *
 * @param stored the present list, as the database has it
 * @returns the list to store; null where nothing is new or the list is full
 */
export function withWarnings(stored: string, more: readonly string[]): string | null {
  return withTexts(stored, more, MAX_WARNINGS);
}

/** Adds the name of a machine to the list of those that have had frames of a job, as {@link withWarnings}. */
export function withMachine(stored: string, machine: string): string | null {
  return withTexts(stored, [machine], MAX_MACHINES);
}

function withTexts(stored: string, more: readonly string[], limit: number): string | null {
  const known = JSON.parse(stored) as string[];
  const all = [...new Set([...known, ...more])].slice(0, limit);
  return all.length === known.length ? null : JSON.stringify(all);
}

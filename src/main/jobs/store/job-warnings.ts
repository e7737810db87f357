/** Maximum number of warnings per job. */
const MAX_WARNINGS = 50;

/**
 * Adds warnings to a job's list, each once.
 *
 * @param stored the present list, as the database has it
 * @returns the list to store; null where nothing is new or the list is full
 */
export function withWarnings(stored: string, more: readonly string[]): string | null {
  const known = JSON.parse(stored) as string[];
  const all = [...new Set([...known, ...more])].slice(0, MAX_WARNINGS);
  return all.length === known.length ? null : JSON.stringify(all);
}

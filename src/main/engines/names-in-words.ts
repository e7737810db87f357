import { shortened } from '../../shared/shortened';

/** Maximum number of names listed in a sentence before the others are counted. */
const MOST_NAMES = 20;

/** Formats names from a scene for a sentence: “Front”, “Back” and 3 more. */
export function namesInWords(names: readonly string[]): string {
  const listed = names
    .slice(0, MOST_NAMES)
    .map((name) => `“${shortened(name)}”`)
    .join(', ');
  return names.length > MOST_NAMES ? `${listed} and ${names.length - MOST_NAMES} more` : listed;
}

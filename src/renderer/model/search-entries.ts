import { folded, searchWords } from './search-words';

/** Something that can be run by its name. */
export interface SearchEntry {
  readonly id: string;
  readonly label: string;
  /** The menu or add-on that it belongs to. */
  readonly place: string;
  readonly keys: string | undefined;
  readonly description: string;
  /** Why it can't be run, as a sentence; null where it can. */
  readonly refusal: string | null;
  readonly run: () => void;
}

/**
 * The entries that have every word of a text in their label, place or description: first those whose label begins with
 * it, then those with all words in the label, each in the given order.
 */
export function foundEntries(entries: readonly SearchEntry[], text: string): SearchEntry[] {
  const whole = folded(text.trim());
  const words = searchWords(text);
  const rankOf = ({ label, place, description }: SearchEntry): number | null => {
    const name = folded(label);
    const all = `${name} ${folded(place)} ${folded(description)}`;
    if (!words.every((word) => all.includes(word))) return null;
    if (name.startsWith(whole)) return 0;
    return words.every((word) => name.includes(word)) ? 1 : 2;
  };
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry) }))
    .filter((ranked): ranked is { entry: SearchEntry; rank: number } => ranked.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

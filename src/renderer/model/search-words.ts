/**
 * A text as it is searched: in lower case, and with its letters composed. Names of files from macOS have accents as
 * characters of their own, and what an input method writes may be wide.
 */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The words that are searched for. */
export function searchWords(text: string): string[] {
  return folded(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

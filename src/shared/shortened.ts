const MAX_LENGTH = 101;
/** Longer values that people have typed are cut off in sentences, in characters. */
export const MAX_QUOTED = 100;

/** Text from a file, made fit for a sentence: short, and without terminal control characters. */
export function shortened(text: string): string {
  return cutTo(text.slice(0, 2 * MAX_LENGTH).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD'), MAX_LENGTH);
}

/** A text with at most so many characters, `…` at its end included; no emoji or accented letter is cut in half. */
export function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter().segment(text.slice(0, 2 * length))) {
    if (index + segment.length >= length) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

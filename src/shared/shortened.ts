const MAX_LENGTH = 100;

/** Text from a file, made fit for a sentence: short, and without terminal control characters. */
export function shortened(text: string): string {
  const clean = text.slice(0, MAX_LENGTH + 1).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
}

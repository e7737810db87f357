/** Characters that turn the direction of what follows them (UAX #9: embeddings, overrides, isolates and their ends). */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/;
/** Letters and marks that are read from the right (UAX #9, classes R and AL), or that turn the direction. */
const FROM_THE_RIGHT =
  /[\u0590-\u08FF\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Whether a text has something that is read from the right, so that what is beside it may change places with it. */
export function isFromTheRight(text: string): boolean {
  return FROM_THE_RIGHT.test(text);
}

/**
 * A text in which nothing is drawn in another order than it is written: `photo`, U+202E and `gnp.exe` would pass for `photoexe.png`, and
 * the rest of its sentence be read backwards. Such characters are shown as U+FFFD, but for isolates of {@link isolated}.
 */
export function inWrittenOrder(text: string): string {
  if (!TURNING.test(text)) return text;
  return text.replace(
    areIsolatesPaired(text) ? /[\u202A-\u202E\u2066\u2067]/g : /[\u202A-\u202E\u2066-\u2069]/g,
    '\uFFFD',
  );
}

/** A name for the middle of a sentence, whose words it leaves in their places. */
export function isolated(name: string): string {
  return isFromTheRight(name) ? `${FIRST_STRONG_ISOLATE}${inWrittenOrder(name)}${POP_ISOLATE}` : name;
}

/** A name with the end of an isolate would end the one around it. */
function areIsolatesPaired(text: string): boolean {
  let open = 0;
  for (const char of text) {
    if (char === FIRST_STRONG_ISOLATE) open += 1;
    else if (char === POP_ISOLATE) open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}

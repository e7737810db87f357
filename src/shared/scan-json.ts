/** Size of a JSON text, measured without parsing it. */
export interface JsonExtent {
  /**
   * Number of values, counted by the characters that precede them: an upper bound, with one more for each empty list or
   * object.
   */
  readonly values: number;
  /** Nesting depth of lists and objects. */
  readonly depth: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Measures JSON before it is parsed: every value takes about a hundred bytes as an object, so a small file can exhaust
 * the memory. Stops as soon as a limit is exceeded. Invalid JSON is left to the parser.
 *
 * @param bytes UTF-8
 */
export function scanJson(bytes: Uint8Array, limits: JsonExtent): JsonExtent {
  let values = 1;
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        i = endOfText(bytes, i + 1);
        break;
      case COMMA:
        values++;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values++;
        if (++depth > deepest) deepest = depth;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
        break;
    }
    if (values > limits.values || deepest > limits.depth) break;
  }
  return { values, depth: deepest };
}

/** Whether JSON is within limits, both inclusive: a megabyte of brackets takes {@link JSON.parse} a second. */
export function fitsExtent(bytes: Uint8Array, limits: JsonExtent): boolean {
  const { values, depth } = scanJson(bytes, limits);
  return values <= limits.values && depth <= limits.depth;
}

/** Index of the closing quotation mark of a string. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (at - 1 - backslashes >= from && bytes[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return bytes.length;
}

import { StringDecoder } from 'node:string_decoder';

/** Maximum line length in characters; longer lines are truncated. */
const MAX_LINE = 2_000;

/**
 * Splits chunks of text into lines.
 *
 * @param limit maximum line length, in characters
 */
export function splitLines(
  onLine: (line: string) => void,
  limit = MAX_LINE,
): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  function take(text: string): void {
    const pieces = text.split(/\r?\n|\r/);
    for (const [index, piece] of pieces.entries()) {
      if (partial.length < limit) partial += piece.slice(0, limit - partial.length);
      if (index === pieces.length - 1) return;
      const line = partial;
      partial = '';
      onLine(line);
    }
  }
  return {
    push: (chunk) => take(decoder.write(chunk)),
    /** Emits a last line without a line end. */
    end() {
      take(decoder.end());
      if (partial !== '') onLine(partial);
      partial = '';
    },
  };
}

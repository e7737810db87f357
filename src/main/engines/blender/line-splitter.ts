import { StringDecoder } from 'node:string_decoder';

/** Of a line that a program prints for people, in characters: what goes beyond is cut off. */
const MAX_LINE = 2_000;

/**
 * Cuts what a program says into lines, whatever pieces it comes in.
 *
 * @param limit the longest line, in characters
 */
export function splitLines(
  onLine: (line: string) => void,
  limit = MAX_LINE,
): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  function take(text: string): void {
    const pieces = text.split(/\r?\n|\r/);
    for (const [index, piece] of pieces.entries()) {
      if (rest.length < limit) rest += piece.slice(0, limit - rest.length);
      if (index === pieces.length - 1) return;
      const line = rest;
      rest = '';
      onLine(line);
    }
  }
  return {
    push: (chunk) => take(decoder.write(chunk)),
    /** The last line may lack its end. */
    end() {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

import { StringDecoder } from 'node:string_decoder';

/** The longest line that is kept whole, in characters; what goes beyond is cut off. */
const MAX_LINE = 2_000;

/** Cuts what a program prints into lines, whatever pieces it comes in. */
export function splitLines(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  function take(text: string): void {
    const pieces = text.split(/\r?\n|\r/);
    for (const [index, piece] of pieces.entries()) {
      if (rest.length < MAX_LINE) rest += piece.slice(0, MAX_LINE - rest.length);
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

import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { splitLines } from './line-splitter';

/** Maximum number of bytes read per poll: of a larger backlog, the end. */
const MAX_BACKLOG = 1 << 20;

/** File size at which the file is truncated, in bytes. */
const MAX_FILE = 16 << 20;

/** A file that receives a program's output. */
export interface OutputFile {
  /** For both output streams of the program, so that their lines keep their order. */
  readonly descriptor: number;
  /** Reads what was added. */
  read(): void;
  /** Reads what is left, including a last line without a line end, and closes the file. */
  close(): void;
}

/**
 * Creates a file for a program's output. A pipe would wake this process for every line: a Blender that renders small
 * frames prints thousands of lines a second, which would cost more than everything else the host does for it.
 *
 * @param path must not exist yet
 */
export function outputFile(path: string, onLine: (line: string) => void): OutputFile {
  // Append mode, so that the program continues at the start after the file was truncated.
  const descriptor = openSync(path, 'a+', 0o600);
  const lines = splitLines(onLine);
  const buffer = Buffer.allocUnsafe(64 << 10);
  let position = 0;
  let closed = false;

  function read(): void {
    if (closed) return;
    const { size } = fstatSync(descriptor);
    if (size - position > MAX_BACKLOG) position = size - MAX_BACKLOG;
    while (position < size) {
      const count = readSync(descriptor, buffer, 0, buffer.length, position);
      if (count === 0) break;
      position += count;
      lines.push(buffer.subarray(0, count));
    }
    if (position > MAX_FILE) {
      ftruncateSync(descriptor);
      position = 0;
    }
  }

  return {
    descriptor,
    read,
    close() {
      if (closed) return;
      read();
      closed = true;
      lines.end();
      closeSync(descriptor);
    },
  };
}

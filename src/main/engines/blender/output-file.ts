import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { splitLines } from './line-splitter';

/** How much of what was written between two readings is read, in bytes: of more than that, the last. */
const MAX_BACKLOG = 1 << 20;

/** How large the file may grow before it is emptied, in bytes. */
const MAX_FILE = 16 << 20;

/** A file that a program prints to. */
export interface OutputFile {
  /** To be given to the program for both its streams, so that their lines stand in the order in which they were printed. */
  readonly descriptor: number;
  /** Reads what has come since. */
  read(): void;
  /** Reads the rest, a last line without an end included, and closes the file. */
  close(): void;
}

/**
 * Makes a file for a program to print to. A pipe would wake this process for every line: a Blender that renders small frames prints thousands of them in a second, which cost more of the machine
 * than all else that the host does for it.
 *
 * @param path of a file that is not there yet
 */
export function outputFile(path: string, onLine: (line: string) => void): OutputFile {
  // Appending, so that the program goes on at the start when the file is emptied.
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

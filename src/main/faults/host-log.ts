import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import { makeFolderSync } from '../data/make-folder';

/** Maximum size of a log file in bytes, and number of older files kept. */
const LARGEST = 10 * 1024 * 1024;
const OLDER = 3;

/** The host's log: a file that is rotated to `NAME.1`, `NAME.2`… when full; the oldest is deleted. */
export interface HostLog {
  readonly log: pino.Logger;
  /** Ends the log: later lines are dropped. */
  close(): void;
}

/** @param file created with its folder if missing, private to this user @param limits for tests */
export function openHostLog(
  file: string,
  { largest = LARGEST, older = OLDER }: { largest?: number; older?: number } = {},
): HostLog {
  makeFolderSync(dirname(file), 0o700);
  let descriptor = open();
  let size = sizeOf(file);
  let closed = false;
  /** The last line was cut off, as there was no more room on the disk. */
  let torn = false;

  function open(): number {
    return openSync(file, 'a', 0o600);
  }

  function shut(): void {
    if (descriptor >= 0) closeSync(descriptor);
    descriptor = -1;
  }

  /** Synchronous: the last lines before a crash matter most, and a file never outgrows its limit by more than a line. */
  function write(line: string): void {
    if (closed) return;
    try {
      if (size >= largest || descriptor < 0) rotate();
      const text = torn ? `\n${line}` : line;
      const written = writeSync(descriptor, text);
      size += written;
      torn = written < Buffer.byteLength(text);
    } catch {
      // A full disk must not end the program; later lines are tried again.
    }
  }

  function rotate(): void {
    size = 0;
    torn = false;
    // Windows renames no open file.
    shut();
    try {
      for (let age = older; age > 1; age--) renameIfThere(`${file}.${age - 1}`, `${file}.${age}`);
      renameIfThere(file, `${file}.1`);
    } catch {
      // If a rename fails, the log continues in the same file; retried once it has grown as much again.
    } finally {
      descriptor = open();
    }
  }

  return {
    log: pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, { write }),
    close() {
      shut();
      closed = true;
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const noteSchema = z.object({ at: z.number(), message: z.string() });

const fileOf = (dataFolder: string): string => join(dataFolder, 'last-fault.json');

/**
 * Leaves a note for the next host on a data folder that this one ended by a program fault. Synchronous, and never
 * throws: there may be no time for more.
 */
export function leaveFaultNote(dataFolder: string, message: string): void {
  try {
    writeFileSync(fileOf(dataFolder), JSON.stringify({ at: Date.now(), message: message.slice(0, 1_000) }), {
      mode: 0o600,
    });
  } catch {
    // Then only the log has it.
  }
}

/**
 * Reads and deletes the fault note of the previous host.
 *
 * @returns a sentence for the user; null if it ended normally
 */
export function takeFaultNote(dataFolder: string): string | null {
  try {
    const { at } = noteSchema.parse(JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')));
    return `Framegauge ended on ${new Date(at).toLocaleString()} because of a fault inside of it and was started again: unfinished jobs go on. logs/host.log of the data folder says what went wrong.`;
  } catch {
    return null;
  } finally {
    rmSync(fileOf(dataFolder), { force: true });
  }
}

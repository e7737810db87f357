import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

/**
 * An empty in-memory file system of the running test, unmounted at its end. Only inside `needs.smallDisk(…)`. @param
 * megabytes its size
 */
export async function smallDisk(megabytes: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'framegauge-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'framegauge-test', folder]);
  onTestFinished(async () => {
    // Lazily: a process that still has a file open there must not make it fail.
    await run('umount', ['-l', folder]);
    await rmdir(folder);
  });
  return folder;
}

/** Takes all the room that there is on a disk. @returns gives it back */
export function fillDisk(disk: string): () => void {
  const file = join(disk, 'somebody-else’s');
  const handle = openSync(file, 'w');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096, 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(handle);
  }
  return () => rmSync(file);
}

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Maximum number of jobs whose videos wait; further ones are refused. */
const MAX_WAITING = 500;

const idsSchema = z.array(z.int()).max(MAX_WAITING);

/** Jobs whose videos are to be made, on disk, so that a restart forgets none. */
export interface WaitingJobs {
  readonly ids: readonly number[];
  /** @returns false when too many wait */
  add(id: number): boolean;
  remove(id: number): void;
  /** Settles when everything is stored. Never rejects. */
  stored(): Promise<void>;
}

/** @param failed told why the list could not be stored */
export async function openWaitingJobs(storage: string, failed: (reason: string) => void): Promise<WaitingJobs> {
  const path = join(storage, 'waiting.json');
  let ids: number[] = await readFile(path, 'utf8').then(
    (text) => parse(text),
    () => [],
  );
  let last = Promise.resolve();

  function save(): void {
    last = last.then(async () => {
      try {
        await writeFile(`${path}.tmp`, JSON.stringify(ids), { mode: 0o600 });
        await rename(`${path}.tmp`, path);
      } catch (error) {
        failed((error as Error).message);
      }
    });
  }

  return {
    get ids() {
      return ids;
    },
    add(id) {
      if (ids.includes(id)) return true;
      if (ids.length >= MAX_WAITING) return false;
      ids = [...ids, id];
      save();
      return true;
    },
    remove(id) {
      ids = ids.filter((other) => other !== id);
      save();
    },
    stored: () => last,
  };
}

function parse(text: string): number[] {
  try {
    return idsSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

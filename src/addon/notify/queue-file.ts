import { open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { noticeSchema } from './notice';
import { SERVICE_NAMES } from './services/service';

/** Maximum messages that wait for one service; beyond that the oldest is given up. */
export const MAX_WAITING = 100;
/** Maximum size of the file in bytes: more than that many of the longest messages for every service take. */
const MAX_BYTES = 16 * 1024 * 1024;

const queueSchema = z.array(z.object({ service: z.enum(SERVICE_NAMES), notice: noticeSchema }));
/** Messages that wait, in the order in which they are to be sent, each once a service. */
export type StoredQueue = z.infer<typeof queueSchema>;

export interface QueueFile {
  /** @throws Error with a sentence when there is a file that cannot be used */
  load(): Promise<StoredQueue>;
  /** Writes what `read` then returns; calls during a write lead to one more. Never rejects. */
  save(read: () => StoredQueue): Promise<void>;
}

/**
 * The messages that wait, on disk, so that a restart loses none.
 *
 * @param folder of the add-on's own
 * @param failed told why the file could not be written
 */
export function createQueueFile(folder: string, failed: (reason: string) => void): QueueFile {
  const path = join(folder, 'queue.json');
  const draft = `${path}.tmp`;
  let last = Promise.resolve();
  let pending = false;

  async function write(text: string): Promise<void> {
    try {
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      failed((error as Error).message);
    }
  }

  return {
    async load() {
      const text = await readSmall(path);
      if (text === null) return [];
      try {
        return queueSchema.parse(JSON.parse(text));
      } catch {
        await rename(path, `${path}.unreadable`);
        throw new Error('The messages that waited cannot be read; the file is kept as queue.json.unreadable.');
      }
    },
    save(read) {
      if (!pending) {
        pending = true;
        last = last.then(() => {
          pending = false;
          return write(JSON.stringify(read()));
        });
      }
      return last;
    },
  };
}

/** @returns null where there is no file */
async function readSmall(path: string): Promise<string | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw new Error(`The file of the messages that wait is too large (${size} bytes).`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SceneFile } from './scan-folder';

/** Maximum number of entries; beyond that the oldest ones are forgotten. */
const MAX_ENTRIES = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

const entrySchema = z.object({
  /** Absolute path of the watched folder. */
  folder: z.string(),
  name: z.string(),
  size: z.number(),
  changedAt: z.number(),
  /** When it was taken, in milliseconds since 1970. */
  takenAt: z.number(),
  /** Its job; null while it is being submitted. */
  job: z.int().nullable(),
  /** Where the file belongs and why; null while its job is under way. */
  end: z.object({ to: z.enum(['done', 'failed']), reason: z.string() }).nullable(),
});
/** A file that was taken and is not moved away yet. */
export type LedgerEntry = z.infer<typeof entrySchema>;

/** The files that were taken, on disk, so that none is taken twice. */
export interface Ledger {
  /** The entries of a folder, oldest first; to be changed only through the functions here. */
  of(folder: string): LedgerEntry[];
  find(folder: string, name: string): LedgerEntry | undefined;
  /** @throws Error from the file system when it cannot be stored; then nothing has changed */
  add(folder: string, file: SceneFile, end?: LedgerEntry['end']): Promise<LedgerEntry>;
  change(entry: LedgerEntry, change: Partial<Pick<LedgerEntry, 'job' | 'end'>>): Promise<void>;
  remove(entry: LedgerEntry): Promise<void>;
}

/**
 * Opens the ledger in a folder of the add-on's own.
 *
 * @throws Error when there is one that cannot be read: without it files would be taken again
 */
export async function openLedger(storage: string): Promise<Ledger> {
  const path = join(storage, 'ledger.json');
  let entries = await load(path);
  let last: Promise<void> = Promise.resolve();

  /** Writes after the writes before it; several calls meanwhile are one. */
  let pending: Promise<void> | null = null;
  function save(): Promise<void> {
    pending ??= last = last
      .catch(() => {})
      .then(async () => {
        pending = null;
        await writeFile(`${path}.tmp`, JSON.stringify(entries), { mode: 0o600 });
        await rename(`${path}.tmp`, path);
      });
    return pending;
  }

  return {
    of: (folder) => entries.filter((entry) => entry.folder === folder),
    find: (folder, name) => entries.find((entry) => entry.name === name && entry.folder === folder),
    async add(folder, { name, size, changedAt }, end = null) {
      const entry: LedgerEntry = { folder, name, size, changedAt, takenAt: Date.now(), job: null, end };
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) entries = entries.slice(-MAX_ENTRIES);
      try {
        await save();
      } catch (error) {
        entries = entries.filter((other) => other !== entry);
        throw error;
      }
      return entry;
    },
    async change(entry, change) {
      Object.assign(entry, change);
      await save();
    },
    async remove(entry) {
      entries = entries.filter((other) => other !== entry);
      await save();
    },
  };
}

async function load(path: string): Promise<LedgerEntry[]> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return [];
  try {
    if ((await file.stat()).size > MAX_BYTES) throw new Error('it is too large');
    return z.array(entrySchema).parse(JSON.parse(await file.readFile('utf8')));
  } catch (error) {
    throw new Error(
      `The list of the scenes that were taken cannot be read, so that some could be rendered twice: look at ${path} and remove it.`,
      { cause: error },
    );
  } finally {
    await file.close();
  }
}

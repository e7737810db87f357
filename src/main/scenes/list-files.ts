import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import type { OperationOutput } from '../../shared/host-api';
import { UserError, messageOf } from '../../shared/user-error';
import { isBelow } from '../data/path-below';
import { type SceneAccess } from './scene-access';

type Entry = OperationOutput<'files.list'>['entries'][number];

/** Maximum number of entries listed per folder. */
const MAX_ENTRIES = 10_000;
/** Natural sort order: 2 before 10, case-insensitive. */
const collator = new Intl.Collator('en', { numeric: true });

/**
 * Lists the subfolders and scene files of a folder, for a file dialog in a browser; excludes hidden ones.
 *
 * @throws UserError when the folder can't be read, or is the host's own
 */
export async function listFiles(
  folder: string,
  extensions: readonly string[],
  access: Pick<SceneAccess, 'dataFolder' | 'uploads'>,
): Promise<OperationOutput<'files.list'>> {
  const absolute = resolve(folder);
  const entries: Entry[] = [];
  let left = 0;
  try {
    await refuseOwn(absolute, access);
    for await (const found of await opendir(absolute, { bufferSize: 1024 })) {
      if (found.name.startsWith('.') || !mayBeListed(found, extensions)) continue;
      if (entries.length === MAX_ENTRIES) left += 1;
      else {
        const entry = await entryOf(join(absolute, found.name), found, extensions);
        if (entry) entries.push(entry);
      }
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`The folder ${absolute} cannot be listed (${messageOf(error)}): choose another.`, 'arguments');
  }
  const parent = dirname(absolute);
  entries.sort((a, b) => (a.kind === b.kind ? collator.compare(a.name, b.name) : a.kind === 'folder' ? -1 : 1));
  return { folder: absolute, parent: parent === absolute ? null : parent, entries, left };
}

/** The data folder contains tokens and private logs; only the uploaded scenes in it may be listed. */
async function refuseOwn(
  folder: string,
  { dataFolder, uploads }: Pick<SceneAccess, 'dataFolder' | 'uploads'>,
): Promise<void> {
  const [real, own, open] = await Promise.all(
    [folder, dataFolder, uploads].map((path) => (path === null ? null : realpath(path).catch(() => null))),
  );
  if (real && own && isBelow(real, own) && !(open && isBelow(real, open)))
    throw new UserError(`The folder ${folder} is Framegauge’s own: choose another.`, 'arguments');
}

/**
 * Judged by the directory entry alone, so that a folder of a million images costs no further calls. Links, and entries
 * without a known type, may be anything.
 */
function mayBeListed(found: Dirent, extensions: readonly string[]): boolean {
  if (found.isFIFO() || found.isSocket() || found.isBlockDevice() || found.isCharacterDevice()) return false;
  return !found.isFile() || extensions.includes(extname(found.name).toLowerCase());
}

/** @returns null for what has disappeared, is a broken link, or is neither a folder nor a scene */
async function entryOf(path: string, found: Dirent, extensions: readonly string[]): Promise<Entry | null> {
  const { name } = found;
  if (found.isDirectory()) return { name, path, kind: 'folder', bytes: 0 };
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) return { name, path, kind: 'folder', bytes: 0 };
  return info?.isFile() && extensions.includes(extname(name).toLowerCase())
    ? { name, path, kind: 'scene', bytes: info.size }
    : null;
}

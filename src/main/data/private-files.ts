import { chmodSync, closeSync, lstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { chmod, lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolderSync } from './make-folder';
import { UserError } from '../../shared/user-error';

/** Modes of private folders and files. Windows protects a user's folders by itself. */
const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;
/** Permission bits of group and others. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

const HAS_MODES = process.platform !== 'win32';

/** Whether a file or folder belongs to this user or to root. */
export function isOurs({ uid }: { readonly uid: number }): boolean {
  return !HAS_MODES || uid === process.getuid!() || uid === 0;
}

/** Whether a file or folder belongs to this user alone, and nobody else may write to it. */
export function isOnlyOurs({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return !HAS_MODES || (uid === process.getuid!() && (mode & OTHERS_WRITE) === 0);
}

/** Mode bit of a folder where everyone may create files, such as /tmp. */
const STICKY = 0o1000;

/**
 * Creates a private folder, or removes the permissions of others from an existing one.
 *
 * @throws UserError when it belongs to another user, who could read and change its contents, or when others need it
 */
export function makePrivateFolder(folder: string): void {
  makeFolderSync(folder, PRIVATE_FOLDER);
  const found = statSync(folder);
  // Root could lock everyone else out of /tmp or the whole disk.
  if (HAS_MODES && ((found.mode & STICKY) !== 0 || dirname(realpathSync(folder)) === realpathSync(folder)))
    throw new UserError(
      `The folder ${folder} is there for everybody on this machine, and data must be private: name a folder in it with --data, as ${join(folder, 'framegauge')}.`,
    );
  // Root may use folders of others: a container's volume can have any owner.
  if (!isOurs(found) && process.getuid!() !== 0)
    throw new UserError(
      `The folder ${folder} belongs to another user of this machine, who could read and change what is kept there: name one of your own with --data.`,
    );
  if ((found.mode & OTHERS) !== 0) withoutOthers(folder, PRIVATE_FOLDER);
}

/** Warning about a folder whose permissions could not be restricted; null if nobody else can access it. */
export function exposureOf(folder: string): string | null {
  if (!HAS_MODES) return null;
  const found = statSync(folder);
  // Root may use a folder owned by another user, who has full access whatever its mode is.
  return (found.mode & OTHERS) !== 0 || !isOurs(found)
    ? `Other users of this machine can look into the data folder ${folder}, where tokens and preferences are, and its file system or its owner does not let Framegauge change that: put it elsewhere with --data.`
    : null;
}

/**
 * Creates an empty private file, or removes the permissions of others from an existing one; SQLite gives the files
 * beside a database the same mode.
 */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', PRIVATE_FILE));
  if ((lstatSync(file).mode & OTHERS) !== 0) withoutOthers(file, PRIVATE_FILE);
}

function withoutOthers(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch {
    // It belongs to another user, or the file system has no permissions: exposureOf reports it.
  }
}

/** Files of hosts in their data folder, including temporary files and files that were set aside. */
const KEPT =
  /^(?:addons|addon-storage|cache|desktop|farm|logs|machine|previews|scenes|(?:control|read)-token.*|(?:host|preferences|last-scene|recent-scenes|last-start|last-fault|queue|events|addon-blocks)\..*)$/;

/** Whether something in a data folder is the host's own, by its name. */
export function isKept(name: string): boolean {
  return KEPT.test(name);
}

/**
 * Removes the permissions of others from the host's files in its data folder: earlier versions let others read them.
 * Other files there are left alone, since the user may have chosen an existing folder.
 */
export async function keepPrivate(dataFolder: string): Promise<void> {
  await withoutOthersIn(dataFolder, isKept);
}

/**
 * Removes the permissions of others from a folder's contents. Private subfolders protect theirs already and are
 * skipped, since they may contain a hundred thousand logs. Links are not followed.
 */
async function withoutOthersIn(folder: string, wanted: (name: string) => boolean = () => true): Promise<void> {
  if (!HAS_MODES) return;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if ((!entry.isDirectory() && !entry.isFile()) || !wanted(entry.name)) continue;
    const path = join(folder, entry.name);
    try {
      const { mode } = await lstat(path);
      if ((mode & OTHERS) === 0) continue;
      if (entry.isDirectory()) await withoutOthersIn(path);
      // An add-on's program stays executable.
      await chmod(path, mode & 0o700);
    } catch {
      // Deleted meanwhile, or owned by another user.
    }
  }
}

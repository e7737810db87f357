import { mkdir, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { makeFolder } from '../../data/make-folder';
import { isOfFullDisk } from '../../data/system-error';
import type { AddonManifest } from '../../../shared/addons';
import { shortened } from '../../../shared/shortened';
import { messageOf, UserError } from '../../../shared/user-error';
import { readManifest } from '../manifest';
import { incomingFolder } from './addon-places';
import { copyFolder } from './copy-folder';
import { RefusedContent } from './entry-names';
import { unpackArchive } from './unpack-archive';

/** An add-on that lies complete and checked beside the installed ones. */
export interface StagedAddon {
  readonly manifest: AddonManifest;
  /** Absolute; to be renamed into its place. */
  readonly folder: string;
  /** Deletes what is still in it. Never fails: the next start of the host deletes the rest. */
  discard(): Promise<void>;
}

/**
 * Unpacks a .zip, or copies a folder, and validates the add-on in it. If it is refused, nothing of it is left.
 *
 * @param source absolute path
 * @param userFolder folder of the installed add-ons
 * @param hostVersion null accepts an add-on for any version of the program
 * @throws UserError a sentence that names the source
 */
export async function stageAddon(source: string, userFolder: string, hostVersion: string | null): Promise<StagedAddon> {
  const name = shortened(basename(source));
  const where = `“${name}” cannot be installed`;
  const found = await stat(source).catch(() => null);
  if (!found)
    throw new UserError(
      `There is no file or folder ${shortened(source)}: give the .zip or folder of an add-on.`,
      'not-found',
    );
  if (!found.isDirectory() && !found.isFile())
    throw new UserError(`${where}: it is neither a file nor a folder.`, 'arguments');
  await makeFolder(userFolder, 0o700);
  const folder = incomingFolder(userFolder);
  const discard = (): Promise<void> =>
    rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  try {
    await mkdir(folder, { mode: 0o700 });
    await (found.isDirectory() ? copyFolder(source, folder) : unpackArchive(source, folder));
    return { manifest: await readManifest(folder, hostVersion, name), folder, discard };
  } catch (error) {
    await discard();
    throw problemOf(error, where);
  }
}

function problemOf(error: unknown, where: string): UserError {
  if (error instanceof UserError) return new UserError(error.message, 'arguments');
  if (error instanceof RefusedContent) return new UserError(`${where}: ${error.message}.`, 'arguments');
  if (isOfFullDisk(error))
    return new UserError(`${where}: there is no room left for it on the disk of the data folder.`);
  return new UserError(`${where}: ${messageOf(error)}.`);
}

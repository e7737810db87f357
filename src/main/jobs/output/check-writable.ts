import { randomUUID } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { frameBounds } from '../../../shared/frame-range';
import type { JobSettings } from '../../../shared/jobs';
import { UserError } from '../../../shared/user-error';
import { makeFolder } from '../../data/make-folder';
import { isBelow } from '../../data/path-below';
import { resolveLinks } from '../../data/resolve-links';
import { describe } from '../../data/system-error';
import { imagesOf } from './image-path';
import { takesImages } from './own-places';

/** Checks that a job's images can be written to their folder, before the job is added. @throws UserError */
export async function checkWritable(settings: JobSettings): Promise<void> {
  const folder = dirname(imagesOf(settings, 0)[0]!);
  // The name is unpredictable and must not exist: others may write to the folder, and could place a link there that
  // points to one of this user's files.
  const probe = join(folder, `.framegauge-${randomUUID()}.tmp`);
  try {
    await makeFolder(folder);
    const handle = await open(probe, 'wx');
    await handle.close();
    await rm(probe);
  } catch (error) {
    throw new UserError(
      `The output folder ${folder} cannot be written to (${describe(error)}): choose another output.`,
    );
  }
}

/**
 * Checks that a job's images don't lie among the host's own files, which it replaces and deletes as it needs.
 *
 * @param output its folder with links resolved
 * @param dataFolder absolute
 * @throws UserError (`arguments`)
 */
export async function checkNotOfHost(
  { settings, folder }: { readonly settings: JobSettings; readonly folder: string },
  dataFolder: string,
): Promise<void> {
  const own = await resolveLinks(dataFolder);
  if (isBelow(folder, own) && !takesImages(folder, own, settings.preview))
    throw new UserError(
      `The output folder ${folder} is where Framegauge keeps its own files: choose one outside of ${own}.`,
      'arguments',
    );
}

/**
 * Checks that the file system takes the names of a job's images, and of the folders to be made for them. Nothing is
 * made.
 *
 * @throws UserError (`arguments`) when one is too long
 */
export async function checkNameLengths(settings: JobSettings): Promise<void> {
  for (const image of frameBounds(settings.frames).flatMap((frame) => imagesOf(settings, frame)))
    if (await isTooLong(image))
      throw new UserError(
        `The file system does not take the name of the image ${image}: it is too long, choose a shorter output.`,
        'arguments',
      );
}

async function isTooLong(path: string): Promise<boolean> {
  const names = [basename(path)];
  let folder = dirname(path);
  // A folder that is missing hides how long the names in it are.
  for (; (await errorOf(folder)) === 'ENOENT' && dirname(folder) !== folder; folder = dirname(folder))
    names.push(basename(folder));
  const found = await Promise.all([path, ...names.map((name) => join(folder, name))].map(errorOf));
  return found.includes('ENAMETOOLONG');
}

/** The code of the file system's error; null for none. */
function errorOf(path: string): Promise<string | null> {
  return lstat(path).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? '',
  );
}

import { randomUUID } from 'node:crypto';
import { lstat, readdir, readFile, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../data/make-folder';
import { messageOf, UserError } from '../../../shared/user-error';
import { writeFileAtomically } from '../../data/write-file-atomically';

/*
 * Inside the folder of the user's add-ons:
 *   <id>/            an installed add-on; one put there by hand may have any name
 *   .previous/<id>/  the version before the last update, for going back
 *   .incoming-…      an add-on or upload on its way in
 *   .removed-…       one on its way out
 *   .going-back-<id> the previous version, while it changes places with the present one
 *   .swap-<id>.json  names the place that is empty while two versions change places
 *
 * Every step is one rename, so after a crash `sweepAddonFolder` finds either version in its place or knows which one to
 * put there.
 */
const INCOMING = '.incoming-';
const REMOVED = '.removed-';
const GOING_BACK = '.going-back-';
const PREVIOUS = '.previous';
const SWAP = /^\.swap-([a-z][a-z0-9-]*)\.json$/;

const swapSchema = z.object({ place: z.string().regex(/^[^./\\][^/\\]*$/) });

/** A path for a new folder, which the next start deletes if it is still there. */
export const incomingFolder = (userFolder: string): string => join(userFolder, INCOMING + randomUUID());

export const previousFolder = (userFolder: string, id: string): string => join(userFolder, PREVIOUS, id);

/**
 * Moves a complete add-on into its place. The version that it replaces becomes the previous one.
 *
 * @param folder the complete add-on, inside of `userFolder`
 * @param replaced the folder of the installed version, inside of `userFolder`; null for a new add-on
 * @returns its folder
 * @throws UserError when the place is taken by something else
 */
export async function putInPlace(
  userFolder: string,
  id: string,
  folder: string,
  replaced: string | null,
): Promise<string> {
  const place = join(userFolder, id);
  if (place !== replaced && (await exists(place)))
    throw new UserError(
      `The folder ${place} is in the way, and is not this add-on: move it elsewhere, then install again.`,
    );
  if (replaced === null) {
    await rename(folder, place);
    return place;
  }
  await refuseLink(replaced);
  const previous = previousFolder(userFolder, id);
  const swap = join(userFolder, `.swap-${id}.json`);
  await makeFolder(join(userFolder, PREVIOUS), 0o700);
  await discardFolder(userFolder, previous);
  await writeFileAtomically(swap, `${JSON.stringify({ place: basename(replaced) })}\n`);
  await rename(replaced, previous);
  try {
    await rename(folder, place);
  } catch (error) {
    await rename(previous, replaced);
    await rm(swap, { force: true });
    throw error;
  }
  await rm(swap, { force: true });
  return place;
}

/** Makes the previous version the installed one, and the other way round. @returns its folder */
export async function swapWithPrevious(userFolder: string, id: string, replaced: string): Promise<string> {
  const goingBack = join(userFolder, GOING_BACK + id);
  await refuseLink(replaced);
  await rename(previousFolder(userFolder, id), goingBack);
  try {
    return await putInPlace(userFolder, id, goingBack, replaced);
  } catch (error) {
    await rename(goingBack, previousFolder(userFolder, id)).catch(() => undefined);
    throw error;
  }
}

/** Takes an add-on and its previous version away. Of a link, what it leads to stays. */
export async function removeFolders(userFolder: string, id: string, folder: string): Promise<void> {
  await discardFolder(userFolder, previousFolder(userFolder, id));
  // Only once no add-on has an earlier version any more.
  await rmdir(join(userFolder, PREVIOUS)).catch(() => undefined);
  if ((await lstat(folder).catch(() => null))?.isSymbolicLink()) await unlink(folder);
  else await discardFolder(userFolder, folder);
}

/** One rename, so that nobody sees half of it; then the deleting, which the next start finishes. */
async function discardFolder(userFolder: string, folder: string): Promise<void> {
  const removed = join(userFolder, `${REMOVED}${randomUUID()}`);
  try {
    await rename(folder, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(removed, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

async function refuseLink(folder: string): Promise<void> {
  if ((await lstat(folder)).isSymbolicLink())
    throw new UserError(
      `${folder} is a link to a folder of your own: change the add-on there, or uninstall it to take the link away.`,
    );
}

/**
 * Finishes or undoes what an earlier host was doing when it ended, and deletes what it left. To be called before the
 * add-ons are discovered, by the host that has locked the data folder. Never fails.
 *
 * @returns a sentence for each problem
 */
export async function sweepAddonFolder(userFolder: string): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      problems.push(`Something was left in ${userFolder}: ${messageOf(error)}.`);
    }
  };
  const names = await readdir(userFolder).catch((): string[] => []);
  // The order matters: an interrupted change of places first, and only then what could have been part of it.
  for (const name of names) {
    const id = SWAP.exec(name)?.[1];
    if (id !== undefined) await attempt(() => undoSwap(userFolder, name, id));
  }
  for (const name of names.filter((each) => each.startsWith(GOING_BACK)))
    await attempt(async () => {
      const previous = previousFolder(userFolder, name.slice(GOING_BACK.length));
      if (await exists(previous)) await discardFolder(userFolder, join(userFolder, name));
      else await rename(join(userFolder, name), previous);
    });
  for (const name of names.filter((each) => each.startsWith(INCOMING) || each.startsWith(REMOVED)))
    await attempt(() => rm(join(userFolder, name), { recursive: true, force: true, maxRetries: 3 }));
  return problems;
}

async function undoSwap(userFolder: string, name: string, id: string): Promise<void> {
  const file = join(userFolder, name);
  const { place } = swapSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const previous = previousFolder(userFolder, id);
  // The new version's place is its id, whatever the old one's folder was called.
  const settled = (await exists(join(userFolder, place))) || (await exists(join(userFolder, id)));
  if (!settled && (await exists(previous))) await rename(previous, join(userFolder, place));
  await rm(file, { force: true });
}

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

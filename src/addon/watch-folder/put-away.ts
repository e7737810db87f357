import { link, lstat, mkdir, open, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Numbers that are tried for a name that is taken. */
const MAX_NUMBER = 10_000;

/**
 * Moves a file into `done/` or `failed/` inside of its folder. What is there already stays: a name that is taken gets a
 * number, as `shot (2).glb`.
 *
 * @returns the new path
 * @throws Error with a sentence
 */
export async function putAway(folder: string, name: string, to: 'done' | 'failed', reason: string): Promise<string> {
  const target = join(folder, to);
  await makeFolder(target);
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  for (let number = 1; number <= MAX_NUMBER; number++) {
    const path = join(target, number === 1 ? name : `${stem} (${number})${ending}`);
    if (!(await moveTo(join(folder, name), path))) continue;
    // Exclusively: a text of the same name is a person's.
    if (to === 'failed') await writeFile(`${path}.txt`, `${reason}\n`, { flag: 'wx' }).catch(() => {});
    return path;
  }
  throw new Error(`${target} holds more than ${MAX_NUMBER} scenes named “${name}”: tidy it up.`);
}

/**
 * A link to the file under its new name fails where that name is taken, which renaming does not. File systems without
 * links get an empty file first, which reserves the name.
 *
 * @returns false when the name is taken
 */
async function moveTo(from: string, path: string): Promise<boolean> {
  try {
    await link(from, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT') throw error;
    return moveOverReserved(from, path);
  }
  try {
    await unlink(from);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return true;
}

async function moveOverReserved(from: string, path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(from, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return true;
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  // Not a link: scenes would leave for a place that nobody chose.
  if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is no folder: move it out of the way.`);
}

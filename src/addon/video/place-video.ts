import { randomUUID } from 'node:crypto';
import { link, lstat, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const DRAFT = /^\.framegauge-video-[0-9a-f-]{36}\.(?:mp4|mov|gif)$/;
const MAX_NUMBER = 10_000;
const MAX_MADE = 5_000;

const madeSchema = z.array(z.object({ path: z.string(), size: z.number(), changedAt: z.number() }));

/** Where a video is written until it is whole: beside its place, so that moving it is one step. */
export function draftPath(folder: string, extension: string): string {
  return join(folder, `.framegauge-video-${randomUUID()}${extension}`);
}

/** Removes what a crash left half-written. */
export async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => DRAFT.test(name)).map((name) => rm(join(folder, name), { force: true })));
}

export interface VideoPlaces {
  /**
   * Moves a draft to its name. A video of that name that was made here and is as it was made is replaced; anything else
   * stays, and the video gets a number, as `shot (2).mp4`.
   *
   * @returns its path
   */
  place(draft: string, folder: string, name: string, extension: string): Promise<string>;
}

/** @param storage folder of the add-on's own, where it notes which videos it made */
export function createVideoPlaces(storage: string): VideoPlaces {
  const path = join(storage, 'made.json');

  async function load(): Promise<z.infer<typeof madeSchema>> {
    try {
      return madeSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      // Without the list nothing is replaced, which is the safe side.
      return [];
    }
  }

  async function note(video: string): Promise<void> {
    const { size, mtimeMs } = await lstat(video);
    const others = (await load()).filter((one) => one.path !== video);
    const made = [...others, { path: video, size, changedAt: mtimeMs }].slice(-MAX_MADE);
    await writeFile(`${path}.tmp`, JSON.stringify(made), { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  }

  async function isOurs(video: string): Promise<boolean> {
    const found = await lstat(video).catch(() => null);
    const made = (await load()).find((one) => one.path === video);
    return found?.isFile() === true && made?.size === found.size && made.changedAt === found.mtimeMs;
  }

  return {
    async place(draft, folder, name, extension) {
      for (let number = 1; number <= MAX_NUMBER; number++) {
        const video = join(folder, `${name}${number === 1 ? '' : ` (${number})`}${extension}`);
        if (await isOurs(video)) await rename(draft, video);
        else if (!(await moveIfFree(draft, video))) continue;
        // A video that cannot be noted is there all the same; it only is never replaced.
        await note(video).catch(() => {});
        return video;
      }
      throw new Error(`${folder} holds more than ${MAX_NUMBER} videos named “${name}”: tidy it up.`);
    },
  };
}

/** @returns false when the name is taken */
async function moveIfFree(draft: string, video: string): Promise<boolean> {
  try {
    await link(draft, video);
    await rm(draft);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT') throw error;
  }
  // No links on this file system: an empty file reserves the name.
  try {
    await (await open(video, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await rename(draft, video);
  return true;
}

/** A job's name as a file name: without what means something in a path or what some system refuses. */
export function videoName(name: string): string {
  const safe = name
    .replace(/[\p{Cc}/\\:*?"<>|]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '_')
    .slice(0, 120);
  return safe === '' ? 'video' : safe;
}

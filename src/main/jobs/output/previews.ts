import { randomBytes } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { imageFormats } from '../../../shared/image-format';
import { FINAL_JOB_STATES, type JobSettings } from '../../../shared/jobs';
import type { JobStore } from '../store/job-store';

/** Number of finished previews that are kept. */
const MOST_KEPT = 10;
/** Maximum number of previews handled at a time. */
const MOST = 1_000;

/** Previews: jobs whose images go to folders owned by the host and are deleted with the job. */
export interface Previews {
  /** The settings with a new output folder, which rules out conflicts. */
  inNewFolder(settings: JobSettings): JobSettings;
  /** Deletes the images of a preview; does nothing for other jobs. */
  remove(settings: JobSettings): Promise<void>;
  /** Finished previews above the number kept, oldest first. */
  outdated(): Promise<number[]>;
  /** Deletes folders that belong to no job. */
  sweep(): Promise<void>;
}

/** @param folder absolute; used for nothing else */
export function createPreviews(folder: string, store: JobStore): Previews {
  const jobs = async (): Promise<number[]> => {
    const there = await realpath(folder).catch(() => folder);
    return store.outputs.jobsBelow(there, MOST).filter((id) => store.settings(id).preview);
  };
  const isOurs = (path: string): boolean => dirname(path) === folder;
  return {
    inNewFolder: (settings) => ({
      ...settings,
      output: join(
        folder,
        `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`,
        `####${imageFormats[settings.format].extension}`,
      ),
      overwrite: true,
      keepExisting: false,
    }),
    async remove({ preview, output }) {
      const own = dirname(output);
      if (preview && isOurs(own)) await rm(own, { recursive: true, force: true });
    },
    async outdated() {
      const ended = (await jobs()).filter((id) => FINAL_JOB_STATES.includes(store.standing(id)!.state));
      return ended.slice(MOST_KEPT).toReversed();
    },
    async sweep() {
      const known = new Set((await jobs()).map((id) => basename(dirname(store.settings(id).output))));
      const there = await readdir(folder).catch(() => []);
      // Above this number of jobs the list is incomplete.
      if (known.size >= MOST) return;
      await Promise.all(
        there
          .filter((name) => !known.has(name))
          .map((name) => rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)),
      );
    },
  };
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import { readRegularFile } from '../data/open-regular-file';
import { writeFileAtomically } from '../data/write-file-atomically';
import { rememberScene } from './last-scene';

/** As many as a menu can show. */
const KEPT = 12;
/** Size of the list's file, in bytes: the longest paths have room. */
const MOST_BYTES = 1024 * 1024;
/** Longer than a disk takes, in milliseconds; a share that is gone may take minutes. */
const PATIENCE = 1_000;

const recentSchema = z.object({
  scenes: z.array(z.object({ path: z.string().min(1), openedAt: z.number() })).max(1_000),
});
type Recent = z.infer<typeof recentSchema>['scenes'];

export interface RecentScenes {
  /**
   * Stores that a scene was opened, for the list and for the next start. Never rejects: what can't be stored is opened all
   * the same.
   */
  remember(path: string): Promise<void>;
  /** The latest first. */
  list(): Promise<OperationOutput<'scene.recent'>>;
}

/**
 * The scenes that were opened last, in a file of the data folder.
 *
 * @param forStart whether the next start opens the last one
 */
export function createRecentScenes(dataFolder: string, forStart: boolean, warn: (text: string) => void): RecentScenes {
  const file = join(dataFolder, 'recent-scenes.json');
  let turn = Promise.resolve();

  async function read(): Promise<Recent> {
    try {
      const text = (await readRegularFile(file, MOST_BYTES)).toString('utf8');
      return recentSchema.parse(JSON.parse(text)).scenes.slice(0, KEPT);
    } catch {
      // Not there yet, or not ours: the list begins anew.
      return [];
    }
  }

  async function add(path: string): Promise<void> {
    const others = (await read()).filter((one) => one.path !== path);
    const scenes = [{ path, openedAt: Date.now() }, ...others].slice(0, KEPT);
    const stored = [
      writeFileAtomically(file, `${JSON.stringify({ scenes })}\n`),
      forStart ? rememberScene(dataFolder, path) : null,
    ];
    for (const one of await Promise.allSettled(stored)) if (one.status === 'rejected') warn(messageOf(one.reason));
  }

  return {
    async remember(path) {
      turn = turn.then(() => add(path));
      await turn;
    },
    async list() {
      await turn;
      return Promise.all((await read()).map(async (one) => ({ ...one, missing: await isMissing(one.path) })));
    },
  };
}

/** What does not answer in time is not called missing. */
async function isMissing(path: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((settle) => {
    timer = setTimeout(settle, PATIENCE, false);
  });
  const gone = stat(path).then(
    () => false,
    () => true,
  );
  return Promise.race([gone, late]).finally(() => clearTimeout(timer));
}

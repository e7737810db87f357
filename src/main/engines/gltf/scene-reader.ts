import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, UserError } from '../../../shared/user-error';
import { createTaskThread } from '../../threads/task-thread';
import { stampAt } from '../file-stamp';
import type { SceneAccess } from '../../scenes/scene-access';
import type { GltfFacts } from './gltf-facts';
import { SCENE_LIMITS } from './scene-limits';

export interface SceneTask {
  /** Absolute path of the scene. */
  readonly path: string;
  readonly access: SceneAccess;
}

/** How long an idle thread is kept, in milliseconds. */
const IDLE_TIME = 10_000;
/** Number of cached scenes. */
const MAX_REMEMBERED = 32;

/** Reads glTF scenes in a thread, and caches each until it, or a file it refers to, changes. */
export interface SceneReader {
  /**
   * @param path absolute
   * @returns the same object as long as nothing has changed on disk
   * @throws UserError, one sentence that names the file and what is wrong with it
   */
  read(path: string): Promise<GltfFacts>;
  close(): Promise<void>;
}

/**
 * @param script the built scene-worker.mjs, at a path that Node can read without Electron
 * @param access what scenes may refer to, read on every use
 */
export function createSceneReader(
  script: string,
  access: () => SceneAccess,
  { taskTime = SCENE_LIMITS.time as number, idleTime = IDLE_TIME } = {},
): SceneReader {
  const thread = createTaskThread<SceneTask, GltfFacts>(script, {
    taskTime,
    idleTime,
    memory: SCENE_LIMITS.memory,
    late: ({ path }) =>
      new UserError(
        `“${basename(path)}” took longer than ${taskTime / 1000} s to read: split it, or copy it to a faster disk.`,
      ),
    lost: ({ path }, reason, message) =>
      reason === 'memory'
        ? new UserError(
            `“${basename(path)}” takes more memory to read than there is for it: split it, or export it as .glb.`,
          )
        : new Error(`The thread that reads scenes has failed: ${messageOf(message)}.`),
    closed: () => new UserError('Scenes are no longer read: the host closes.'),
  });
  const remembered = new Map<string, { readonly access: string; readonly facts: GltfFacts }>();
  const reading = new Map<string, Promise<unknown>>();

  async function known(path: string, allowed: string): Promise<GltfFacts | null> {
    const entry = remembered.get(path);
    if (entry?.access !== allowed) return null;
    const { facts } = entry;
    // A missing file may exist by now, under any of its possible names.
    if (facts.externals.some(({ found }) => found === null)) return null;
    const stamps = await Promise.all([stampAt(path), ...facts.externals.map((file) => stampAt(file.path!))]);
    return stamps[0] === facts.stamp && facts.externals.every(({ found }, i) => stamps[i + 1] === found!.stamp)
      ? facts
      : null;
  }

  async function readAnew(path: string, allowed: string): Promise<GltfFacts> {
    const seen = await thread.run({ path, access: JSON.parse(allowed) as SceneAccess });
    const before = remembered.get(path)?.facts;
    const facts = isDeepStrictEqual(before, seen) ? before! : seen;
    remembered.delete(path);
    remembered.set(path, { access: allowed, facts });
    // Evicts the oldest entry.
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    return facts;
  }

  return {
    async read(path) {
      const allowed = JSON.stringify(access());
      // Waits for reads in progress and then reads again: their result may be older than this call.
      for (let before = reading.get(path); before; before = reading.get(path)) await before.catch(() => undefined);
      const answer = known(path, allowed).then((facts) => facts ?? readAnew(path, allowed));
      reading.set(path, answer);
      try {
        return await answer;
      } finally {
        reading.delete(path);
      }
    },
    close: thread.close,
  };
}

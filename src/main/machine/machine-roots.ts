import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { type RootedFiles, type SceneOnRoot, type SeenRoot, rootedFilesSchema } from '../../shared/farm';
import { rootOffersSchema } from '../../shared/farm-files';
import { once } from '../../shared/once';
import { type Root, pathOnRoot } from '../../shared/root-paths';
import { severalAtOnce } from '../../shared/several-at-once';
import { whileAway } from './deliver';
import { type FarmClient, isAway } from './farm-client';
import type { SceneCopy } from './scene-cache';

/** How often it is looked whether the roots are there, in milliseconds. */
const INTERVAL = 10_000;
/** Length of a proof. */
const PROOF = 64;
/** Difference between two clocks' times of the same file, in milliseconds: some file systems keep two seconds. */
const SAME_TIME = 2_000;
/** Number of files whose state is asked for at once. */
const STATS = 16;
/** Maximum number of scenes whose files are kept. */
const MAX_KNOWN = 16;

/** A scene on a root of this machine. */
export interface SceneInPlace extends SceneCopy {
  /**
   * Looks whether all files are still there, after an engine has read them: not every engine minds one that is gone. One
   * that was changed meanwhile the manager notices itself.
   *
   * @throws Error about the first file that is gone
   */
  checkThere(): Promise<void>;
}

/** The folders that this machine and the manager see. */
export interface MachineRoots {
  /** Those that were there the last time. */
  seen(): readonly SeenRoot[];
  /** What the manager says of them. @param names of those that are its own */
  proved(names: readonly string[]): void;
  /**
   * A scene where it is.
   *
   * @throws Error when one of its files is not the one that the manager has, RefusedError when it is no longer wanted
   */
  sceneOf(scene: SceneOnRoot, signal: AbortSignal): Promise<SceneInPlace>;
  close(): void;
}

/** @param onState what changes, as a sentence */
export async function openMachineRoots(
  roots: readonly Root[],
  client: Pick<FarmClient, 'get' | 'read'>,
  onState: (text: string) => void,
): Promise<MachineRoots> {
  let seen: readonly SeenRoot[] = [];
  /** Those that the manager can't use itself. */
  const unused = new Set<string>();
  const closing = new AbortController();
  const told = new Map<string, string>();
  const tell = (name: string, text: string): void => {
    if (told.get(name) !== text) onState(text);
    told.set(name, text);
  };

  async function look(): Promise<void> {
    const offers = await client.get('/roots', {}, rootOffersSchema, closing.signal);
    const found: SeenRoot[] = [];
    unused.clear();
    for (const { name, path } of roots) {
      const offer = offers.find((one) => one.name === name);
      if (offer?.used === false) {
        unused.add(name);
        tell(name, `The root ${name} is not used now: the manager can’t use its own folder of it, and says why.`);
        // It may be the same folder again.
        found.push(...seen.filter((one) => one.name === name));
        continue;
      }
      const proof = offer ? await readProof(pathOnRoot(path, offer.probe)) : null;
      if (proof !== null) found.push({ name, path, proof });
      else
        tell(
          name,
          offer
            ? `The root ${name} is not used: the manager’s file ${offer.probe} is not in ${path}.`
            : `The root ${name} is not used: the manager has none of this name (farm.roots).`,
        );
    }
    seen = found;
  }

  const known = new Map<string, RootedFiles>();
  const reading = once<RootedFiles>();
  const comparing = once<void>();

  async function filesOf(id: string): Promise<RootedFiles> {
    const text = known.has(id) ? null : await client.read(`/scenes/${id}`, closing.signal);
    if (text !== null && createHash('sha256').update(text).digest('hex') !== id)
      throw new Error('The list of the scene’s files is not the one that was announced.');
    const files = text === null ? known.get(id)! : rootedFilesSchema.parse(JSON.parse(text));
    known.delete(id);
    known.set(id, files);
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
    return files;
  }

  let looking = false;
  async function lookAgain(): Promise<void> {
    // A share that hangs may never answer.
    if (looking) {
      seen = [];
      return;
    }
    looking = true;
    // While the manager is away they stay as they were.
    await look().catch(() => undefined);
    looking = false;
  }
  if (roots.length > 0) await Promise.race([lookAgain(), new Promise((over) => setTimeout(over, INTERVAL).unref())]);
  const timer = setInterval(() => void lookAgain(), INTERVAL);
  timer.unref();
  if (roots.length === 0) clearInterval(timer);

  return {
    seen: () => seen,
    proved(names) {
      for (const { name, path } of seen.filter((one) => !unused.has(one.name)))
        tell(
          name,
          names.includes(name)
            ? `Scenes below the root ${name} are read at ${path}.`
            : `The root ${name} is not used: ${path} is not the folder that the manager has.`,
        );
    },
    async sceneOf({ root, path, files: id }, signal) {
      const own = roots.find(({ name }) => name === root);
      if (!own) throw new Error(`This machine has no root ${root}.`);
      const files = await whileAway(() => reading(id, () => filesOf(id)), isAway, signal);
      await comparing(`${root} ${id}`, () => compare(own, files));
      return { scene: pathOnRoot(own.path, path), root: own.path, checkThere: () => checkThere(own, files) };
    },
    close() {
      clearInterval(timer);
      closing.abort();
    },
  };
}

/** @throws Error about the first file that is not as the manager sees it: a share may lag behind, or be a copy */
async function compare(root: Root, { files }: RootedFiles): Promise<void> {
  await severalAtOnce(STATS, files, async ({ path, bytes, modifiedAt }) => {
    const found = await stat(pathOnRoot(root.path, path)).catch(() => null);
    if (found?.size !== bytes || Math.abs(found.mtimeMs - modifiedAt) > SAME_TIME)
      throw new Error(`“${path}” on the root ${root.name} is not the one that the manager sees.`);
  });
}

async function checkThere(root: Root, { files }: RootedFiles): Promise<void> {
  await severalAtOnce(STATS, files, async ({ path }) => {
    if (!(await stat(pathOnRoot(root.path, path)).catch(() => null)))
      throw new Error(`“${path}” on the root ${root.name} went away while its frame was rendered.`);
  });
}

/** Null for a file that is not there, or is no proof. */
async function readProof(path: string): Promise<string | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PROOF + 1), 0, PROOF + 1, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    return /^[0-9a-f]{64}$/.test(text) ? text : null;
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

import { createHash, randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../data/make-folder';
import { type SceneManifest, sceneManifestSchema } from '../../shared/farm';
import { once } from '../../shared/once';
import { severalAtOnce } from '../../shared/several-at-once';
import { makePrivateFolder } from '../data/private-files';
import { writeFileAtomically } from '../data/write-file-atomically';
import { SceneChangedError, flushFile, openContentStore } from './content-store';
import { whileAway } from './deliver';
import { type FarmClient, RefusedError, isAway } from './farm-client';

/** Number of files that are downloaded at once. */
const DOWNLOADS = 4;
/** Number of files whose state is asked for at once. */
const STATS = 16;

/** A copy of a scene on this machine. */
export interface SceneCopy {
  /** Absolute path of the scene file. */
  readonly scene: string;
  /** The folder that all of its files are below. */
  readonly root: string;
}

/** Copies of the farm's scenes, by their content. */
export interface SceneCache {
  /** Folder of the copies. */
  readonly scenes: string;
  /**
   * Copies a scene, unless it is here, and keeps the copy for as long as it is used.
   *
   * @param id SHA-256 of its manifest
   * @throws SceneChangedError, RefusedError when it is no longer wanted, or another Error; also what `use` throws
   */
  use<T>(id: string, signal: AbortSignal, use: (copy: SceneCopy) => Promise<T>): Promise<T>;
  /** Breaks off what is being copied. */
  close(): void;
}

export interface SceneCacheOptions {
  /** Created if missing; what it holds is private. */
  readonly folder: string;
  readonly client: Pick<FarmClient, 'read' | 'receive'>;
  /** Bytes that copies may take; those in use are kept even if they take more. */
  readonly limit: number;
}

export async function openSceneCache({ folder, client, limit }: SceneCacheOptions): Promise<SceneCache> {
  const scenes = join(folder, 'scenes');
  makePrivateFolder(folder);
  makePrivateFolder(scenes);
  const content = await openContentStore(join(folder, 'files'));
  const copying = once<SceneCopy>();
  const closing = new AbortController();
  /** Number of users of each copy. */
  const users = new Map<string, number>();
  /** Hashes of the files of copies that are being made, which nothing links to yet. */
  const wanted = new Map<string, ReadonlySet<string>>();
  /** Ids of copies that this process has made, or looked through. */
  const trusted = new Set<string>();
  /** Copies are removed one after another. */
  let removing = Promise.resolve();

  async function fetchScene(id: string): Promise<SceneCopy> {
    await removing;
    const kept = await keptCopy(id);
    if (kept) return kept;
    const place = join(scenes, id);
    const text = await client.read(`/scenes/${id}`, closing.signal);
    if (hashOf(text) !== id) throw new Error('The list of the scene’s files is not the one that was announced.');
    const manifest = sceneManifestSchema.parse(JSON.parse(text));
    const building = `${place}-${randomUUID()}`;
    wanted.set(id, new Set(manifest.files.map(({ sha256 }) => sha256)));
    try {
      removing = removing.then(() => makeRoom(manifest));
      await removing;
      await layOut(manifest, id, building);
      await rm(place, { recursive: true, force: true });
      await rename(building, place);
    } finally {
      wanted.delete(id);
      await rm(building, { recursive: true, force: true });
    }
    await writeFileAtomically(`${place}.json`, text);
    trusted.add(id);
    return copyIn(place, manifest);
  }

  /** The copy that is here; null for none. One of an earlier process is looked through: a power cut may have spoiled it. */
  async function keptCopy(id: string): Promise<SceneCopy | null> {
    const place = join(scenes, id);
    const text = await readFile(`${place}.json`, 'utf8').catch(() => null);
    // The manifest is written last: what it lists was complete.
    if (text === null) return null;
    const manifest = hashOf(text) === id ? sceneManifestSchema.parse(JSON.parse(text)) : null;
    if (!manifest || (!trusted.has(id) && !(await isWhole(place, manifest)))) {
      await rm(`${place}.json`, { force: true });
      return null;
    }
    trusted.add(id);
    await utimes(`${place}.json`, new Date(), new Date());
    return copyIn(place, manifest);
  }

  async function layOut(manifest: SceneManifest, id: string, building: string): Promise<void> {
    await mkdir(building, { mode: 0o700 });
    await severalAtOnce(DOWNLOADS, manifest.files, async (wantedFile, number) => {
      const receive = (from: number): ReturnType<FarmClient['receive']> =>
        client.receive(`/scenes/${id}/files/${number}`, closing.signal, from);
      const file = await content.fetch(wantedFile, receive, closing.signal);
      const target = join(building, ...wantedFile.path.split('/'));
      await makeFolder(dirname(target), 0o700);
      // Some file systems have no links. What is there under another name must stay: it may be a link to some content.
      await link(file, target).catch(async () => {
        await copyFile(file, target, constants.COPYFILE_EXCL);
        // It is read-only as its content, by which flushing may be refused.
        await flushFile(target).catch(() => undefined);
      });
    });
  }

  /** Removes copies that nobody uses, the least recently used first, until a scene has room. Never rejects. */
  async function makeRoom({ files }: SceneManifest): Promise<void> {
    const missing = await content.missing(files);
    const isFull = (): boolean => content.bytes + missing > limit;
    if (!isFull()) return;
    try {
      await removeUnused();
      for (const id of await leastRecentlyUsed()) {
        if (!isFull()) return;
        if (users.has(id)) continue;
        // In this order: without its manifest a copy counts as incomplete.
        await rm(join(scenes, `${id}.json`), { force: true });
        await rm(join(scenes, id), { recursive: true, force: true });
        await removeUnused();
      }
    } catch {
      // Whether the rest has room shows when it is written.
    }
  }

  const removeUnused = (): Promise<void> =>
    content.removeUnused(new Set([...wanted.values()].flatMap((hashes) => [...hashes])));

  async function leastRecentlyUsed(): Promise<string[]> {
    const used: { readonly id: string; readonly at: number }[] = [];
    for (const name of await readdir(scenes)) {
      const [, id] = /^([0-9a-f]{64})\.json$/.exec(name) ?? [];
      const found = id === undefined ? null : await stat(join(scenes, name)).catch(() => null);
      if (id !== undefined && found) used.push({ id, at: found.mtimeMs });
    }
    return used.sort((a, b) => a.at - b.at).map(({ id }) => id);
  }

  return {
    scenes,
    async use(id, signal, use) {
      users.set(id, (users.get(id) ?? 0) + 1);
      try {
        // Others may wait for the same copy: a frame that is given up does not end it.
        const copy = (): Promise<SceneCopy> =>
          unlessAborted(
            copying(id, () => fetchScene(id)),
            signal,
          );
        return await use(await whileAway(copy, isAway, signal));
      } finally {
        const left = users.get(id)! - 1;
        if (left > 0) users.set(id, left);
        else users.delete(id);
      }
    },
    close: () => closing.abort(),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether all files of a copy are there, by their sizes: their contents are flushed before they get their names. */
async function isWhole(root: string, { files }: SceneManifest): Promise<boolean> {
  let whole = true;
  await severalAtOnce(STATS, files, async ({ path, bytes }) => {
    const size = whole ? (await stat(join(root, ...path.split('/'))).catch(() => null))?.size : null;
    if (size !== bytes) whole = false;
  });
  return whole;
}

function copyIn(root: string, { scene }: SceneManifest): SceneCopy {
  return { root, scene: join(root, ...scene.split('/')) };
}

/** As a promise, but rejects as soon as a signal aborts. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('The frame was given up.'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    // A frame that waits for a manager that is away asks every second.
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Whether an error of a copy says that the manager no longer wants it, or that a file was changed. */
export function isOutdated(error: unknown): boolean {
  return error instanceof SceneChangedError || (error instanceof RefusedError && error.status === 409);
}

import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type SceneManifest, sceneManifestSchema } from '../../shared/farm';
import { PRIVATE_FILE, makePrivateFolder } from '../data/private-files';
import { writeFileAtomically } from '../data/write-file-atomically';
import { type FarmClient, RefusedError } from './farm-client';

/** Number of files that are downloaded at once. */
const DOWNLOADS = 4;

/** The scene was changed on the manager while it was copied. */
export class SceneChangedError extends Error {
  constructor() {
    super('The scene was changed while it was copied to the machine.');
  }
}

/** Copies of the farm's scenes, by their content. */
export interface SceneCache {
  /** Folder of the copies. */
  readonly scenes: string;
  /**
   * Copies a scene, unless it is here.
   *
   * @param id SHA-256 of its manifest
   * @returns path of the scene file
   * @throws SceneChangedError, RefusedError when it is no longer wanted, or another Error
   */
  fetch(id: string, signal: AbortSignal): Promise<string>;
  /** Breaks off what is being copied. */
  close(): void;
}

/** @param folder created if missing; what it holds is private */
export function createSceneCache(folder: string, client: FarmClient): SceneCache {
  const scenes = join(folder, 'scenes');
  const files = join(folder, 'files');
  for (const made of [folder, scenes, files]) makePrivateFolder(made);
  /** Copies under way, by scene and by file: several workers ask for the same one. */
  const copying = new Map<string, Promise<string>>();
  const closing = new AbortController();

  function once(key: string, copy: () => Promise<string>): Promise<string> {
    let under = copying.get(key);
    if (!under) copying.set(key, (under = copy().finally(() => copying.delete(key))));
    return under;
  }

  async function fetchScene(id: string): Promise<string> {
    const place = join(scenes, id);
    const kept = await readFile(`${place}.json`, 'utf8').catch(() => null);
    // The manifest is written last: what it lists is complete.
    if (kept !== null) return join(place, sceneManifestSchema.parse(JSON.parse(kept)).scene);
    const text = await client.read(`/scenes/${id}`, closing.signal);
    if (createHash('sha256').update(text).digest('hex') !== id)
      throw new Error('The list of the scene’s files is not the one that was announced.');
    const manifest = sceneManifestSchema.parse(JSON.parse(text));
    const building = `${place}-${randomUUID()}`;
    try {
      await layOut(manifest, id, building);
      await rm(place, { recursive: true, force: true });
      await rename(building, place);
    } finally {
      await rm(building, { recursive: true, force: true });
    }
    await writeFileAtomically(`${place}.json`, text);
    return join(place, manifest.scene);
  }

  async function layOut(manifest: SceneManifest, id: string, building: string): Promise<void> {
    const left = manifest.files.entries();
    async function copyNext(): Promise<void> {
      for (const [number, { path, sha256, bytes }] of left) {
        const file = await once(sha256, () => download(`/scenes/${id}/files/${number}`, sha256, bytes));
        const target = join(building, ...path.split('/'));
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        // Some file systems have no links.
        await link(file, target).catch(() => copyFile(file, target));
      }
    }
    await mkdir(building, { mode: 0o700 });
    await Promise.all(Array.from({ length: DOWNLOADS }, copyNext));
  }

  async function download(path: string, sha256: string, bytes: number): Promise<string> {
    const file = join(files, sha256);
    if ((await stat(file).catch(() => null))?.size === bytes) return file;
    const partial = `${file}.${randomUUID()}.tmp`;
    try {
      const hash = createHash('sha256');
      let received = 0;
      await pipeline(
        await client.receive(path, closing.signal),
        async function* check(source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            received += chunk.length;
            if (received > bytes) throw new SceneChangedError();
            hash.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(partial, { flags: 'wx', mode: PRIVATE_FILE }),
      );
      if (received !== bytes || hash.digest('hex') !== sha256) throw new SceneChangedError();
      await rename(partial, file);
      return file;
    } finally {
      await rm(partial, { force: true });
    }
  }

  return {
    scenes,
    // Others may wait for the same copy: a frame that is given up does not end it.
    fetch: (id, signal) => Promise.race([once(id, () => fetchScene(id)), abortOf(signal)]),
    close: () => closing.abort(),
  };
}

/** Rejects when a signal aborts. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Error('The frame was given up.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Whether an error of a copy says that the manager no longer wants it, or that a file was changed. */
export function isOutdated(error: unknown): boolean {
  return error instanceof SceneChangedError || (error instanceof RefusedError && error.status === 409);
}

import { chmod, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PRIVATE_FILE, makePrivateFolder } from '../data/private-files';
import { hashFile } from '../jobs/output/hash-file';
import { RefusedError } from './farm-client';
import { once } from '../../shared/once';

/** Pause before a download that broke off goes on, in milliseconds. */
const RETRY_DELAY = 1_000;
/** Number of times in a row that a download may break off without a further byte. */
const MAX_FRUITLESS = 5;
/** Scenes are links to these files: a program that writes into its scene must not change those of others. */
const READ_ONLY = 0o400;

/** The scene was changed on the manager while it was copied. */
export class SceneChangedError extends Error {
  constructor() {
    super('The scene was changed while it was copied to the machine.');
  }
}

/** A file that is wanted. */
export interface WantedFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** Files by their content. */
export interface ContentStore {
  /** Bytes on the disk, those of unfinished downloads included. */
  readonly bytes: number;
  /** Bytes that are still to be downloaded of some files. */
  missing(files: readonly WantedFile[]): Promise<number>;
  /**
   * Downloads a file, unless it is here; what was downloaded before it broke off is kept.
   *
   * @param receive the rest of it, from a byte on
   * @returns its path, which may be linked to and must not be written to
   * @throws SceneChangedError when it is not what is wanted, or what `receive` throws
   */
  fetch(file: WantedFile, receive: (from: number) => Promise<Readable>, signal: AbortSignal): Promise<string>;
  /** Removes the files that nothing links to. @param kept hashes of files that stay */
  removeUnused(kept: ReadonlySet<string>): Promise<void>;
}

/** @param folder created if missing; what it holds is private */
export async function openContentStore(folder: string): Promise<ContentStore> {
  makePrivateFolder(folder);
  const downloading = once<string>();
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += await sizeOf(join(folder, name));

  async function download(
    { sha256, bytes: wanted }: WantedFile,
    receive: (from: number) => Promise<Readable>,
    signal: AbortSignal,
  ): Promise<string> {
    const file = join(folder, sha256);
    if ((await stat(file).catch(() => null))?.size === wanted) return file;
    const partial = `${file}.part`;
    let stored = await sizeOf(partial);
    if (wanted === 0) await writeFile(partial, '', { mode: PRIVATE_FILE });
    for (let fruitless = 0; stored < wanted;) {
      try {
        await append(partial, await receive(stored), wanted - stored);
        break;
      } catch (error) {
        const refused = error instanceof RefusedError && error.status < 500;
        if (refused || error instanceof SceneChangedError || signal.aborted) throw error;
        if (fruitless >= MAX_FRUITLESS) throw error;
      }
      const now = await sizeOf(partial);
      fruitless = now > stored ? 0 : fruitless + 1;
      stored = now;
      await delay(RETRY_DELAY, undefined, { signal });
    }
    if ((await sizeOf(partial)) !== wanted || (await hashFile(partial)) !== sha256) {
      await remove(partial);
      throw new SceneChangedError();
    }
    // Its name says that it is whole, also after a power cut.
    await flushFile(partial);
    await chmod(partial, READ_ONLY);
    await rename(partial, file);
    return file;
  }

  async function append(partial: string, body: Readable, most: number): Promise<void> {
    // A stream would drop what it has not written yet when the download breaks off.
    const handle = await open(partial, 'a', PRIVATE_FILE);
    let received = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        received += chunk.length;
        if (received > most) throw new SceneChangedError();
        await handle.appendFile(chunk);
        bytes += chunk.length;
      }
    } finally {
      await handle.close();
    }
  }

  async function remove(path: string): Promise<void> {
    const size = await sizeOf(path);
    await rm(path, { force: true });
    bytes = Math.max(0, bytes - size);
  }

  return {
    get bytes() {
      return bytes;
    },
    async missing(files) {
      let missing = 0;
      for (const { sha256, bytes: wanted } of files) {
        const here = Math.max(await sizeOf(join(folder, sha256)), await sizeOf(join(folder, `${sha256}.part`)));
        missing += Math.max(0, wanted - here);
      }
      return missing;
    },
    fetch: (file, receive, signal) => downloading(file.sha256, () => download(file, receive, signal)),
    async removeUnused(kept) {
      for (const name of await readdir(folder)) {
        if (kept.has(name.replace(/\.part$/, ''))) continue;
        const found = await stat(join(folder, name)).catch(() => null);
        if (found?.nlink === 1) await remove(join(folder, name));
      }
    },
  };
}

/** Makes what was written to a file survive a power cut. @throws Error when it can't be opened for writing */
export async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** 0 for a file that is not there. */
async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

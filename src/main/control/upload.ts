import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../data/make-folder';
import { foldedName } from '../../shared/folded-name';
import { oneAtATime } from '../../shared/one-at-a-time';
import { exists } from '../data/exists';
import { isOfFullDisk } from '../data/system-error';
import { PRIVATE_FILE } from '../data/private-files';
import { Problem } from '../http/problem';
import { hashFile } from '../jobs/output/hash-file';

/** Maximum size of an uploaded scene, in bytes. */
export const MAX_UPLOAD = 4 * 1024 ** 3;
/** Maximum length of a name on every file system, with room for a number. */
const MAX_NAME_BYTES = 200;
/** How many of the latest batches are remembered. */
const MAX_BATCHES = 100;
/** Names of scenes that are being received. */
const PARTIAL = /^\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

export interface UploadFolder {
  /** Created if missing. */
  readonly folder: string;
  /** Accepted file name extensions. */
  readonly extensions: readonly string[];
  /** Paths that unfinished jobs render: their files are not replaced. */
  inUse(): readonly string[];
}

/** Takes scenes that clients send. */
export interface Uploads {
  /**
   * Stores an uploaded scene. An existing one of the same name is replaced once the upload is complete, unless an
   * unfinished job renders it, or it came in the same batch: then the new one gets a number, `scene-2.glb`. The same
   * bytes are not stored a second time there.
   *
   * @param batch what the client calls the scenes that it sends together
   * @returns its absolute path
   * @throws Problem when the name or size is invalid, or the client disconnects early
   */
  take(given: string, body: Readable, batch?: string): Promise<string>;
}

export function createUploads({ folder, extensions, inUse }: UploadFolder): Uploads {
  const batches = new Map<string, string[]>();
  /** Two uploads of one name must not choose the same path. */
  const inTurn = oneAtATime();
  const swept = sweep(folder);

  async function place(partial: string, name: string, kept: readonly string[]): Promise<string> {
    const ending = extname(name);
    const stem = name.slice(0, name.length - ending.length);
    for (let number = 1; ; number++) {
      const path = join(folder, number === 1 ? name : `${stem}-${number}${ending}`);
      if (![...inUse(), ...kept].some((other) => foldedName(other) === foldedName(path)) || !(await exists(path))) {
        await rename(partial, path);
        return path;
      }
      if (await sameBytes(partial, path)) {
        await rm(partial);
        return path;
      }
    }
  }

  return {
    async take(given, body, batch) {
      const name = checkedName(given, extensions);
      await swept;
      await makeFolder(folder, 0o700);
      const partial = join(folder, `.${randomUUID()}.tmp`);
      await receiveFile(body, partial, MAX_UPLOAD, 'scene');
      return inTurn(async () => {
        const kept = (batch === undefined ? undefined : batches.get(batch)) ?? [];
        const path = await place(partial, name, kept).catch(async (error: unknown) => {
          await rm(partial, { force: true });
          throw error;
        });
        if (batch !== undefined) batches.set(batch, [...kept, path]);
        for (const oldest of [...batches.keys()].slice(0, -MAX_BATCHES)) batches.delete(oldest);
        return path;
      });
    },
  };
}

/** Deletes what a host that was killed had not received whole: up to 4 GiB each, which nobody sees. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const partial = names.filter((name) => PARTIAL.test(name));
  await Promise.all(partial.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(one), stat(other)]);
  return first.size === second.size && (await hashFile(one)) === (await hashFile(other));
}

/** @throws Problem */
function checkedName(given: string, extensions: readonly string[]): string {
  const name = basename(given.replaceAll('\\', '/'));
  if (!extensions.includes(extname(name).toLowerCase()))
    throw new Problem(422, `“${name}” is no scene: drop one of ${extensions.join(', ')}.`);
  if (/\p{Cc}/u.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw new Problem(
      422,
      'The name of the scene cannot be a file name here: choose a shorter one without control characters.',
    );
  return name;
}

/**
 * Writes a body to a new file, which is deleted if it does not arrive whole.
 *
 * @param limit in bytes
 * @param what the word for it
 * @throws Problem when it is too large, there is no room for it, or the client disconnects early
 */
export async function receiveFile(body: Readable, file: string, limit: number, what: string): Promise<void> {
  try {
    await pipeline(body, atMost(limit, what), createWriteStream(file, { mode: PRIVATE_FILE }));
  } catch (error) {
    await rm(file, { force: true });
    if (isOfFullDisk(error)) throw new Problem(507, `There is no room left for the ${what} on the host’s disk.`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new Problem(400, `The ${what} did not arrive whole: send it again.`);
    throw error;
  }
}

/** Passes bytes on up to a limit: a body without a length could be endless. */
function atMost(limit: number, what: string): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* passOn(source) {
    let passed = 0;
    for await (const chunk of source) {
      passed += chunk.length;
      if (passed > limit)
        throw new Problem(
          413,
          `The ${what} is larger than ${formatLimit(limit)}: give its path on the host’s machine.`,
        );
      yield chunk;
    }
  };
}

const formatLimit = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${bytes / 1024 ** 3} GiB` : `${bytes / 1024 ** 2} MiB`;

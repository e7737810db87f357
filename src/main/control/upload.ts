import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isOfFullDisk } from '../data/system-error';
import { PRIVATE_FILE } from '../data/private-files';
import { Problem } from '../http/problem';

/** Maximum size of an uploaded scene, in bytes. */
export const MAX_UPLOAD = 4 * 1024 ** 3;
/** Maximum length of a name on every file system, with room for the suffix of a partial file. */
const MAX_NAME_BYTES = 200;

export interface UploadFolder {
  /** Created if missing. */
  readonly folder: string;
  /** Accepted file name extensions. */
  readonly extensions: readonly string[];
}

/**
 * Stores an uploaded scene; an existing one of the same name is replaced once the upload is complete.
 *
 * @returns its absolute path
 * @throws Problem when the name or size is invalid, or the client disconnects early
 */
export async function takeUpload(given: string, body: Readable, { folder, extensions }: UploadFolder): Promise<string> {
  const name = basename(given.replaceAll('\\', '/'));
  if (!extensions.includes(extname(name).toLowerCase()))
    throw new Problem(422, `“${name}” is no scene: drop one of ${extensions.join(', ')}.`);
  if (/\p{Cc}/u.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw new Problem(
      422,
      'The name of the scene cannot be a file name here: choose a shorter one without control characters.',
    );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  const partial = join(folder, `.${randomUUID()}.tmp`);
  await receiveFile(body, partial, MAX_UPLOAD, 'scene');
  await rename(partial, path);
  return path;
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

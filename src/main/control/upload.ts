import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from './problem';

/** The largest scene that may be uploaded, in bytes. */
export const MAX_UPLOAD = 4 * 1024 ** 3;
/** The longest name that every file system takes, with room for the ending of a half file. */
const MAX_NAME_BYTES = 200;

export interface UploadFolder {
  /** Created where missing. */
  readonly folder: string;
  /** File name endings that may be uploaded. */
  readonly extensions: readonly string[];
}

/**
 * Keeps a scene that a client sends; one of the same name is replaced once the new one is whole.
 *
 * @returns its absolute path
 * @throws Problem when the name or size does not fit, or the client leaves early
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
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const partial = join(folder, `.${randomUUID()}.tmp`);
  try {
    await pipeline(body, atMost(MAX_UPLOAD), createWriteStream(partial));
    await rename(partial, path);
    return path;
  } catch (error) {
    await rm(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new Problem(507, 'There is no room left for the scene on the host’s disk.');
    if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new Problem(400, 'The scene did not arrive whole: send it again.');
    throw error;
  }
}

/** Passes bytes on, up to a limit: a body without a length could go on for ever. */
function atMost(limit: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* passOn(source) {
    let passed = 0;
    for await (const chunk of source) {
      passed += chunk.length;
      if (passed > limit)
        throw new Problem(413, `The scene is larger than ${limit / 1024 ** 3} GiB: open it by its path.`);
      yield chunk;
    }
  };
}

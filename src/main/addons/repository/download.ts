import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { IndexEntry } from '../../../shared/addon-repositories';
import { messageOf, UserError } from '../../../shared/user-error';
import { openRegularFile } from '../../data/open-regular-file';
import { PRIVATE_FILE } from '../../data/private-files';
import { INSTALL_LIMITS, inMebibytes } from '../install/install-limits';
import { fetchBytes } from './fetch-bytes';
import type { ReadIndex } from './read-index';

/** Timeout for an add-on, in milliseconds: the largest over a slow line. */
const DOWNLOAD_TIME = 10 * 60_000;

/**
 * Copies or downloads an add-on, and checks that it is just what the index says.
 *
 * @param target a new file
 * @throws UserError a sentence
 */
export async function download(entry: IndexEntry, base: ReadIndex['base'], target: string): Promise<void> {
  const where = `${entry.name} ${entry.version} could not be downloaded`;
  if (entry.bytes > INSTALL_LIMITS.archiveBytes)
    throw new UserError(`${where}: it has more than ${inMebibytes(INSTALL_LIMITS.archiveBytes)}.`);
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > entry.bytes) throw new UserError('it is larger than the index says.');
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const source = 'url' in base ? await online(entry, base.url) : await onDisk(entry, base.folder);
    await pipeline(source, counted, createWriteStream(target, { flags: 'wx', mode: PRIVATE_FILE }));
    if (bytes < entry.bytes) throw new UserError('it is smaller than the index says.');
    if (hash.digest('hex') !== entry.sha256)
      throw new UserError('it is not the file that the index describes (its SHA-256 is another).');
  } catch (error) {
    throw new UserError(`${where}: ${messageOf(error).replace(/\.$/, '')}.`);
  }
}

async function online({ file, bytes }: IndexEntry, index: URL): Promise<AsyncIterable<Buffer>> {
  const { body } = await fetchBytes(new URL(file.split('/').map(encodeURIComponent).join('/'), index), {
    limit: bytes,
    time: DOWNLOAD_TIME,
  });
  return body;
}

async function onDisk({ file }: IndexEntry, folder: string): Promise<AsyncIterable<Buffer>> {
  return (await openRegularFile(join(folder, file))).createReadStream();
}

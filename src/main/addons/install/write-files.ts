import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { makeFolder } from '../../data/make-folder';
import { shortened } from '../../../shared/shortened';
import { PRIVATE_FILE } from '../../data/private-files';
import { RefusedContent } from './entry-names';
import { INSTALL_LIMITS, inMebibytes } from './install-limits';

/** What a file was said to be before it was read. */
export interface Expected {
  readonly bytes: number;
  /** CRC-32; null where none is known. */
  readonly crc: number | null;
}

/** Writes an add-on's files into a new folder, streamed and never more than the limit. */
export interface FileWriter {
  folder(path: string): Promise<void>;
  /** Flushed to the disk. @throws RefusedContent when the bytes are not what was expected, or too many */
  file(path: string, source: Readable, expected: Expected): Promise<void>;
}

/** @param target the folder; must exist */
export function createFileWriter(target: string): FileWriter {
  let left: number = INSTALL_LIMITS.unpackedBytes;
  const made = new Set<string>([target]);

  async function makeParents(folder: string): Promise<void> {
    if (made.has(folder)) return;
    await makeFolder(folder, 0o700);
    made.add(folder);
  }

  return {
    folder: (path) => makeParents(join(target, path)),
    async file(path, source, { bytes, crc }) {
      const file = join(target, path);
      await makeParents(dirname(file));
      const shown = `“${shortened(path)}”`;
      let read = 0;
      let checksum = 0;
      async function* checked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const chunk of chunks) {
          read += chunk.length;
          left -= chunk.length;
          if (read > bytes) throw new RefusedContent(`${shown} has more bytes than it says`);
          if (left < 0) throw tooLarge();
          checksum = crc32(chunk, checksum);
          yield chunk;
        }
        if (read < bytes) throw new RefusedContent(`${shown} has fewer bytes than it says`);
        if (crc !== null && checksum !== crc) throw new RefusedContent(`the checksum of ${shown} is wrong`);
      }
      // 'wx': never through a link or onto another file.
      await pipeline(source, checked, createWriteStream(file, { flags: 'wx', mode: PRIVATE_FILE, flush: true }));
    },
  };
}

export const tooLarge = (): RefusedContent =>
  new RefusedContent(`unpacked it has more than ${inMebibytes(INSTALL_LIMITS.unpackedBytes)}`);

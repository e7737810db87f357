import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Bytes hashed per step, about 0.2 ms: larger steps block the event loop, smaller ones take longer in total (see
 * docs/decisions.md).
 */
export const HASH_STEP = 262_144;
/** The first step, in bytes: for a small file a buffer of a whole chunk costs more than reading it. */
const FIRST_CHUNK = 16_384;

/** SHA-256 of a file, as hex, without blocking the event loop. @throws Error if it can't be read */
export async function hashFile(path: string): Promise<string> {
  const handle = await open(path);
  try {
    return await hashOpenFile(handle);
  } finally {
    await handle.close();
  }
}

/** As {@link hashFile}, for a file that is open and not read from yet. */
export async function hashOpenFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  let chunk = Buffer.allocUnsafe(FIRST_CHUNK);
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(chunk.subarray(0, bytesRead));
    if (bytesRead === FIRST_CHUNK) chunk = Buffer.allocUnsafe(HASH_STEP);
  }
}

import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_FRAME_FILES, contentDigest } from '../../shared/farm';
import { Problem } from '../control/problem';
import { isFull } from '../jobs/output/output-errors';
import { type OpenTicket, type Tickets, deliveredFile } from './tickets';

/** What a machine says of a file before it sends it. */
export interface DeliveryHeaders {
  /** Bytes, from `Content-Length`. */
  readonly length: number;
  /** From `Content-Digest` (RFC 9530). */
  readonly digest: string;
}

/** The answer for a lease that is void. */
export function staleLease(lease: number): Problem {
  return new Problem(409, `Lease ${lease} is void: its frame was given up, or handed to another machine.`);
}

/**
 * Takes one file of a lease into the folder of the lease, and nowhere else. It has its name only once it is whole, and
 * only if the lease is still valid then.
 *
 * @param find the open ticket of the lease; null when it is void
 * @throws Problem: 409 for a void lease, 413 when the file is too large, 422 when it is not what was announced
 */
export async function takeDelivery(
  lease: number,
  find: () => OpenTicket | null,
  number: number,
  headers: DeliveryHeaders,
  body: Readable,
  tickets: Pick<Tickets, 'fail'>,
): Promise<void> {
  const open = find();
  if (!open) throw staleLease(lease);
  const { folder, maxBytes } = open;
  if (number >= MAX_FRAME_FILES)
    throw new Problem(422, `A frame has ${MAX_FRAME_FILES} files at most: this is file ${number}.`);
  if (headers.length > maxBytes)
    throw new Problem(413, `A file of this frame has ${maxBytes} bytes at most: this one has ${headers.length}.`);
  const file = deliveredFile(folder, number);
  // An earlier try of the same delivery may still be under way.
  const partial = `${file}-${randomUUID()}`;
  try {
    const hash = createHash('sha256');
    await pipeline(body, atMost(headers.length, hash), createWriteStream(partial, { flags: 'wx' }));
    if (contentDigest(hash.digest('hex')) !== headers.digest)
      throw new Problem(422, 'The file arrived damaged: its SHA-256 is not that of Content-Digest. Send it again.');
    if (find() !== open) throw staleLease(lease);
    await rename(partial, file);
    open.delivered.add(number);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Problem) throw error;
    // The folder is gone with the lease.
    if (find() !== open) throw staleLease(lease);
    if (isFull(error)) {
      tickets.fail(lease, error as Error);
      throw staleLease(lease);
    }
    if (['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String((error as NodeJS.ErrnoException).code)))
      throw new Problem(400, 'The file did not arrive whole: send it again.');
    throw error;
  }
}

/** Passes on the announced number of bytes, and hashes them. */
function atMost(
  length: number,
  hash: { update(chunk: Buffer): unknown },
): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* passOn(source) {
    let passed = 0;
    for await (const chunk of source) {
      passed += chunk.length;
      if (passed > length) throw new Problem(413, 'The file is longer than its Content-Length.');
      hash.update(chunk);
      yield chunk;
    }
  };
}

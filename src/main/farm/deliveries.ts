import { type Hash, createHash, randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { type FileHandle, open as openFile, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { MAX_FRAME_FILES, contentDigest } from '../../shared/farm';
import { Problem } from '../http/problem';
import { hashFile } from '../jobs/output/hash-file';
import { outputError } from '../jobs/output/output-errors';
import { type ArrivingFile, type OpenTicket, deliveredFile } from './open-ticket';
import type { Tickets } from './tickets';

/** What a machine says of a file before it sends it. */
export interface DeliveryHeaders {
  /** Bytes that follow, from `Content-Length`. */
  readonly length: number;
  /** Of the whole file, from `Content-Digest` (RFC 9530). */
  readonly digest: string;
  /** Bytes that were sent before, from `Upload-Offset`. */
  readonly offset: number;
}

/** Maximum size of a file that is hashed as it arrives, in bytes: a larger one would hold up all others. */
const HASHED_ON_ARRIVAL = 1024 ** 2;

/** Maximum size of a file that is gathered as it arrives, and written and verified in one piece, in bytes. */
const GATHERED = 64 * 1024;

/** A file that a request sends, or has sent. */
interface PartialDelivery extends ArrivingFile {
  bytes: number;
  /** All of it, where it is small and came in one piece. */
  content: Buffer | null;
  /** Of what has arrived; null where it is read back for that. */
  readonly hash: Hash | null;
}

/** A delivery for a lease that is void. */
export class StaleDelivery extends Problem {
  constructor(lease: number) {
    super(409, `Lease ${lease} is void: its frame was given up, or handed to another machine.`);
  }
}

/**
 * Number of bytes that have arrived of a file whose answer a machine did not get. A request that still sends it is one that
 * the machine has given up.
 */
export async function storedBytes(ticket: OpenTicket, number: number, digest: string): Promise<number> {
  const { arriving, delivered } = ticket;
  const partial = arriving.get(number);
  if (partial?.digest === digest) await partial.stop();
  const whole = delivered.get(number);
  if (whole?.digest === digest) return whole.bytes;
  return partial?.digest === digest && arriving.get(number) === partial ? partial.bytes : 0;
}

/**
 * Takes one file of a lease into the folder of the lease, and nowhere else; one that is there already stays. A file gets
 * its name only once it is whole, and only if the lease is still valid then.
 *
 * @param find the open ticket of the lease; null when it is void
 * @throws Problem: 409 for a void lease, 413 when the file is too large, 416 when it does not go on where it stopped, 422
 * when it is not what was announced
 */
export async function takeDelivery(
  lease: number,
  find: () => OpenTicket | null,
  number: number,
  { length, digest, offset }: DeliveryHeaders,
  body: Readable,
  tickets: Pick<Tickets, 'fail'>,
): Promise<void> {
  const ticket = find();
  if (!ticket) throw new StaleDelivery(lease);
  const { folder, maxBytes } = ticket;
  if (number >= MAX_FRAME_FILES)
    throw new Problem(422, `A frame has ${MAX_FRAME_FILES} files at most: this is file ${number}.`);
  if (offset + length > maxBytes)
    throw new Problem(413, `A file of this frame has ${maxBytes} bytes at most: this one has ${offset + length}.`);
  const stored = offset === 0 ? 0 : await storedBytes(ticket, number, digest);
  const isThere = offset > 0 && ticket.delivered.get(number)?.digest === digest;
  if (offset !== stored || (isThere && length > 0))
    throw new Problem(416, 'Another part of the file is wanted: ask how much of it has arrived.');
  if (isThere) return;
  const file = deliveredFile(folder, number);
  let partial: PartialDelivery | null = null;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  try {
    partial = await receive(ticket, number, `${file}-${randomUUID()}`, { length, digest, offset }, body, ended);
    if (partial.bytes < offset + length) throw new Problem(400, 'The file did not arrive whole: send the rest.');
    try {
      const flushed = partial.hash?.digest('hex') ?? null;
      if (contentDigest(flushed ?? (await hashFile(partial.path))) !== digest)
        throw new Problem(422, 'The file arrived damaged: its SHA-256 is not that of Content-Digest. Send it again.');
      if (find() !== ticket) throw new StaleDelivery(lease);
      // At once: a frame that its machine calls finished meanwhile must not change any more.
      renameSync(partial.path, file);
      // Only of the first, its image: a frame may have many further files.
      const content = number === 0 ? partial.content : null;
      ticket.delivered.set(number, { bytes: partial.bytes, digest, flushed, content });
    } finally {
      forget(ticket, number, partial);
    }
  } catch (error) {
    const isOver = find() !== ticket;
    // Another request may go on with the same file.
    const kept = partial && !isOver && ticket.arriving.get(number)?.path === partial.path;
    if (partial && !kept) await rm(partial.path, { force: true });
    // The folder is gone with the lease, unless the file was made while it was being removed.
    if (isOver) await rmdir(folder).catch(() => undefined);
    if (error instanceof Problem) throw error;
    if (isOver) throw new StaleDelivery(lease);
    // As where one machine alone can't write its images: the frame fails, or waits for room. The machine would send it
    // again for ever.
    if (!isOfFiles(error)) {
      tickets.fail(lease, error as Error);
      throw error;
    }
    tickets.fail(lease, outputError(`What a machine has rendered cannot be stored in ${dirname(folder)}`, error));
    throw new Problem(409, 'The manager cannot store the file: its frame waits, or has failed.');
  } finally {
    end();
  }
}

/** Whether an error is one of the file system. */
function isOfFiles(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}

/**
 * Appends what a request sends, until its end or until it breaks off.
 *
 * @param path for a file of which nothing has arrived before
 * @param ended settles when its request is over
 * @throws Error from the file system, Problem (413) for more than was announced
 */
async function receive(
  ticket: OpenTicket,
  number: number,
  path: string,
  { length, digest, offset }: DeliveryHeaders,
  body: Readable,
  ended: Promise<void>,
): Promise<PartialDelivery> {
  const { arriving } = ticket;
  const before = arriving.get(number);
  const goesOn = offset > 0;
  if (goesOn && !before) throw new Problem(416, 'Nothing of the file is here any more: send it from its start.');
  const partial: PartialDelivery = {
    path: goesOn ? before!.path : path,
    digest,
    bytes: offset,
    content: null,
    hash: !goesOn && length <= HASHED_ON_ARRIVAL ? createHash('sha256') : null,
    async stop() {
      body.destroy();
      await ended;
    },
  };
  // Before anything is awaited: of several requests for one file each ends the one before it.
  arriving.set(number, partial);
  try {
    await before?.stop();
    if (before && !goesOn) await rm(before.path, { force: true });
    await append(await openFile(partial.path, 'a'), partial, offset + length, body);
    return partial;
  } catch (error) {
    forget(ticket, number, partial);
    await rm(partial.path, { force: true });
    throw error;
  }
}

/** Ends without an error when the request breaks off. */
async function append(handle: FileHandle, partial: PartialDelivery, most: number, body: Readable): Promise<void> {
  const gathers = partial.bytes === 0 && most <= GATHERED;
  const gathered: Buffer[] = [];
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (partial.bytes + chunk.length > most) throw new Problem(413, 'The file is longer than its Content-Length.');
      if (gathers) gathered.push(chunk);
      else await handle.appendFile(chunk);
      partial.hash?.update(chunk);
      partial.bytes += chunk.length;
    }
  } catch (error) {
    if (!BROKEN_OFF.has(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    await written(handle, partial, most, gathered).finally(() => handle.close());
  }
}

/** Writes what was gathered, and flushes a file that is whole, even if its request broke off after that. */
async function written(
  handle: FileHandle,
  partial: PartialDelivery,
  most: number,
  gathered: readonly Buffer[],
): Promise<void> {
  const content = gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered);
  if (content.length > 0) await handle.appendFile(content);
  if (partial.bytes !== most) return;
  if (content.length > 0) partial.content = content;
  // A larger file is read back for its hash, and flushed after its image was verified.
  if (partial.hash) await handle.datasync();
}

const BROKEN_OFF = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

function forget({ arriving }: OpenTicket, number: number, partial: PartialDelivery): void {
  if (arriving.get(number) === partial) arriving.delete(number);
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type TicketResult, contentDigest } from '../../shared/farm';
import { FrameError, type RenderedFile } from '../engines/render-engine';
import { hashFile } from '../jobs/output/hash-file';
import { type FarmClient, RefusedError } from './farm-client';

/** Pause before the manager is asked again after it was away, in milliseconds. */
const RETRY_DELAY = 1_000;
const nothing = z.unknown();

/**
 * Delivers the files of a frame, in their order.
 *
 * @returns how each is listed in the result
 * @throws RefusedError when the lease is void, FrameError when a file can't be delivered by a machine
 */
export async function deliverFiles(
  client: FarmClient,
  lease: number,
  files: readonly RenderedFile[],
  signal: AbortSignal,
): Promise<Extract<TicketResult, { outcome: 'rendered' }>['files']> {
  const listed = files.map(({ target, size }) => {
    if (!('view' in target))
      throw new FrameError(
        `The scene writes a further file, ${target.file}, which machines of a farm do not deliver yet: render it on the manager.`,
        true,
        'output',
      );
    return { view: target.view, ...(size && { size }) };
  });
  for (const [number, { path }] of files.entries()) {
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': (await stat(path)).size,
      'content-digest': contentDigest(await hashFile(path)),
    };
    await untilAnswered(
      () => client.send('PUT', `/leases/${lease}/files/${number}`, { body: createReadStream(path), headers }, signal),
      signal,
    );
  }
  return listed;
}

/** Tells how a ticket ended. @throws RefusedError when the lease is void */
export async function deliverResult(
  client: FarmClient,
  lease: number,
  result: TicketResult,
  signal: AbortSignal,
): Promise<void> {
  await untilAnswered(() => client.ask('POST', `/leases/${lease}/result`, result, nothing, { signal }), signal);
}

/** Tries until the manager answers: a frame is kept as long as it is away. */
async function untilAnswered(attempt: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  // What it refuses, it would refuse again, but for a fault of its own and for what broke off on the way.
  const again = (error: unknown): boolean =>
    !(error instanceof RefusedError) || error.status >= 500 || error.status === 400;
  await whileAway(attempt, again, signal);
}

/** Tries again after a pause for as long as an error says that the manager is away. */
export async function whileAway<T>(
  attempt: () => Promise<T>,
  again: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !again(error)) throw error;
    }
    await delay(RETRY_DELAY, undefined, { signal });
  }
}

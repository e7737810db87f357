import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  type DeliveredFile,
  MAX_FRAME_FILES,
  RESULT_HEADER,
  type RenderedResult,
  type TicketResult,
  contentDigest,
  resultHeader,
} from '../../shared/farm';
import { storedBytesSchema } from '../../shared/farm-files';
import { FrameError, type RenderedFile } from '../engines/render-engine';
import { HASH_STEP, hashFile } from '../jobs/output/hash-file';
import { isBelow } from '../data/path-below';
import { type FarmClient, RefusedError } from './farm-client';

/** Pause before the manager is asked again after it was away, in milliseconds. */
const RETRY_DELAY = 1_000;
const nothing = z.unknown();
/** The answer to a file that arrived damaged, and how often it is sent in all. */
const DAMAGED = 422;
const MAX_SENT = 3;
/** Answers after which a request is tried again: it broke off on the way, took too long, or its headers were too large. */
const BROKEN_OFF = [400, 408, 416, 429, 431];

/** What of a delivered file depends on where its scene's copy is. */
export interface CopiedScene {
  /** The folder of the copy. */
  readonly root: string;
  /** Absolute path of a further file, as the scene has it. @param file where its worker has put it */
  pathOf(file: string): string;
}

/**
 * Delivers a rendered frame: its files, in their order, and with the last of them how its ticket ended.
 *
 * @throws RefusedError when the lease is void, FrameError when a frame has too many files
 */
export async function deliverFrame(
  client: FarmClient,
  lease: number,
  files: readonly RenderedFile[],
  copied: CopiedScene,
  rest: Omit<RenderedResult, 'outcome' | 'files'>,
  signal: AbortSignal,
): Promise<void> {
  if (files.length > MAX_FRAME_FILES)
    throw new FrameError(
      `The scene writes ${files.length} files with one frame, and a machine delivers ${MAX_FRAME_FILES} at most: render it on the manager.`,
      true,
      'output',
    );
  const result: TicketResult = { outcome: 'rendered', files: files.map((file) => listedFile(file, copied)), ...rest };
  const told = resultHeader(result);
  let isTold = false;
  for (const [number, { path }] of files.entries()) {
    const isLast = number === files.length - 1;
    for (let sent = 1; ; sent++)
      try {
        isTold = await deliverFile(client, `/leases/${lease}/files/${number}`, path, isLast ? told : null, signal);
        break;
      } catch (error) {
        if (!(error instanceof RefusedError) || error.status !== DAMAGED || sent === MAX_SENT) throw error;
      }
  }
  if (!isTold) await deliverResult(client, lease, result, signal);
}

/**
 * Delivers a file: what broke off goes on where it stopped.
 *
 * @param result that rides on it, for its header; null for none
 * @returns whether the manager says that it has taken the result, too: a proxy between them may drop the header
 */
async function deliverFile(
  client: FarmClient,
  to: string,
  path: string,
  result: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  const { size } = await stat(path);
  // A small one is read once for both.
  const whole = size <= HASH_STEP ? await readFile(path) : null;
  const sha256 = whole ? createHash('sha256').update(whole).digest('hex') : await hashFile(path);
  const digest = { 'content-digest': contentDigest(sha256) };
  let again = false;
  let isTold = false;
  await untilAnswered(async () => {
    const { bytes: offset } = again ? await client.get(to, digest, storedBytesSchema, signal) : { bytes: 0 };
    const headers = {
      ...digest,
      // Once: it may be what a proxy refuses.
      ...(result !== null && !again && { [RESULT_HEADER]: result }),
      'content-type': 'application/octet-stream',
      'content-length': (whole?.length ?? size) - offset,
      'upload-offset': offset,
    };
    again = true;
    const body = whole?.subarray(offset) ?? createReadStream(path, { start: offset });
    const answer = await client.send('PUT', to, { body, headers }, signal);
    isTold = answer[RESULT_HEADER] !== undefined;
  }, signal);
  return isTold;
}

function listedFile({ target, size }: RenderedFile, { root, pathOf }: CopiedScene): DeliveredFile {
  if ('view' in target) return { view: target.view, ...(size && { size }) };
  if ('previewOf' in target) return { previewOf: target.previewOf };
  const file = pathOf(target.file);
  if (!isBelow(file, root)) return { file };
  return { below: relative(root, file).replaceAll(sep, '/') };
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
    !(error instanceof RefusedError) || error.status >= 500 || BROKEN_OFF.includes(error.status);
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

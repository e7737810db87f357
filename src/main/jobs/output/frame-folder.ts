import { mkdirSync } from 'node:fs';
import { opendir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../data/make-folder';
import { outputError } from './output-errors';

/** Identifies one try of one frame permanently. */
export interface FrameTry {
  readonly jobId: number;
  readonly frame: number;
  /** Unique among all tries. */
  readonly lease: number;
}

/** A try, told apart from those of other hosts that write to the same folder. */
export interface HostTry extends FrameTry {
  /** Random id of the host's database; null for names that older versions gave, which have none. */
  readonly host: string | null;
}

/**
 * Name prefix of everything a try leaves in an output folder. It contains the host, whose jobs and leases begin at 1 as
 * those of any other; job and frame, so that leftovers of a killed host are found and removed; and the lease, so that an
 * aborted try never touches files of another.
 */
export function tryName({ host, jobId, frame, lease }: HostTry): string {
  return `${frameName(host, jobId, frame)}-lease-${lease}`;
}

function frameName(host: string | null, jobId: number, frame: number): string {
  return `.framegauge-${host === null ? '' : `${host}-`}job-${jobId}-frame-${frame}`;
}

/**
 * The folder where the files of a try stay until they are verified. It lies beside the output file, so that the last
 * step is a rename within one file system.
 *
 * @param file the frame's output file
 */
export function frameFolder(file: string, attempt: HostTry): string {
  return join(dirname(file), tryName(attempt));
}

/**
 * Creates the empty folder a frame is rendered in.
 *
 * @param file the frame's output file
 * @returns its path
 * @throws UserError when that fails; FrameError for what may pass
 */
export async function makeFrameFolder(file: string, attempt: HostTry): Promise<string> {
  const folder = frameFolder(file, attempt);
  for (const left of unremoved)
    if (dirname(left) === dirname(folder)) await removeLeftover(left).catch(() => undefined);
  if (madeAnew(folder)) return folder;
  try {
    // It can exist only if an older copy of the database was restored.
    await removeLeftover(folder);
    // The output folder may have been deleted since the job started.
    await makeFolder(folder);
    return folder;
  } catch (error) {
    throw outputError(`Images cannot be written to ${dirname(folder)}`, error);
  }
}

/**
 * Fast path, since a worker is waiting: succeeds if the output folder exists.
 *
 * @returns whether the folder was created
 */
function madeAnew(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Leftovers that could not be removed, as on a disk that is read-only for a while: each next try beside one removes it. */
const unremoved = new Set<string>();

/** Removes the folder of a try and its contents, or a file staged beside it, if it exists. */
export async function removeLeftover(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
    unremoved.delete(path);
  } catch (error) {
    unremoved.add(path);
    throw error;
  }
}

/** How a leftover's name goes on. */
const LEFT = /^(|-\d+|-lease-\d+)(|-copy-.*)$/s;

/**
 * Removes the leftovers of all tries of a frame from a folder: their render folders, and copies made for the final
 * rename, including those of older versions, whose names contain no host and no lease. Ignores errors.
 */
export async function removeLeftovers(folder: string, host: string, jobId: number, frame: number): Promise<void> {
  const names = [frameName(host, jobId, frame), frameName(null, jobId, frame)];
  const left: string[] = [];
  try {
    // One after another: a folder may hold a million images.
    for await (const { name } of await opendir(folder, { bufferSize: 1_000 }))
      if (names.some((own) => name.startsWith(own) && LEFT.test(name.slice(own.length)))) left.push(name);
  } catch {
    // What was found so far is removed.
  }
  await Promise.all(left.map((name) => removeLeftover(join(folder, name)).catch(() => undefined)));
}

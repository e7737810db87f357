import { opendir } from 'node:fs/promises';
import { foldedName } from '../../../shared/folded-name';
import type { FrameNumbers } from '../../../shared/frame-range';
import type { JobSettings } from '../../../shared/jobs';
import { frameOfName, outputNames } from '../../../shared/output-pattern';

/** Number of folder entries read per turn of the event loop. */
const NAMES_AT_ONCE = 4_096;

/** Whether file names are compared without case, as the platform's file systems do. */
const FOLDS_CASE = process.platform === 'win32' || process.platform === 'darwin';
const spelling = (name: string): string => (FOLDS_CASE ? foldedName(name) : name);

/**
 * Finds the frames with a file at one of their output paths. The folder is read once, however many frames there are,
 * and no file is opened.
 *
 * @param frames to check
 * @throws the file system's error where the folder exists and can't be read
 */
export async function framesPresent(
  { output, format, views }: Pick<JobSettings, 'output' | 'format' | 'views'>,
  frames: Pick<FrameNumbers, 'has'>,
): Promise<Set<number>> {
  const patterns = views
    .map((view) => outputNames(output, format, view))
    .map(({ before, after, ...same }) => ({ ...same, before: spelling(before), after: spelling(after) }));
  const present = new Set<number>();
  for await (const name of namesIn(patterns[0]!.folder)) {
    for (const pattern of patterns) {
      const frame = frameOfName(spelling(name), pattern);
      if (frame !== null && frames.has(frame)) present.add(frame);
    }
  }
  return present;
}

/** Names of a folder's entries; none where it doesn't exist. */
export async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(folder, { bufferSize: NAMES_AT_ONCE })) yield entry.name;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
}

import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FrameNumbers, frameNumbers } from '../../../shared/frame-range';
import { FINAL_JOB_STATES, type JobSettings } from '../../../shared/jobs';
import type { ImageVerifier } from '../../images/verify-image';
import { sameSettings } from './fingerprint';
import type { JobStore } from '../store/job-store';
import { type Findings, type ScannedJob, type Taken, scanOutputFiles } from './existing-output';
import { frameNamed, mayShareNames, namesKey } from './image-names';
import { imagesOf } from './image-path';

/** Existing images of others that a job may not overwrite, or another job that will write to the same output paths. */
export interface OutputConflict {
  /** The conflict, without a full stop. */
  readonly what: string;
  /** The conflict and how to resolve it. */
  readonly sentence: string;
  /** Number of frames affected. */
  readonly frames: number;
  /** The job that wrote the images or will write them; null where unknown. */
  readonly job: number | null;
}

/** Ways to resolve a conflict. */
const NEW_VERSION = 'render a new version beside them (--new-version)';
const OVERWRITE = 'overwrite them (--overwrite)';
const KEEP = 'take them as they are (--keep-existing)';

/** Message for a conflict of an existing job that is rendered again: only a copy of it can get another output. */
export function sentenceOfRequeue(id: number, { what }: OutputConflict): string {
  return `${what}. Duplicate job ${id} to ${NEW_VERSION}, ${OVERWRITE}, or ${KEEP}.`;
}

/** Message for a conflict of a copy of a job, whose output is that of the original. */
export function sentenceOfCopy({ what }: OutputConflict): string {
  return `${what}. ${capitalized(NEW_VERSION)}, ${OVERWRITE}, or ${KEEP}.`;
}

function capitalized(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

/** Finds conflicts of a job's output before it is added, and warnings about other jobs with the same output. */
export async function findConflict(
  store: JobStore,
  images: ImageVerifier,
  scanned: ScannedJob,
): Promise<{ conflict: OutputConflict | null; there: number; warnings: string[] }> {
  const { settings } = scanned;
  const frames = frameNumbers(settings.frames);
  const rival = await rivalOf(store, scanned, frames);
  const found = settings.overwrite ? null : await scanOutputFiles(store, images, scanned, frames, false);
  return { ...judge(store, scanned, found, rival), there: found ? found.there.size + found.kept.size : 0 };
}

function judge(
  store: JobStore,
  { settings }: ScannedJob,
  found: Findings | null,
  rival: Rival | null,
): { conflict: OutputConflict | null; warnings: string[] } {
  if (found?.firstTaken) return { conflict: conflictOf(found, found.firstTaken), warnings: [] };
  if (!rival) return { conflict: null, warnings: [] };
  const name = `Job ${rival.job} (${store.job(rival.job)!.name})`;
  if (rival.same)
    return {
      conflict: null,
      warnings: [
        `${name}, which has not ended, renders the same images to the same place: those that are there by then are skipped.`,
      ],
    };
  if (settings.overwrite)
    return {
      conflict: null,
      warnings: [`${name}, which has not ended, writes other images to the same place: they replace each other.`],
    };
  if (settings.keepExisting)
    return {
      conflict: null,
      warnings: [
        `${name}, which has not ended, writes other images to the same place: those that are there by then are taken for this job’s.`,
      ],
    };
  return {
    conflict: conflict(
      `${name}, which has not ended, is going to write other images over ${counted(rival.frames)} of this one (${settings.output})`,
      rival.frames,
      rival.job,
    ),
    warnings: [],
  };
}

/** The conflict of frames whose output paths are taken. */
export function conflictOf({ taken }: Pick<Findings, 'taken'>, { job, what }: Taken): OutputConflict {
  const others = taken > 1 ? `. Images of ${taken - 1} other frame${taken > 2 ? 's' : ''} are in the way, too` : '';
  return conflict(`${what}${others}`, taken, job);
}

function conflict(what: string, frames: number, job: number | null): OutputConflict {
  return {
    what,
    sentence: `${what}. ${capitalized(NEW_VERSION)}, ${OVERWRITE}, ${KEEP}, or choose another output.`,
    frames,
    job,
  };
}

interface Rival {
  readonly job: number;
  /** Number of frames both jobs render. */
  readonly frames: number;
  /** Whether both render the same images. */
  readonly same: boolean;
}

/** Maximum number of jobs of a folder that are checked, newest first. */
const MOST_RIVALS = 1_000;

/** An unfinished job that will write images of the same names; one with different images is preferred. */
async function rivalOf(
  store: JobStore,
  { id, settings, fingerprint, folder }: ScannedJob,
  frames: FrameNumbers,
): Promise<Rival | null> {
  const names = namesKey(settings);
  let alike: Rival | null = null;
  for (const job of store.outputs.jobsIn(folder).slice(0, MOST_RIVALS)) {
    const standing = store.standing(job);
    // It may have been deleted while another was compared.
    if (job === id || !standing || FINAL_JOB_STATES.includes(standing.state)) continue;
    const [other, theirs] = [store.settings(job), store.fingerprint(job)];
    const { inCommon, shifted } =
      namesKey(other) === names
        ? {
            inCommon: other.frames === settings.frames ? frames.size : shared(frameNumbers(other.frames), frames),
            shifted: false,
          }
        : await sharedNames(settings, frames, other);
    // Both will render the files as they are then, so changes since the other job was added do not matter.
    if (inCommon === 0) continue;
    if (shifted || theirs === null || !sameSettings(theirs, fingerprint)) return { job, frames: inCommon, same: false };
    alike ??= { job, frames: inCommon, same: true };
  }
  return alike;
}

function shared(a: FrameNumbers, b: FrameNumbers): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let count = 0;
  for (const frame of few) if (many.has(frame)) count++;
  return count;
}

/** Number of frames compared by name before others get a turn. */
const NAMES_AT_ONCE = 2_000;

/**
 * Compares outputs whose names differ, perhaps not all of them.
 *
 * @returns the number of our frames whose images have the name of one of theirs, and whether it is of another frame
 */
async function sharedNames(
  ours: JobSettings,
  frames: FrameNumbers,
  theirs: JobSettings,
): Promise<{ inCommon: number; shifted: boolean }> {
  if (!mayShareNames(ours, theirs)) return { inCommon: 0, shifted: false };
  const wanted = frameNumbers(theirs.frames);
  let [inCommon, shifted, seen] = [0, false, 0];
  for (const frame of frames) {
    if (++seen % NAMES_AT_ONCE === 0) await nextTurn();
    const met = imagesOf(ours, frame)
      .map((file) => frameNamed(theirs, basename(file)))
      .filter((other) => other !== null && wanted.has(other));
    if (met.length > 0) inCommon++;
    if (met.some((other) => other !== frame)) shifted = true;
  }
  return { inCommon, shifted };
}

function counted(frames: number): string {
  return frames === 1 ? '1 frame' : `${frames} frames`;
}

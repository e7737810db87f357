import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FrameNumbers } from '../../../shared/frame-range';
import type { JobSettings } from '../../../shared/jobs';
import type { ImageVerifier } from '../../images/verify-image';
import { sameSettings } from './fingerprint';
import { existingImage } from './existing-image';
import { frameNamed, mayShareNames, namesKey } from './image-names';
import { imagesOf } from './image-path';
import { type FileStamp, isSame, stampOf } from './output-stamps';
import type { FrameRecord } from '../store/frame-store';
import type { JobStore } from '../store/job-store';
import { framesPresent } from './present-images';

/** Number of frames checked in parallel. */
const AT_ONCE = 16;
/** Number of frame records read per query. */
const RECORDS_AT_ONCE = 2_000;
/**
 * Limits of the check before a job is added: number of images opened, and number of files whose stamps are checked. The
 * remaining frames are judged by their records.
 */
const MAX_OPENED_BEFORE = 64;
const MAX_CHECKED_BEFORE = 1_000;
/** Maximum number of jobs per folder that are checked for having written a file. */
const MAX_WRITERS = 100;

/** A job, existing or new, whose output files are scanned. */
export interface ScannedJob {
  /** null for a new job. */
  readonly id: number | null;
  readonly settings: JobSettings;
  readonly fingerprint: string;
  /** The folder of its images, as stored. */
  readonly folder: string;
}

/**
 * What was found at a frame's output paths. `render`: nothing; `replace`: incomplete images or this job's own, which
 * may be overwritten; `there`: images of the same content, by any job; `kept`: complete images of the right size that
 * this job keeps; `taken`: files that must not be overwritten.
 */
export type Finding = { readonly kind: 'render' | 'replace' | 'there' | 'kept' } | Taken;

/** A frame's output path holds a file that must not be overwritten. */
export interface Taken {
  readonly kind: 'taken';
  readonly frame: number;
  readonly file: string;
  /** The job that rendered it; null where unknown. */
  readonly job: number | null;
  /** Description without a full stop. */
  readonly what: string;
}

/** What was found at the output paths of many frames. */
export interface Findings {
  readonly there: ReadonlySet<number>;
  readonly kept: ReadonlySet<number>;
  readonly replaceable: ReadonlySet<number>;
  /** Number of frames with a conflict. */
  readonly taken: number;
  readonly firstTaken: Taken | null;
}

/**
 * Scans a job's output paths. The folder is read once, and frame records only for paths that exist.
 *
 * @param full checks every file; before a job is added only the first ones are checked, so that a million files do not
 * delay the answer
 * @param wanted whether the result is still needed
 */
export async function scanOutputFiles(
  store: JobStore,
  images: ImageVerifier,
  scanned: ScannedJob,
  frames: Pick<FrameNumbers, 'has'>,
  full: boolean,
  wanted: () => boolean = () => true,
): Promise<Findings> {
  const there = new Set<number>();
  const kept = new Set<number>();
  const replaceable = new Set<number>();
  let taken = 0;
  let firstTaken: Taken | null = null;
  const present = await framesPresent(scanned.settings, frames);
  const { fellows, kin } = present.size > 0 ? jobsOfNames(store, scanned) : { fellows: [], kin: [] };
  const writers = [...fellows, ...kin];
  const latest = await latestRecords(store, scanned, fellows, present);
  let [opened, checked] = [0, 0];
  const list = [...present].sort((a, b) => a - b);
  for (let at = 0; at < list.length && wanted(); at += AT_ONCE) {
    const some = list.slice(at, at + AT_ONCE);
    const findings = await Promise.all(
      some.map(async (frame): Promise<Finding> => {
        const known = latest.get(frame) ?? null;
        const same = known?.fingerprint === scanned.fingerprint;
        if (!full) {
          // Judged by the records; changes since then are found by the full scan before the first frame is rendered.
          if ((known?.own || same) && ++checked > MAX_CHECKED_BEFORE) return { kind: known?.own ? 'replace' : 'there' };
          if (!known?.own && !same && ++opened > MAX_OPENED_BEFORE)
            return scanned.settings.keepExisting
              ? { kind: 'kept' }
              : takenBy(scanned, frame, imagesOf(scanned.settings, frame)[0]!, known);
        }
        return scanFiles(store, images, scanned, known ? [known.job, ...writers] : writers, frame);
      }),
    );
    for (const [index, finding] of findings.entries()) {
      const frame = some[index]!;
      if (finding.kind === 'there') there.add(frame);
      else if (finding.kind === 'kept') kept.add(frame);
      else if (finding.kind === 'replace') replaceable.add(frame);
      else if (finding.kind === 'taken') {
        taken++;
        firstTaken ??= finding;
      }
    }
    if (at % 1_024 === 0) await nextTurn();
  }
  return { there, kept, replaceable, taken, firstTaken };
}

/** Checks the output paths of one frame. */
export function scanFrame(
  store: JobStore,
  images: ImageVerifier,
  scanned: ScannedJob,
  frame: number,
): Promise<Finding> {
  const { fellows, kin } = jobsOfNames(store, scanned);
  return scanFiles(store, images, scanned, [...fellows, ...kin], frame);
}

/** @param jobs that may have written the files, likeliest first */
async function scanFiles(
  store: JobStore,
  images: ImageVerifier,
  scanned: ScannedJob,
  jobs: readonly number[],
  frame: number,
): Promise<Finding> {
  const { id, settings, fingerprint } = scanned;
  const files = imagesOf(settings, frame);
  const found: ('none' | 'ours' | 'there' | 'broken' | 'whole')[] = [];
  for (const file of files) {
    const now = await stampOf(file);
    const record = now && writerOf(store, jobs, basename(file), now);
    if (record && record.job === id) found.push('ours');
    else if (record && record.frame === frame && record.fingerprint === fingerprint) found.push('there');
    else {
      const existing = await existingImage(images, file, settings);
      if (typeof existing === 'object') return { ...takenBy(scanned, frame, file, record), what: existing.other };
      if (existing === 'same' && !settings.keepExisting) return takenBy(scanned, frame, file, record);
      found.push(existing === 'same' ? 'whole' : existing);
    }
  }
  if (found.every((one) => one === 'none')) return { kind: 'render' };
  if (found.every((one) => one === 'there')) return { kind: 'there' };
  if (found.every((one) => one === 'there' || one === 'whole')) return { kind: 'kept' };
  const whole = found.indexOf('whole');
  // One of several views is missing: the others can't be kept, and this job may not overwrite them.
  if (whole !== -1) return takenBy(scanned, frame, files[whole]!, null);
  return { kind: 'replace' };
}

function takenBy(
  { fingerprint }: ScannedJob,
  frame: number,
  file: string,
  record: (Pick<FrameRecord, 'job' | 'fingerprint'> & { readonly frame?: number }) | null,
): Taken {
  const whose =
    record === null
      ? 'no job here rendered it'
      : record.frame !== undefined && record.frame !== frame
        ? `job ${record.job} rendered it as its frame ${record.frame}`
        : `job ${record.job} rendered it ${record.fingerprint && sameSettings(record.fingerprint, fingerprint) ? 'from the scene as it was before' : 'with other settings'}`;
  return { kind: 'taken', frame, file, job: record?.job ?? null, what: `${file} is there already: ${whose}` };
}

/** The record of the job that wrote a frame's images last. */
interface Latest {
  readonly job: number;
  /** Whether this job wrote any of them, no matter which job did so last. */
  readonly own: boolean;
  readonly fingerprint: string | null;
  readonly writtenAt: number;
}

/** Jobs in the same folder, newest first: those with the same image names, and those that share some of them. */
function jobsOfNames(store: JobStore, { settings, folder }: ScannedJob): { fellows: number[]; kin: number[] } {
  const names = namesKey(settings);
  const [fellows, kin]: [number[], number[]] = [[], []];
  for (const id of store.outputs.jobsIn(folder)) {
    const other = store.settings(id);
    if (namesKey(other) === names) fellows.push(id);
    else if (mayShareNames(settings, other)) kin.push(id);
  }
  return { fellows, kin };
}

async function latestRecords(
  store: JobStore,
  scanned: ScannedJob,
  fellows: readonly number[],
  frames: ReadonlySet<number>,
): Promise<Map<number, Latest>> {
  const latest = new Map<number, Latest>();
  for (const job of fellows) {
    for (let after = -1; ;) {
      const records = store.frames.recordsAfter(job, after, RECORDS_AT_ONCE);
      for (const { frame, fingerprint, writtenAt } of records) {
        if (!frames.has(frame)) continue;
        const known = latest.get(frame);
        const own = job === scanned.id || (known?.own ?? false);
        const at = writtenAt ?? 0;
        if (known && known.writtenAt > at) latest.set(frame, { ...known, own });
        else latest.set(frame, { job, own, fingerprint, writtenAt: at });
      }
      if (records.length < RECORDS_AT_ONCE) break;
      after = records.at(-1)!.position;
      await nextTurn();
    }
  }
  return latest;
}

/** The record of the job that wrote a file in its current state; null where there is none. */
function writerOf(store: JobStore, jobs: readonly number[], name: string, now: FileStamp): FrameRecord | null {
  for (const job of jobs.slice(0, MAX_WRITERS)) {
    const frame = frameNamed(store.settings(job), name);
    const record = frame === null ? null : store.frames.record(job, frame);
    if (record?.stamps.some((stamp) => basename(stamp.path) === name && isSame(stamp, now))) return record;
  }
  return null;
}

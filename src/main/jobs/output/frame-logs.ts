import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../shared/user-error';

/** The last lines of a try that are kept. */
const MAX_LINES = 500;
/** The most bytes of a try that are kept. */
const MAX_BYTES = 256 * 1024;
/** How many frames `read` tells of when it is asked for none, and how many tries when it is asked for one. */
const NEWEST = 20;
/** What a file takes on the disk at least, in bytes: a million small logs are not small. */
const BLOCK = 4096;
/** Where room is made, so much of the limit is left filled: it need not be made again at the next frame. */
const AFTER_CLEARING = 0.9;

/** What an engine printed during one try of a frame. */
export interface FrameLog {
  readonly frame: number;
  /** From 1. */
  readonly attempt: number;
  /** Oldest first. */
  readonly lines: string[];
}

export interface FrameLogsOptions {
  /** Told a sentence when logs can't be kept; once, until they can be again. */
  onProblem(text: string): void;
  /** What all logs together may take, in bytes. */
  readonly maxBytes?: number;
}

/** The logs of frames, as files in a folder for each job. */
export interface FrameLogs {
  /** Writes what was printed during a try; of much only the end. Never rejects: a render does not depend on its log. */
  keep(jobId: number, frame: number, attempt: number, lines: readonly string[]): Promise<void>;
  /** The newest tries of a frame, or those of the job's last 20 frames; oldest first. Empty where nothing was kept. */
  read(jobId: number, frame?: number): Promise<FrameLog[]>;
  /** Removes what was kept of a job. Never rejects. */
  remove(jobId: number): Promise<void>;
}

interface Kept {
  /** When it was written, milliseconds since 1970, growing; the file's name says it, so that no file has to be looked at to find the newest. */
  readonly time: number;
  readonly frame: number;
  readonly attempt: number;
  readonly file: string;
}

interface Usage {
  bytes: number;
  newest: number;
}

/**
 * Keeps logs in `<folder>/<job>/<time>_<frame>_<attempt>.log`. All together are bounded: the jobs that were last written to longest ago make room first, then the oldest tries of the one
 * that is left. Logs are not flushed to the disk: a power cut may take the last ones.
 *
 * @param folder absolute; made when the first log is written
 */
export function createFrameLogs(folder: string, { onProblem, maxBytes = 500_000_000 }: FrameLogsOptions): FrameLogs {
  /** What each job's logs take; null until the folder was looked through. */
  let usage: Map<number, Usage> | null = null;
  let lastTime = 0;
  let told = false;
  /** One step after another, so that a job's removal and its last log don't cross. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = last.then(step);
    last = done.catch(() => undefined);
    return done;
  }

  async function guarded(step: () => Promise<void>): Promise<void> {
    try {
      await inTurn(step);
      told = false;
    } catch (error) {
      if (told) return;
      told = true;
      onProblem(
        `The logs of frames cannot be kept in ${folder} (${messageOf(error)}): rendering goes on without them.`,
      );
    }
  }

  const folderOf = (jobId: number): string => join(folder, String(jobId));

  async function list(jobId: number): Promise<Kept[]> {
    const names = await readdir(folderOf(jobId)).catch(nothingThere);
    return names.flatMap((name) => parseName(folderOf(jobId), name) ?? []).sort((a, b) => a.time - b.time);
  }

  /** Looks through what earlier hosts left. */
  async function measure(): Promise<Map<number, Usage>> {
    const measured = new Map<number, Usage>();
    for (const name of await readdir(folder).catch(nothingThere)) {
      if (!/^\d+$/.test(name)) continue;
      const kept = await list(Number(name));
      let bytes = 0;
      for (const { file } of kept) bytes += await bytesOf(file);
      measured.set(Number(name), { bytes, newest: kept.at(-1)?.time ?? 0 });
    }
    return measured;
  }

  async function makeRoom(jobs: Map<number, Usage>): Promise<void> {
    let total = 0;
    for (const { bytes } of jobs.values()) total += bytes;
    if (total <= maxBytes) return;
    for (const [id, used] of [...jobs].sort(([, a], [, b]) => a.newest - b.newest)) {
      if (total <= maxBytes * AFTER_CLEARING) return;
      if (jobs.size > 1) {
        await rm(folderOf(id), { recursive: true, force: true });
        jobs.delete(id);
        total -= used.bytes;
        continue;
      }
      for (const { file } of await list(id)) {
        if (total <= maxBytes * AFTER_CLEARING) break;
        const bytes = await bytesOf(file);
        await rm(file, { force: true });
        used.bytes -= bytes;
        total -= bytes;
      }
    }
  }

  return {
    keep: (jobId, frame, attempt, lines) =>
      guarded(async () => {
        if (lines.length === 0) return;
        usage ??= await measure();
        await mkdir(folderOf(jobId), { recursive: true });
        lastTime = Math.max(Date.now(), lastTime + 1);
        const text = lastPart(lines);
        await writeFile(join(folderOf(jobId), `${lastTime}_${frame}_${attempt}.log`), text);
        const used = usage.get(jobId) ?? { bytes: 0, newest: 0 };
        usage.set(jobId, { bytes: used.bytes + blocks(Buffer.byteLength(text)), newest: lastTime });
        await makeRoom(usage);
      }),
    async read(jobId, frame) {
      // What is being written belongs to it.
      await last;
      const kept = await list(jobId);
      const wanted =
        frame === undefined ? ofLastFrames(kept) : kept.filter((log) => log.frame === frame).slice(-NEWEST);
      const logs: FrameLog[] = [];
      for (const log of wanted) {
        // It may have made room for another meanwhile.
        const text = await readFile(log.file, 'utf8').catch(() => null);
        if (text !== null) logs.push({ frame: log.frame, attempt: log.attempt, lines: text.split('\n') });
      }
      return logs;
    },
    remove: (jobId) =>
      guarded(async () => {
        await rm(folderOf(jobId), { recursive: true, force: true });
        usage?.delete(jobId);
      }),
  };
}

/** The end of what was printed, with a line that says what is missing. */
function lastPart(given: readonly string[]): string {
  const lines = given.flatMap((line) => line.split(/\r\n|\r|\n/));
  let begin = lines.length;
  let bytes = 0;
  while (begin > 0 && lines.length - begin < MAX_LINES) {
    bytes += Buffer.byteLength(lines[begin - 1]!) + 1;
    if (bytes > MAX_BYTES) break;
    begin--;
  }
  const end = lines.slice(begin);
  // One line that is too long by itself: its beginning says most about it. A character has up to three bytes in UTF-8 for each of its units here.
  if (end.length === 0) return `${lines.at(-1)!.slice(0, Math.floor(MAX_BYTES / 3))}…`;
  if (begin === 0) return end.join('\n');
  const left = end.length === MAX_LINES ? end.slice(1) : end;
  return [`… ${lines.length - left.length} earlier lines were left out`, ...left].join('\n');
}

function ofLastFrames(kept: readonly Kept[]): Kept[] {
  const frames = new Set<number>();
  for (let index = kept.length - 1; index >= 0 && frames.size < NEWEST; index--) frames.add(kept[index]!.frame);
  return kept.filter(({ frame }) => frames.has(frame)).slice(-NEWEST * 3);
}

function parseName(folder: string, name: string): Kept | null {
  const parts = /^(\d+)_(-?\d+)_(\d+)\.log$/.exec(name);
  return (
    parts && { time: Number(parts[1]), frame: Number(parts[2]), attempt: Number(parts[3]), file: join(folder, name) }
  );
}

async function bytesOf(file: string): Promise<number> {
  const info = await stat(file).catch(() => null);
  return info ? blocks(info.size) : 0;
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

function nothingThere(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../data/make-folder';
import { oneAtATime } from '../../../shared/one-at-a-time';
import { messageOf } from '../../../shared/user-error';
import { PRIVATE_FILE } from '../../data/private-files';

/** Maximum number of lines kept per try; the last ones are. */
const MAX_LINES = 500;
/** Maximum number of bytes kept per try. */
const MAX_BYTES = 256 * 1024;
/** Number of frames returned by `read` without a frame, and number of tries returned with one. */
const NEWEST = 20;
/** Minimum disk usage of a file, in bytes: a million small logs add up. */
const BLOCK = 4096;
/** Share of the limit that remains after pruning, so that the next frame doesn't trigger it again. */
const AFTER_CLEARING = 0.9;

/** Engine output during one try of a frame. */
export interface FrameLog {
  readonly frame: number;
  /** Starts at 1. */
  readonly attempt: number;
  /** Oldest first. */
  readonly lines: string[];
}

export interface FrameLogsOptions {
  /** Called once with a sentence when logs can't be written, and again only after a success in between. */
  onFault(text: string): void;
  /** Called when logs can be written again. */
  onMended?(): void;
  /** Maximum total size of all logs, in bytes. */
  readonly maxBytes?: number;
}

/** Stores logs of frames, as files in one folder per job. */
export interface FrameLogs {
  /** Stores the output of a try, cut to its end if long. Never rejects: a render must not depend on its log. */
  keep(jobId: number, frame: number, attempt: number, lines: readonly string[]): Promise<void>;
  /** The latest tries of a frame, or those of the job's last 20 frames; oldest first. Empty if none were stored. */
  read(jobId: number, frame?: number): Promise<FrameLog[]>;
  /** Removes the logs of a job. Never rejects. */
  remove(jobId: number): Promise<void>;
}

interface Kept {
  /**
   * Time of writing, milliseconds since 1970, strictly increasing. It is part of the file name, so that finding the
   * newest needs no stat calls.
   */
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
 * Stores logs as `<folder>/<job>/<time>_<frame>_<attempt>.log`, with a limit on their total size: the least recently
 * written jobs are pruned first, then the oldest tries of the last one left. Logs are not flushed; a power cut may lose
 * the latest.
 *
 * @param folder absolute; created with the first log
 */
export function createFrameLogs(
  folder: string,
  { onFault, onMended, maxBytes = 500_000_000 }: FrameLogsOptions,
): FrameLogs {
  /** Disk usage per job; null until the folder was scanned. */
  let usage: Map<number, Usage> | null = null;
  let lastTime = 0;
  let told = false;
  /** Serialises operations, so that removing a job can't race with writing its last log. */
  const inTurn = oneAtATime();

  async function guarded(step: () => Promise<void>): Promise<void> {
    try {
      await inTurn(step);
      if (told) onMended?.();
      told = false;
    } catch (error) {
      if (told) return;
      told = true;
      onFault(`The logs of frames cannot be kept in ${folder} (${messageOf(error)}): rendering goes on without them.`);
    }
  }

  const folderOf = (jobId: number): string => join(folder, String(jobId));

  async function list(jobId: number): Promise<Kept[]> {
    const names = await readdir(folderOf(jobId)).catch(nothingThere);
    return names.flatMap((name) => parseName(folderOf(jobId), name) ?? []).sort((a, b) => a.time - b.time);
  }

  /** Scans the logs of earlier hosts. */
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
        lastTime = Math.max(Date.now(), lastTime + 1);
        const text = lastPart(lines);
        const write = (): Promise<void> =>
          writeFile(join(folderOf(jobId), `${lastTime}_${frame}_${attempt}.log`), text, { mode: PRIVATE_FILE });
        // The folder is there but for the first frame.
        await write().catch(async (error: unknown) => {
          nothingThere(error);
          await makeFolder(folderOf(jobId), 0o700);
          await write();
        });
        const used = usage.get(jobId) ?? { bytes: 0, newest: 0 };
        usage.set(jobId, { bytes: used.bytes + blocks(Buffer.byteLength(text)), newest: lastTime });
        await makeRoom(usage);
      }),
    async read(jobId, frame) {
      // Includes writes in progress.
      await inTurn(() => undefined);
      const kept = await list(jobId);
      const wanted =
        frame === undefined ? ofLastFrames(kept) : kept.filter((log) => log.frame === frame).slice(-NEWEST);
      const logs: FrameLog[] = [];
      for (const log of wanted) {
        // It may have been pruned meanwhile.
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

/** The end of the output, preceded by a line about what was cut. */
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
  // A single line that is too long: keeps its beginning, which says most. A UTF-16 unit takes up to three bytes in
  // UTF-8.
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

import type { Job, JobRequest } from '../api/context';
import type { Ledger, LedgerEntry } from './ledger';
import { putAway } from './put-away';
import { type FolderContent, type SceneFile, scanFolder } from './scan-folder';
import { createSettling } from './settling';

/** Maximum number of unfinished jobs of the folder; further scenes wait in it. */
const MAX_OPEN = 200;

export interface WatchOptions {
  /** Absolute. */
  readonly folder: string;
  readonly ledger: Ledger;
  /** @throws Error with the reason why there can be no job */
  readonly submit: (request: JobRequest) => Promise<Pick<Job, 'id'>>;
  /** null where there is no such job any more. */
  readonly job: (id: number) => Promise<Pick<Job, 'state' | 'reason'> | null>;
  /** An unfinished or finished job of a scene that was submitted at or after a time, if there is one. */
  readonly jobOf: (scene: string, since: number) => Promise<Pick<Job, 'id'> | null>;
  readonly request: (name: string) => JobRequest;
  /** Seconds for which a file must not change. */
  readonly stableSeconds: () => number;
  readonly told: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
  readonly scan?: (folder: string) => Promise<FolderContent>;
}

export type WatchEvent =
  | { readonly what: 'taken'; readonly name: string; readonly job: number }
  | { readonly what: 'refused'; readonly name: string; readonly reason: string }
  | {
      readonly what: 'moved';
      readonly name: string;
      readonly to: 'done' | 'failed';
      readonly path: string;
      readonly reason: string;
    };

/** What one look at the folder found. */
export interface WatchState {
  /** Scenes that are not taken yet. */
  readonly waiting: number;
  /** Unfinished jobs. */
  readonly open: number;
  readonly ignored: number;
  /** Why a file stays where it is, a sentence; null when none does. */
  readonly trouble: string | null;
}

export interface Watch {
  /**
   * Looks at the folder once: submits what is complete, and moves what is finished.
   *
   * @throws Error from the file system when the folder cannot be read; nothing is lost by that
   */
  look(): Promise<WatchState>;
  /** Notes that a job has ended, to be put away by the next look. */
  ended(job: number): void;
  /** Asks for the state of every job: what happened while the add-on was off is not told as events. */
  reconcile(): Promise<void>;
}

/** Watches one folder. Calls of `look` and `reconcile` must not overlap. */
export function createWatch(options: WatchOptions): Watch {
  const { folder, ledger, told, signal, now = () => performance.now(), scan = scanFolder } = options;
  const settling = createSettling();
  const ended = new Set<number>();

  async function settleJob(entry: LedgerEntry): Promise<void> {
    const job = await options.job(entry.job!);
    if (!job) return ledger.change(entry, { end: { to: 'failed', reason: 'Its job was removed from the queue.' } });
    const { state, reason } = job;
    if (state === 'completed') await ledger.change(entry, { end: { to: 'done', reason: '' } });
    else if (state === 'failed' || state === 'cancelled')
      await ledger.change(entry, {
        end: {
          to: 'failed',
          reason: `Job ${entry.job} ${state === 'failed' ? 'has failed' : 'was cancelled'}. ${reason ?? ''}`.trim(),
        },
      });
  }

  /** A crash came between submitting and noting it, or before the submission. */
  async function resume(entry: LedgerEntry): Promise<void> {
    const { scene } = options.request(entry.name);
    const job = await options.jobOf(scene, entry.takenAt);
    if (job) await ledger.change(entry, { job: job.id });
    else await ledger.remove(entry);
  }

  async function take(file: SceneFile): Promise<void> {
    const entry = await ledger.add(folder, file);
    try {
      const { id } = await options.submit(options.request(file.name));
      await ledger.change(entry, { job: id });
      told({ what: 'taken', name: file.name, job: id });
    } catch (error) {
      // The host ends: the next start looks for a job, and submits the scene again if there is none.
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      await ledger.change(entry, { end: { to: 'failed', reason } });
      told({ what: 'refused', name: file.name, reason });
    }
  }

  /** @returns why the file stays where it is; null when it does not */
  async function settleEntry(entry: LedgerEntry, file: SceneFile | undefined): Promise<string | null> {
    if (!entry.end) return null;
    const changed = file && (file.size !== entry.size || file.changedAt !== entry.changedAt);
    if (!file || changed) {
      // Somebody took it away, or put another one in its place, which is then a new scene.
      await ledger.remove(entry);
      return null;
    }
    try {
      const path = await putAway(folder, entry.name, entry.end.to, entry.end.reason);
      await ledger.remove(entry);
      told({ what: 'moved', name: entry.name, ...entry.end, path });
      return null;
    } catch (error) {
      return `“${entry.name}” cannot be moved to ${entry.end.to}/: ${(error as Error).message}`;
    }
  }

  return {
    ended(job) {
      ended.add(job);
    },
    async reconcile() {
      for (const entry of ledger.of(folder)) {
        if (signal.aborted) return;
        if (entry.end) continue;
        if (entry.job === null) await resume(entry);
        else await settleJob(entry);
      }
    },
    async look() {
      const { scenes, ignored, unknown } = await scan(folder);
      const files = new Map(scenes.map((file) => [file.name, file]));
      settling.keepOnly(scenes);
      let trouble = [...unknown.values()][0] ?? null;
      const finished = [...ended];
      ended.clear();
      const entries = ledger.of(folder);
      for (const entry of entries) {
        if (signal.aborted) break;
        if (entry.job !== null && !entry.end && finished.includes(entry.job)) await settleJob(entry);
        // It is still there, and is moved by a later look.
        if (!unknown.has(entry.name)) trouble = (await settleEntry(entry, files.get(entry.name))) ?? trouble;
      }
      const taken = new Set(ledger.of(folder).map(({ name }) => name));
      const gone = new Set(entries.map(({ name }) => name));
      let open = ledger.of(folder).filter(({ end }) => !end).length;
      let waiting = 0;
      for (const file of scenes) {
        // What was moved away during this look is still in the list.
        if (taken.has(file.name) || gone.has(file.name)) continue;
        const complete = settling.isComplete(file, now(), options.stableSeconds());
        if (!complete || open >= MAX_OPEN || signal.aborted) {
          waiting++;
          continue;
        }
        await take(file);
        open++;
      }
      // What was refused goes at once.
      for (const entry of ledger.of(folder))
        if (entry.end && !gone.has(entry.name)) trouble = (await settleEntry(entry, files.get(entry.name))) ?? trouble;
      return { waiting, open: ledger.of(folder).filter(({ end }) => !end).length, ignored, trouble };
    },
  };
}

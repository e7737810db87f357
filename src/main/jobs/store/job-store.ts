import { dirname, join } from 'node:path';
import type { FailureCode } from '../../../shared/failures';
import { FINAL_JOB_STATES, type JobSettings, type JobState } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import { addFrames, countFrames, releaseFrames, replaceFrames, requeueFrames } from './bulk-frames';
import { openDatabase } from './database';
import { type Wait, waitOf } from './dependencies';
import { FrameStore } from './frame-store';
import { FrameTries } from './frame-tries';
import { JobList } from './job-list';
import { JobOutputs } from './job-outputs';
import { JOB_COLUMNS, JobEntry, type JobRow, type JobStanding, type StoredJob, toJob } from './job-row';
import { withWarnings } from './job-texts';
import { type FramesAgain, type JobLabels, type JobSchedule, type NewJob, framesOf, rowOf } from './new-job';
import { QueueNotes } from './queue-notes';
import { StoreConnection } from './store-connection';
import { checkJobMove } from './transitions';

/** The queue's jobs, stored in SQLite. Changes are on disk when a method returns. */
export class JobStore {
  /** Notice about the database for the user; null for none. */
  readonly notice: string | null;
  readonly frames: FrameStore;
  readonly tries: FrameTries;
  readonly outputs: JobOutputs;
  readonly notes: QueueNotes;
  readonly #connection: StoreConnection;
  readonly #jobs: JobList;

  /** @param engines that jobs may have; defaults to the built-in ones */
  constructor(dataFolder: string, engines?: readonly EngineId[]) {
    const file = join(dataFolder, 'queue.sqlite');
    const { database, notice } = openDatabase(file, engines);
    this.notice = notice;
    this.#connection = new StoreConnection(database, file);
    const rows = this.#connection.all(`SELECT ${JOB_COLUMNS} FROM jobs ORDER BY place, id`) as JobRow[];
    this.#jobs = new JobList(rows.map((row) => new JobEntry(row)));
    this.frames = new FrameStore(this.#connection, this.#jobs);
    this.tries = new FrameTries(this.#connection, this.#jobs);
    this.outputs = new JobOutputs(this.#connection, this.#jobs);
    this.notes = new QueueNotes(this.#connection);
  }

  /** In queue order. */
  jobs(): StoredJob[] {
    return this.#jobs.all().map((entry) => this.#toJob(entry));
  }

  /** Ids in rendering order: higher priority first, then queue order. */
  ranked(states?: readonly JobState[]): number[] {
    const ranked = this.#jobs.ranked();
    return (states ? ranked.filter(({ row }) => states.includes(row.state)) : ranked).map(({ row }) => row.id);
  }

  /** Unfinished jobs, in queue order. */
  unfinished(): StoredJob[] {
    return this.#jobs.unfinished().map((entry) => this.#toJob(entry));
  }

  get unfinishedCount(): number {
    return this.#jobs.unfinishedCount;
  }

  /** Another number after every change to a job. */
  get revision(): number {
    return this.#jobs.revision;
  }

  /** Ids of the jobs in some states, or of all, in queue order. */
  ids(states?: readonly JobState[]): number[] {
    return this.#jobs.inStates(states).map(({ row }) => row.id);
  }

  job(id: number): StoredJob | null {
    const entry = this.#jobs.find(id);
    return entry ? this.#toJob(entry) : null;
  }

  /** What scheduling needs, without building a whole {@link StoredJob}. */
  standing(id: number): JobStanding | null {
    const row = this.#jobs.find(id)?.row;
    if (!row) return null;
    const { engine, state, priority, place: position, start_at: startAt, finished_at: finishedAt } = row;
    return { engine, state, priority, position, startAt, finishedAt };
  }

  /** What a queued job waits for; null when it may start. */
  wait(id: number): Wait | null {
    const { row, after } = this.#jobs.get(id);
    if (row.state !== 'queued' || (after.length === 0 && row.start_at === null)) return null;
    return waitOf({ after, startAt: row.start_at }, (other) => this.#jobs.find(other)?.row ?? null, Date.now());
  }

  /** Ids of the jobs that depend on a job. */
  followers(id: number): number[] {
    return this.#jobs.followers(id);
  }

  add(job: NewJob): StoredJob {
    const frames = framesOf(job.settings);
    const row = rowOf(job, this.#jobs.nextPosition(), frames.length);
    const id = this.#connection.transaction(() => {
      const added = this.#connection.insert('jobs', row);
      addFrames(this.#connection, added, frames);
      return added;
    });
    const entry = new JobEntry({ id, ...row });
    this.#jobs.add(entry);
    return this.#toJob(entry);
  }

  /** Deletes a job and its frames; its images are kept. Jobs that depend on it no longer wait if it had completed. */
  remove(id: number): void {
    const entry = this.#jobs.get(id);
    const freed = entry.row.state === 'completed' ? this.#jobs.followers(id) : [];
    const changes = freed.map((follower) => {
      const job = this.#jobs.get(follower);
      return [job, { comes_after: JSON.stringify(job.after.filter((other) => other !== id)) }] as const;
    });
    this.#connection.transaction(() => {
      for (const [job, change] of changes) this.#connection.update('jobs', { id: job.row.id }, change);
      this.#connection.run('DELETE FROM jobs WHERE id = ?', id);
    });
    for (const [job, change] of changes) this.#jobs.update(job, change);
    this.#jobs.remove(entry);
  }

  /** Changes a job's state. Every state but `rendering` returns the frames in work to waiting. */
  setState(id: number, state: JobState, reason: string | null, failure: FailureCode | null = null): StoredJob {
    const { row } = this.#jobs.get(id);
    checkJobMove(id, row.state, state, reason);
    const now = Date.now();
    const released = state === 'rendering' ? 0 : row.rendering;
    return this.#change(id, () => {
      if (released > 0) releaseFrames(this.#connection, id);
      return {
        state,
        reason,
        failure,
        started_at: state === 'rendering' ? (row.started_at ?? now) : row.started_at,
        finished_at: FINAL_JOB_STATES.includes(state) ? now : null,
        rendering: row.rendering - released,
        waiting: row.waiting + released,
      };
    });
  }

  /**
   * Returns frames of a job to waiting. A finished job is queued again.
   * Its files stay recorded as its own.
   */
  requeue(id: number, frames: FramesAgain): StoredJob {
    const ended = FINAL_JOB_STATES.includes(this.#jobs.get(id).row.state);
    return this.#change(id, () => {
      requeueFrames(this.#connection, id, frames);
      return {
        ...(ended ? { state: 'queued', reason: null, failure: null, started_at: null, finished_at: null } : {}),
        ...countFrames(this.#connection, id),
      };
    });
  }

  /**
   * Changes a job's settings. Frames still in its range keep their state; the others are deleted, new ones wait, and
   * all are put into the order of the settings.
   *
   * @param anew frames to render again: all (`images`, since theirs would differ), the skipped ones, or none
   * @param folder where its images go, with links resolved
   */
  setSettings(
    id: number,
    settings: JobSettings,
    anew: 'images' | 'skipped' | 'none',
    folder = dirname(settings.output),
  ): StoredJob {
    return this.#change(id, () => {
      replaceFrames(this.#connection, id, framesOf(settings));
      if (anew !== 'none') requeueFrames(this.#connection, id, anew === 'images' ? 'all' : anew);
      return { settings: JSON.stringify(settings), folder, ...countFrames(this.#connection, id) };
    });
  }

  /** Changes a job's schedule, its name and its note. */
  setSchedule(id: number, { priority, after, startAt, ...labels }: JobSchedule & Partial<JobLabels>): StoredJob {
    return this.#change(id, () => ({ ...labels, priority, start_at: startAt, comes_after: JSON.stringify(after) }));
  }

  /** Moves a job before another in queue order; null: to the end. @returns the jobs whose position changed */
  move(id: number, before: number | null): StoredJob[] {
    const next = before === null ? null : this.#jobs.get(before);
    const positions = this.#jobs.positionsWhenMoved(this.#jobs.get(id), next);
    this.#connection.transaction(() => {
      for (const [{ row }, position] of positions) this.#connection.update('jobs', { id: row.id }, { place: position });
    });
    this.#jobs.reorder(positions);
    return [...positions.keys()].map((entry) => this.#toJob(entry));
  }

  /** Adds warnings to a job. @returns whether any of them is new */
  addWarnings(id: number, warnings: readonly string[]): boolean {
    const all = withWarnings(this.#jobs.get(id).warnings, warnings);
    if (all !== null) this.#change(id, () => ({ warnings: all }));
    return all !== null;
  }

  /** The settings of a job, without building a whole {@link StoredJob}. */
  settings(id: number): JobSettings {
    return this.#jobs.get(id).settings;
  }

  /** Where a job's images go, with links resolved. */
  folder(id: number): string {
    return this.#jobs.get(id).row.folder;
  }

  /** Fingerprint of what a job's frames were last rendered from; null where unknown. */
  fingerprint(id: number): string | null {
    return this.#jobs.get(id).row.fingerprint;
  }

  setFingerprint(id: number, fingerprint: string): void {
    if (this.fingerprint(id) !== fingerprint) this.#change(id, () => ({ fingerprint }));
  }

  /** See {@link StoreConnection.checkpoint}. */
  checkpoint(): void {
    this.#connection.checkpoint();
  }

  close(): void {
    this.#connection.close();
  }

  /** Stores a change to a job and everything that belongs to it in one transaction. */
  #change(id: number, step: () => Partial<JobRow>): StoredJob {
    const entry = this.#jobs.get(id);
    const change = this.#connection.transaction(() => {
      const changed = step();
      this.#connection.update('jobs', { id }, changed);
      return changed;
    });
    this.#jobs.update(entry, change);
    return this.#toJob(entry);
  }

  #toJob(entry: JobEntry): StoredJob {
    return toJob(entry, this.wait(entry.row.id)?.text ?? null);
  }
}

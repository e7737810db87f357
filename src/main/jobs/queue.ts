import { type ConflictPolicy, FINAL_JOB_STATES, type Job, type JobSettings, type QueueInfo } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import type { WorkerInfo } from '../../shared/workers';
import type { WorkerUsage } from '../engines/render-engine';
import { queueInfo } from './announcer';
import { frameInWork } from './describe-frame-in-work';
import { adoptOrRepairFrames } from './adopt-frames';
import type { ChosenOutput, OutputChoice } from './output/choose-output';
import { type QueueOptions, type QueueParts, assembleQueue } from './queue-parts';
import type { HoldKey } from './scheduling/pause-state';
import type { JobStore } from './store/job-store';
import type { FramesAgain, JobLabels, JobSchedule, NewJob } from './store/new-job';
import type { StoredJob } from './store/job-row';

export type { QueueOptions } from './queue-parts';

/** The commands on jobs and the queue. Each change is stored, announced, and followed by scheduling. */
export class RenderQueue {
  readonly #options: QueueOptions;
  readonly #store: JobStore;
  readonly #parts: QueueParts;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#parts = assembleQueue(options);
  }

  /** Repairs what the last host left half done, then starts scheduling. */
  async start(): Promise<void> {
    const { pauseState, runnable, scheduler } = this.#parts;
    await adoptOrRepairFrames(this.#options, this.#parts);
    pauseState.keep();
    runnable.start();
    scheduler.start();
  }

  workers(): WorkerInfo[] {
    return this.#parts.pool.list();
  }

  /** Resource usage of each live worker, by slot; null where unavailable. */
  usage(): Promise<ReadonlyMap<number, WorkerUsage | null>> {
    return this.#parts.pool.usage();
  }

  /** A frame in work; null where it is not. */
  frameInWork(id: number, frame: number): ReturnType<typeof frameInWork> {
    return frameInWork(this.#parts.inWork, this.#store, id, frame);
  }

  info(): QueueInfo {
    return queueInfo(this.#parts.pauseState, this.#parts.times);
  }

  /** Adds a job. @throws UserError as {@link JobIntake.take} does */
  async submit(job: NewJob, choice: OutputChoice = {}): Promise<StoredJob> {
    const { intake, announcer, runnable, scheduler } = this.#parts;
    const added = await intake.take(job, choice);
    this.#parts.listener.job(added);
    announcer.event('job_queued', added, {});
    runnable.rank(added.id);
    scheduler.schedule();
    return this.#store.job(added.id) ?? added;
  }

  /** Chooses a new job's output and reports conflicts and warnings. */
  plan(job: Pick<NewJob, 'engine' | 'settings'>, choice: OutputChoice = {}): Promise<ChosenOutput> {
    return this.#parts.intake.planNew(job, choice);
  }

  /**
   * Checks the output of a job that is changed or rendered again. Its own files are no conflict.
   *
   * @param again it is rendered again unchanged, so it can't get another output
   * @returns the output it gets
   * @throws UserError for a conflict, or a folder that can't be written to
   */
  async checkOutput(
    id: number,
    settings: JobSettings,
    choice: OutputChoice = {},
    again = false,
  ): Promise<ChosenOutput> {
    return this.#parts.intake.checkOutput(this.#job(id), settings, choice, again);
  }

  /** Cancels a job; finished frames are kept. @throws UserError when it has ended already */
  cancel(id: number): StoredJob {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state))
      throw new UserError(`Job ${id} is ${job.state} already: there is nothing to cancel.`);
    const cancelled = this.#parts.states.finish(id, 'cancelled', 'cancelled by the user');
    this.#parts.scheduler.schedule();
    return cancelled;
  }

  /** Pauses a job and aborts its frames in work, which wait until it is resumed. @throws UserError when it has ended */
  pause(id: number): StoredJob {
    const { states, pool, scheduler } = this.#parts;
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state))
      throw new UserError(`Job ${id} is ${job.state}: only a job that is queued or rendering can be paused.`);
    if (job.state === 'paused') return job;
    const paused = states.stop(id, 'paused', 'paused by the user');
    pool.backoff.endOf(id);
    states.settlePause();
    scheduler.schedule();
    return paused;
  }

  /** @throws UserError when it is not paused */
  resume(id: number): StoredJob {
    const job = this.#job(id);
    if (job.state !== 'paused') throw new UserError(`Job ${id} is ${job.state}: only a paused job can be resumed.`);
    const resumed = this.#parts.states.set(id, 'queued', null);
    this.#parts.scheduler.schedule();
    return this.#store.job(id) ?? resumed;
  }

  /** Renders frames again; a finished job is queued again. @throws UserError where there are none to render */
  requeue(id: number, frames: FramesAgain): StoredJob {
    const requeued = this.#parts.changes.requeue(this.#job(id), frames);
    this.#parts.scheduler.schedule();
    return this.#store.job(id) ?? requeued;
  }

  /** Submits a copy of a job, see {@link JobIntake.copyOf}. */
  duplicate(id: number, given = this.#job(id).settings, way: ConflictPolicy = {}): Promise<StoredJob> {
    return this.submit(this.#parts.intake.copyOf(this.#job(id), given, way), {
      newVersion: way.newVersion ?? false,
      copied: true,
    });
  }

  /** Changes a job's name and note at any time, its schedule before it has ended. @throws UserError */
  setSchedule(id: number, changed: Partial<JobSchedule & JobLabels>): StoredJob {
    const { intake, changes, runnable, scheduler } = this.#parts;
    if (changed.after) intake.checkAfter(id, changed.after);
    changes.setSchedule(this.#job(id), changed);
    runnable.rank(id);
    scheduler.schedule();
    return this.#job(id);
  }

  /**
   * Changes a job's settings.
   *
   * @param anew frames to render again beside new ones: `images`, all that are done or skipped, since their images
   * would differ; `skipped`; or `none`
   * @param folder where its images go, from {@link checkOutput}
   * @throws UserError unless it is paused or waiting for its turn
   */
  setSettings(id: number, settings: JobSettings, anew: 'images' | 'skipped' | 'none', folder?: string): StoredJob {
    this.#parts.changes.setSettings(this.#job(id), settings, anew, folder);
    this.#parts.scheduler.schedule();
    return this.#job(id);
  }

  /** @throws UserError unless the job's settings may be changed in its state */
  checkEditable(id: number): void {
    this.#parts.changes.checkEditable(this.#job(id));
  }

  /** Moves a job before another in queue order; null: to the end. @throws UserError when there is no such job */
  move(id: number, before: number | null): StoredJob {
    const { runnable, scheduler } = this.#parts;
    this.#job(id);
    if (before !== null) this.#job(before);
    const moved = this.#store.move(id, before);
    // If there was no gap left, all jobs were renumbered.
    for (const other of runnable.ids()) runnable.rank(other);
    for (const job of moved) this.#parts.listener.job(job);
    scheduler.schedule();
    return this.#job(id);
  }

  /** Removes a job that is not rendering. @throws UserError when it is */
  remove(id: number): void {
    const { states, runnable, scheduler } = this.#parts;
    const job = this.#job(id);
    if (job.state === 'rendering') throw new UserError(`Job ${id} is rendering: cancel it before removing it.`);
    if (!FINAL_JOB_STATES.includes(job.state)) states.finish(id, 'cancelled', 'removed by the user');
    const followers = this.#store.followers(id);
    runnable.remove(id);
    this.#store.remove(id);
    void this.#options.logs?.remove(id);
    this.#options.listener.jobRemoved(id);
    for (const follower of followers) states.tellWait(follower);
    scheduler.schedule();
  }

  /** Pauses the whole queue: `now` aborts the frames in work, `frame` and `job` let those in work finish. */
  pauseAll(after: 'now' | 'frame' | 'job'): QueueInfo {
    this.#parts.pause.pause(after);
    this.#parts.scheduler.schedule();
    return this.info();
  }

  resumeAll(): QueueInfo {
    this.#parts.pause.resume();
    this.#parts.scheduler.schedule();
    return this.info();
  }

  /** Holds the queue for a reason other than a user's pause: frames in work finish, no others are dispatched. */
  hold(reason: string, key: HoldKey = 'space'): void {
    this.#parts.pause.hold(key, reason);
  }

  /** Releases a hold. */
  release(key: HoldKey = 'space'): void {
    this.#parts.pause.release(key);
  }

  /** Call after the worker limit or the machines changed. @param most of this machine's workers; null for no such limit */
  limitChanged(most: number | null = null): void {
    if (most !== null) this.#parts.pool.trim(most);
    this.#parts.scheduler.reconsider();
  }

  /** A job as clients see it: with the time left, and what keeps every machine from it. */
  shown(job: StoredJob): Job {
    return this.#parts.shown(job);
  }

  /** Aborts the frames in work, which wait for the next start, and stops every worker. */
  async close(): Promise<void> {
    const { scheduler, runnable, pause, deferred, jobs, inWork, states, pool, background } = this.#parts;
    scheduler.stop();
    runnable.close();
    deferred.close();
    const left = [...jobs.keys()].flatMap((id) => inWork.giveUp(id));
    jobs.clear();
    await pool.close();
    await pause.close();
    await background.over();
    // After their folders were removed: if the host is killed before, the next start repairs them.
    states.release(left, this.#options.onFault);
  }

  #job(id: number): StoredJob {
    const job = this.#store.job(id);
    if (!job) throw new UserError(`There is no job ${id}.`, 'not-found');
    return job;
  }
}

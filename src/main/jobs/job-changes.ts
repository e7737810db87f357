import { FINAL_JOB_STATES, type JobSettings } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import { type ActiveJobs, changeSettings } from './active-job';
import type { Announcer, ChangeListener } from './announcer';
import type { TimesLeft } from './eta/times-left';
import type { JobStates } from './job-states';
import type { JobStore } from './store/job-store';
import type { StoredJob } from './store/job-row';
import type { FramesAgain, JobLabels, JobSchedule } from './store/new-job';

/** Maximum number of frames announced one by one after a bulk change. */
const MAX_TOLD = 10_000;

export interface JobChangesOptions {
  readonly store: JobStore;
  readonly jobs: ActiveJobs;
  readonly states: JobStates;
  readonly times: TimesLeft;
  readonly announcer: Announcer;
  readonly listener: ChangeListener;
}

/** Changes a job: requeues all or some of its frames, or changes its settings, schedule or labels. */
export class JobChanges {
  readonly #options: JobChangesOptions;

  constructor(options: JobChangesOptions) {
    this.#options = options;
  }

  /** @throws UserError when no frame qualifies */
  requeue(job: StoredJob, frames: FramesAgain): StoredJob {
    const { store, jobs, states, times, announcer, listener } = this.#options;
    const { id } = job;
    const ended = FINAL_JOB_STATES.includes(job.state);
    if (frames === 'failed' && job.frames.failed === 0 && !(ended && job.frames.waiting > 0)) {
      throw new UserError(
        `No frame of job ${id} failed or was left out: requeue all of its frames to render it again.`,
      );
    }
    if (frames === 'remaining' && !(ended && job.frames.waiting > 0))
      throw new UserError(
        ended
          ? `No frame of job ${id} was left out: requeue its failed frames, or all.`
          : `Job ${id} is ${job.state}: its remaining frames are rendered anyway.`,
      );
    if (typeof frames === 'object') this.#checkChosen(id, frames);
    const active = jobs.get(id);
    if (frames === 'all' && active) {
      if (job.state === 'rendering') {
        states.stop(id, 'queued', null);
        states.settlePause();
      }
      active.phase = 'new';
      active.replaceable.clear();
    }
    if (active && typeof frames === 'object')
      for (const frame of frames) if (store.frames.stamps(id, frame).length > 0) active.replaceable.add(frame);
    times.forget(job);
    const requeued = store.requeue(id, frames);
    if (typeof frames === 'object' || frames === 'remaining') states.leaveFailures(id, requeued.frames.failed);
    listener.job(requeued);
    for (const frame of store.frames.list(id, { states: ['waiting'], limit: MAX_TOLD })) listener.frame(id, frame);
    if (requeued.state !== job.state) announcer.event('job_state', requeued, {});
    states.changed(id);
    return requeued;
  }

  /** @throws UserError where a frame is not the job's, or none of them is through */
  #checkChosen(id: number, frames: readonly number[]): void {
    const { store } = this.#options;
    const present = new Map(store.frames.statesOf(id, frames).map(({ frame, state }) => [frame, state]));
    const missing = frames.find((frame) => !present.has(frame));
    if (missing !== undefined)
      throw new UserError(`Job ${id} has no frame ${missing}: choose frames of its range.`, 'arguments');
    if ([...present.values()].every((state) => state === 'waiting' || state === 'rendering'))
      throw new UserError(
        `${frames.length === 1 ? `Frame ${frames[0]} of job ${id} waits or is` : `These frames of job ${id} wait or are`} being rendered already.`,
      );
  }

  /** Labels may be changed at any time. @throws UserError for a change of the schedule when the job has ended */
  setSchedule(job: StoredJob, { name, note, ...schedule }: Partial<JobSchedule & JobLabels>): void {
    const { store, listener } = this.#options;
    const { id, state, priority, after, startAt } = job;
    if (Object.keys(schedule).length > 0 && FINAL_JOB_STATES.includes(state))
      throw new UserError(`Job ${id} is ${state}: requeue it to render it again.`);
    const labels = { name: name ?? job.name, note: note ?? job.note };
    listener.job(store.setSchedule(id, { ...labels, priority, after, startAt, ...schedule }));
  }

  /** @throws UserError unless {@link checkEditable} permits it */
  setSettings(
    job: StoredJob,
    settings: JobSettings,
    anew: 'images' | 'skipped' | 'none',
    folder: string | undefined,
  ): void {
    const { store, jobs, states, times, listener } = this.#options;
    const { id } = job;
    this.checkEditable(job);
    times.forget(job);
    const changed = store.setSettings(id, settings, anew, folder);
    const active = jobs.get(id);
    if (active) changeSettings(active, settings);
    listener.job(changed);
    states.changed(id);
  }

  /** @throws UserError unless the job's settings may be changed in its state */
  checkEditable({ id, state }: StoredJob): void {
    if (FINAL_JOB_STATES.includes(state))
      throw new UserError(`Job ${id} is ${state}: duplicate it, or requeue it, to render with other settings.`);
    if (state === 'rendering') throw new UserError(`Job ${id} is rendering: pause it before its settings are changed.`);
  }
}

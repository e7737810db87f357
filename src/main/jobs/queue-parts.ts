import { FINAL_JOB_STATES, type Job } from '../../shared/jobs';
import type { EngineId } from '../../shared/scene';
import { UserError } from '../../shared/user-error';
import type { RenderEngine } from '../engines/render-engine';
import type { Lifecycle } from '../events/lifecycle';
import type { ActiveJob, ActiveJobs } from './active-job';
import { type Announcer, type ChangeListener, type QueueListener, createAnnouncer } from './announcer';
import { BackgroundTasks } from './background-tasks';
import { type TimesLeft, createTimesLeft } from './eta/times-left';
import { FrameDispatcher } from './frame-dispatcher';
import { FrameResults } from './frame-results';
import type { FrameTools } from './frame-run';
import { FramesInWork } from './frames-in-work';
import { JobChanges } from './job-changes';
import { JobIntake } from './job-intake';
import { JobStates } from './job-states';
import { scanOutput } from './output-scan';
import { jobVolumes } from './output/output-volume';
import type { FrameLogs } from './output/frame-logs';
import type { FreeSpaceWatch } from './output/free-space';
import { QueuePause } from './queue-pause';
import { Scheduler } from './scheduler';
import { DeferredJobs } from './scheduling/deferred-jobs';
import { JobMachines, type WorkerDemand } from './scheduling/job-machines';
import { type ExplainObstacle, Obstacles } from './scheduling/obstacles';
import { type OnStart, createPauseState } from './scheduling/pause-state';
import { type RunnableJobs, createRunnableJobs } from './scheduling/runnable-jobs';
import { StartFailures } from './start-failures';
import type { StoredJob } from './store/job-row';
import type { JobStore } from './store/job-store';
import type { RenderCounters } from './render-counters';
import { createFailureStreaks } from './workers/failure-streaks';
import type { Adopt, OtherMachines } from './workers/worker-places';
import { WorkerPool } from './workers/worker-pool';

export interface QueueOptions extends Pick<FrameTools, 'images' | 'measure'> {
  readonly store: JobStore;
  /** Where the host has its own files, among which no job may write. */
  readonly dataFolder: string;
  readonly engines: ReadonlyMap<EngineId, RenderEngine>;
  readonly lifecycle: Lifecycle;
  readonly listener: QueueListener;
  readonly counters: RenderCounters;
  /** Stores what engines print. */
  readonly logs?: Pick<FrameLogs, 'keep' | 'remove'>;
  /** Watches the free space of the output volumes. */
  readonly space?: Pick<FreeSpaceWatch, 'check' | 'checked' | 'full'>;
  /** Machines of the farm that take frames now; none by default. Call `limitChanged` of the queue when they change. */
  readonly machines?: OtherMachines;
  /** Finds what machines of the farm may still have in work for the last host; nothing by default. */
  readonly adopt?: Adopt;
  /** Whether frames are rendered on this machine; true by default. Otherwise `workerLimit` returns 0. */
  readonly rendersHere?: () => boolean;
  /** What this machine has, as a job may need it; nothing by default. */
  readonly tags?: () => readonly string[];
  /** Explains why no machine may take a job. */
  readonly obstacle?: ExplainObstacle;
  /**
   * Maximum number of workers alive on this machine, over all jobs, for this job to get another one there; its own
   * settings may limit it further.
   */
  workerLimit(demand: WorkerDemand): number;
  /** State of the queue at the start; `run` by default. */
  readonly onStart?: OnStart;
  /** First backoff of a worker that fails or does not start, in milliseconds. */
  readonly firstBackoff?: number;
  /** Interval between write attempts on a full disk, in milliseconds. */
  readonly writeRetry?: number;
  /** Interval between checks of a deferred job's scene and output folder, in milliseconds. */
  readonly sceneRetry?: number;
  /** Called with errors that no caller receives: program faults and database errors. */
  onFault(error: unknown): void;
}

/** The parts that the queue's commands operate on. */
export interface QueueParts {
  readonly jobs: ActiveJobs;
  readonly inWork: FramesInWork;
  readonly pauseState: ReturnType<typeof createPauseState>;
  readonly times: TimesLeft;
  /** A job as clients see it. */
  shown(job: StoredJob): Job;
  readonly announcer: Announcer;
  readonly listener: ChangeListener;
  readonly runnable: RunnableJobs;
  readonly pool: WorkerPool;
  readonly states: JobStates;
  readonly pause: QueuePause;
  readonly deferred: DeferredJobs;
  readonly intake: JobIntake;
  readonly changes: JobChanges;
  readonly dispatcher: FrameDispatcher;
  readonly scheduler: Scheduler;
  readonly background: BackgroundTasks;
}

/**
 * Assembles the parts of a queue. Each knows only those created before it; calls the other way go through callbacks.
 */
export function assembleQueue(options: QueueOptions): QueueParts {
  const { store, engines, lifecycle, counters, logs, space, images, measure, onFault } = options;
  const engine = (id: EngineId): RenderEngine => {
    const found = engines.get(id);
    if (!found) throw new UserError(`No engine here renders ${id} scenes.`);
    return found;
  };
  const jobs: ActiveJobs = new Map();
  const inWork = new FramesInWork();
  const background = new BackgroundTasks(onFault);
  const pauseState = createPauseState(store.notes, options.onStart ?? 'run');
  const times = createTimesLeft(store);
  const obstacles = new Obstacles((id) => {
    const job = store.job(id);
    if (job) listener.job(job);
  });
  const shown = (job: StoredJob): Job => {
    if (FINAL_JOB_STATES.includes(job.state)) obstacles.forget(job.id);
    const obstacle = job.state === 'paused' ? null : obstacles.of(job.id);
    return times.addTo({ ...job, waitsFor: job.waitsFor ?? obstacle });
  };
  const listener: ChangeListener = { ...options.listener, job: (job) => options.listener.job(shown(job)) };
  const announcer = createAnnouncer({ store, lifecycle, listener, times, pauseState, workers: () => pool.list() });
  const pool = new WorkerPool({
    engine,
    machines: options.machines,
    counters,
    onChange: (worker, gone) => announcer.worker(worker, gone),
    onReady: () => scheduler.scheduleSoon(),
    onStartFailed: (jobId, slot, others, error) => scheduler.startFailed(jobId, slot, others, error),
  });
  const runnable = createRunnableJobs(store, (due) => {
    for (const id of due) states.tellWait(id);
    scheduler.schedule();
  });
  const states = new JobStates({
    store,
    jobs,
    inWork,
    pauseState,
    runnable,
    pool,
    times,
    announcer,
    listener,
    lifecycle,
    counters,
  });
  const { writeRetry, firstBackoff } = options;
  const pause = new QueuePause({
    store,
    images,
    pauseState,
    inWork,
    states,
    announcer,
    counters,
    writeRetry,
    onReleased: () => scheduler.schedule(),
    onFault,
  });
  const deferred = new DeferredJobs({
    store,
    states,
    obstacles,
    check: async ({ id, settings }) => jobVolumes(store.outputs, id, store.folder(id), settings.scene),
    interval: options.sceneRetry,
    onBack(id) {
      runnable.rank(id);
      scheduler.schedule();
    },
  });
  const streaks = createFailureStreaks(firstBackoff);
  const machines = new JobMachines({
    store,
    jobs,
    inWork,
    pool,
    obstacles,
    explain: options.obstacle ?? (() => ({ kind: 'waits', text: 'a machine that may render it' })),
    engine,
    workerLimit: options.workerLimit,
    rendersHere: options.rendersHere ?? (() => true),
    tagsHere: options.tags ?? (() => []),
  });
  const results = new FrameResults({
    store,
    inWork,
    states,
    pause,
    pool,
    machines,
    deferred,
    streaks,
    announcer,
    counters,
    space,
    onFault,
  });
  const tools: FrameTools = { store, images, measure, logs, onFault };
  const dispatcher = new FrameDispatcher({ store, inWork, pool, results, pause, announcer, tools, onFault });
  const starts = new StartFailures({ store, jobs, pool, pause, states, firstBackoff });
  const scheduler = new Scheduler({
    store,
    engine,
    jobs,
    inWork,
    pool,
    runnable,
    machines,
    obstacles,
    deferred,
    pauseState,
    pause,
    states,
    starts,
    dispatcher,
    times,
    announcer,
    background,
    scan: (active: ActiveJob) => scanOutput(active, { store, images, states, results, announcer, space }),
    onFault,
  });
  const intake = new JobIntake(options);
  const changes = new JobChanges({ store, jobs, states, times, announcer, listener });
  return {
    jobs,
    inWork,
    pauseState,
    times,
    shown,
    announcer,
    listener,
    runnable,
    pool,
    states,
    pause,
    deferred,
    intake,
    dispatcher,
    scheduler,
    background,
    changes,
  };
}

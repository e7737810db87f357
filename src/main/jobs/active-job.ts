import type { JobSettings } from '../../shared/jobs';
import type { JobSource } from './job-source';
import type { JobVolumes } from './output/output-volume';
import { type FrameSpeeds, createFrameSpeeds } from './output/suspicious-frame';
import { type MachineAvoidance, createMachineAvoidance } from './scheduling/machine-avoidance';
import { type WorkerTrial, createWorkerTrial } from './workers/worker-trial';

/**
 * A job this host has started: `render_init` was emitted, `render_complete` or `render_cancel` was not. A paused job
 * stays active.
 */
export interface ActiveJob {
  readonly id: number;
  settings: JobSettings;
  /** `scanning`: its output is being checked for existing images; `ready`: frames may be dispatched. */
  phase: 'new' | 'scanning' | 'ready';
  /** Number of output scans started; the result of any but the latest is discarded. */
  scans: number;
  /** The source files and the program its images are rendered from. */
  readonly source: JobSource;
  /** How many renders of each frame were discarded because source files changed meanwhile, by frame number. */
  readonly sourceChanges: Map<number, number>;
  /** Seconds that the last try of each frame took whose last one failed, by frame number. */
  readonly failedSeconds: Map<number, number>;
  /** Frames whose output files may be overwritten: each is either incomplete or written by this job. */
  readonly replaceable: Set<number>;
  /** Frames of the job rendered by this host. */
  rendered: number;
  /** Consecutive failures to start a worker for it. */
  startFailures: number;
  /**
   * Peak memory of a worker on this machine while rendering one of its frames, in bytes; null until a worker has reported
   * it.
   */
  peakBytes: number | null;
  /** Machines that get none of its frames for a while, as they failed there. */
  readonly avoidance: MachineAvoidance;
  readonly speeds: FrameSpeeds;
  /** Finds the number of workers on this machine with the highest frame rate. */
  readonly trial: WorkerTrial;
  /** Output files the job has written, by `keyOf`; null until the first query. */
  written: Set<string> | null;
  /** Of its output folder and scene; null until its output is scanned. */
  volumes: JobVolumes | null;
  /** Whether the warning about kept foreign files has been added. */
  tellsKept: boolean;
}

/** By id. */
export type ActiveJobs = Map<number, ActiveJob>;

export function createActiveJob(id: number, settings: JobSettings, source: JobSource): ActiveJob {
  return {
    id,
    settings,
    phase: 'new',
    scans: 0,
    source,
    sourceChanges: new Map(),
    failedSeconds: new Map(),
    replaceable: new Set(),
    rendered: 0,
    startFailures: 0,
    peakBytes: null,
    avoidance: createMachineAvoidance(),
    speeds: createFrameSpeeds(),
    trial: createWorkerTrial(),
    written: null,
    volumes: null,
    tellsKept: false,
  };
}

/** Replaces a job's settings and discards what was learned under the old ones. */
export function changeSettings(active: ActiveJob, settings: JobSettings): void {
  active.settings = settings;
  active.phase = 'new';
  active.source.forget();
  active.replaceable.clear();
}

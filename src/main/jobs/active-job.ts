import type { JobSettings } from '../../shared/jobs';
import { type FrameSpeeds, createFrameSpeeds } from './output/suspicious-frame';

/** A frame that a worker has, or that is being verified and put in its place. */
export interface Work {
  readonly slot: number;
  /** Gives the frame up. */
  readonly controller: AbortController;
  /** The worker is through with it. */
  delivered: boolean;
}

/** A job that this host has begun: `render_init` was told, `render_complete` or `render_cancel` not yet. It stays one while it is paused. */
export interface ActiveJob {
  readonly id: number;
  settings: JobSettings;
  /** What its workers are started with. */
  setup: string;
  /** `looking` through its output for images that are there already; when `ready`, frames may be handed out. */
  phase: 'new' | 'looking' | 'ready';
  /** How often its output was begun to be looked through; what an earlier look finds counts no more. */
  looks: number;
  /** Frames at whose place something lies that may be replaced: no whole image, or one of ours. */
  readonly replaceable: Set<number>;
  /** By frame number. */
  readonly inWork: Map<number, Work>;
  /** Frames that this host rendered of it. */
  rendered: number;
  /** Workers that could not be started for it, one after another. */
  startFailures: number;
  /** The most memory that a worker held for one of its frames, in bytes. */
  peakBytes: number | null;
  readonly speeds: FrameSpeeds;
}

export function createActiveJob(id: number, settings: JobSettings, setup: string): ActiveJob {
  return {
    id,
    settings,
    setup,
    phase: 'new',
    looks: 0,
    replaceable: new Set(),
    inWork: new Map(),
    rendered: 0,
    startFailures: 0,
    peakBytes: null,
    speeds: createFrameSpeeds(),
  };
}

/** Gives up the frames that a job has in work. @returns their numbers */
export function giveUpWork(active: ActiveJob): number[] {
  const frames = [...active.inWork.keys()];
  for (const { controller } of active.inWork.values()) controller.abort();
  active.inWork.clear();
  return frames;
}

/** How many workers have a frame of the job. */
export function busyWorkers(active: ActiveJob): number {
  let busy = 0;
  for (const { delivered } of active.inWork.values()) if (!delivered) busy++;
  return busy;
}

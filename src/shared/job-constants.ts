/** Constants about jobs that need no schemas: the command line's help uses them without loading any. */

export const MAX_PRIORITY = 100;

export const JOB_STATES = ['queued', 'rendering', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];
/** States that a job leaves only by being requeued. */
export const FINAL_JOB_STATES: readonly JobState[] = ['completed', 'failed', 'cancelled'];

/** Devices that Cycles can compute on. */
export const RENDER_DEVICES = ['cpu', 'gpu', 'cuda', 'optix', 'hip', 'oneapi', 'metal'] as const;

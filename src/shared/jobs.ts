import { z } from 'zod';
import { engineIdSchema } from './scene';

/** The largest image side, in pixels: the smallest limit that WebGL 2 implementations in use have. */
export const MAX_SIDE = 16_384;
export const MAX_SAMPLES = 4_096;

export const jobStateSchema = z.enum(['queued', 'rendering', 'paused', 'completed', 'failed', 'cancelled']);
export type JobState = z.infer<typeof jobStateSchema>;
/** States that a job never leaves. */
export const FINAL_JOB_STATES: readonly JobState[] = ['completed', 'failed', 'cancelled'];

export const frameStateSchema = z.enum(['waiting', 'rendering', 'done', 'failed', 'skipped']);
export type FrameState = z.infer<typeof frameStateSchema>;

/** What a person asks for; everything but the scene has a default that the scene or the preferences give. */
export const jobRequestSchema = z.strictObject({
  /** Absolute path of the scene file. */
  scene: z.string().min(1),
  /** Frame range as `1-48` or `1,5,9-12`. */
  frames: z.string().optional(),
  width: z.int().min(1).max(MAX_SIDE).optional(),
  height: z.int().min(1).max(MAX_SIDE).optional(),
  samples: z.int().min(1).max(MAX_SAMPLES).optional(),
  /** Name of a camera of the scene. */
  camera: z.string().optional(),
  fps: z.number().positive().max(1_000).optional(),
  /** Output path with Blender's `####` for the frame number; `//` at its start is the scene's folder. */
  output: z.string().min(1).optional(),
  /** Render again frames whose image is there already. */
  overwrite: z.boolean().optional(),
  /** The most workers that this job may use at once. */
  workers: z.int().min(1).max(64).optional(),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** A request with everything decided. */
export const jobSettingsSchema = z.object({
  scene: z.string(),
  frames: z.string(),
  width: z.int(),
  height: z.int(),
  samples: z.int(),
  /** null: the scene's first camera, or a fitting one. */
  camera: z.string().nullable(),
  fps: z.number(),
  /** Absolute output pattern. */
  output: z.string(),
  overwrite: z.boolean(),
  /** null: as many as the preferences allow. */
  workers: z.int().nullable(),
});
export type JobSettings = z.infer<typeof jobSettingsSchema>;

export const frameCountsSchema = z.object({
  total: z.int(),
  waiting: z.int(),
  rendering: z.int(),
  done: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
export type FrameCounts = z.infer<typeof frameCountsSchema>;

/** A job as the UI, the CLI and add-ons see it. Times are milliseconds since 1970. */
export const jobSchema = z.object({
  id: z.int(),
  /** The scene's name. */
  name: z.string(),
  engine: engineIdSchema,
  settings: jobSettingsSchema,
  state: jobStateSchema,
  /** Why it failed or was cancelled, in words. */
  reason: z.string().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  frames: frameCountsSchema,
  /** The frame last written by this job. */
  lastFrame: z.int().nullable(),
  /** Over the frames last written; null until two are. */
  framesPerMinute: z.number().nullable(),
  /** Seconds until the job is done at that pace. */
  secondsLeft: z.number().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

export const frameSchema = z.object({
  frame: z.int(),
  state: frameStateSchema,
  /** How often it was handed to a worker. */
  attempts: z.int(),
  /** Why the last try failed, in words. */
  reason: z.string().nullable(),
  /** Absolute path of the image, once it is there. */
  file: z.string().nullable(),
  /** Seconds that the worker took for it. */
  seconds: z.number().nullable(),
  /** When it was written, milliseconds since 1970. */
  writtenAt: z.number().nullable(),
});
export type Frame = z.infer<typeof frameSchema>;

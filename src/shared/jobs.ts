import { z } from 'zod';
import { imageFormatSchema } from './image-format';
import { engineIdSchema } from './scene';

/** The largest image side, in pixels: the smallest limit that WebGL 2 implementations in use have. */
export const MAX_SIDE = 16_384;
/** As many as Cycles takes (`CyclesRenderSettings.samples`). */
export const MAX_SAMPLES = 16_777_216;
export const MAX_PRIORITY = 100;

export const jobStateSchema = z.enum(['queued', 'rendering', 'paused', 'completed', 'failed', 'cancelled']);
export type JobState = z.infer<typeof jobStateSchema>;
/** States in which nothing more happens to a job unless it is requeued. */
export const FINAL_JOB_STATES: readonly JobState[] = ['completed', 'failed', 'cancelled'];

export const frameStateSchema = z.enum(['waiting', 'rendering', 'done', 'failed', 'skipped']);
export type FrameState = z.infer<typeof frameStateSchema>;

/**
 * In which order frames are handed out: in sequence; every Nth first, then those half-way between, so that the whole shot can be judged early; from the middle out; or as the frame
 * range lists them.
 */
export const frameOrderSchema = z
  .string()
  .regex(
    /^(sequence|middle-out|list|every-([2-9]|[1-9]\d{1,5}))$/,
    'write sequence, middle-out, list or every-N, as every-10',
  );
export type FrameOrder = z.infer<typeof frameOrderSchema>;

/** Blender's engines by the names that people use; add-on engines by their identifier. */
export const renderEngineSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,64}$/, 'write cycles, eevee, workbench, or the identifier of an add-on’s engine');

/** When a job is worked on, in relation to others. May be changed at any time. */
const placeInQueue = {
  /** Higher goes first; equal ones in queue order. */
  priority: z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY),
  /** Jobs that must have completed before. */
  after: z.array(z.int().min(1)).max(100),
  /** Not before, milliseconds since 1970; null for at once. */
  startAt: z.number().nullable(),
};

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
  /** An engine as `engines.list` names it (`blender-4.2.0`), or `blender` for the usual one. */
  engine: z.string().min(1).max(100).optional(),
  /** Scene of the file that is rendered; a .blend may hold several. */
  sceneName: z.string().min(1).max(200).optional(),
  renderEngine: renderEngineSchema.optional(),
  format: imageFormatSchema.optional(),
  /** Of the size, as Blender's Resolution %. */
  percentage: z.number().min(1).max(1_000).optional(),
  /** Let the scripts inside of the file run. */
  allowScripts: z.boolean().optional(),
  /** Start Blender without the user's own settings and add-ons. */
  factoryStartup: z.boolean().optional(),
  order: frameOrderSchema.optional(),
  /** How often a frame is handed to a worker before it is given up. */
  attempts: z.int().min(1).max(100).optional(),
  /** The job fails when more than this share of its frames failed, 0 to 1. */
  failureShare: z.number().min(0).max(1).optional(),
  priority: placeInQueue.priority.optional(),
  after: placeInQueue.after.optional(),
  startAt: placeInQueue.startAt.optional(),
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
  /** Which installation of the engine; null for the usual one. */
  installation: z.string().nullable().default(null),
  /** null: the file's active scene. */
  sceneName: z.string().nullable().default(null),
  /** null: as the scene says. */
  renderEngine: z.string().nullable().default(null),
  format: imageFormatSchema.default('png'),
  /** Suffixes of the views that each frame has (`_L` and `_R` of a stereo scene); one empty one otherwise. */
  views: z.array(z.string()).min(1).default(['']),
  allowScripts: z.boolean().default(false),
  factoryStartup: z.boolean().default(false),
  order: frameOrderSchema.default('sequence'),
  attempts: z.int().default(3),
  failureShare: z.number().default(0.1),
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
  /** Why it failed, was cancelled or paused, or what is wrong although it completed, in words. */
  reason: z.string().nullable(),
  /** Grows in queue order. */
  position: z.number(),
  ...placeInQueue,
  /** Why a queued job is not worked on now, in words; null when its turn will come by itself. */
  waitsFor: z.string().nullable(),
  /** What the person should know about its images, a sentence each: missing textures, a movie rendered as stills. */
  warnings: z.array(z.string()),
  /** Frames whose image looks wrong: empty, or rendered suspiciously fast. */
  suspicious: z.int(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  frames: frameCountsSchema,
  /** The frame last written by this job. */
  lastFrame: z.int().nullable(),
  /** Over the frames last written; null until two are. */
  framesPerMinute: z.number().nullable(),
  /** Seconds until the job is done, once its turn has come: as likely less as more; null until it can be told. */
  secondsLeft: z.number().nullable(),
  /** Seconds that suffice nine times out of ten. */
  secondsLeftP90: z.number().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

export const frameSchema = z.object({
  frame: z.int(),
  state: frameStateSchema,
  /** How often it was handed to a worker. */
  attempts: z.int(),
  /** Why the last try failed, in words. */
  reason: z.string().nullable(),
  /** Absolute path of the image (of the first, where there are several), once it is there. */
  file: z.string().nullable(),
  /** Absolute paths of everything that belongs to the frame, `file` first. */
  files: z.array(z.string()),
  /** What looks wrong with the image, in words. */
  suspicion: z.string().nullable(),
  /** Slot of the worker that has or had it. */
  slot: z.int().nullable(),
  /** The most memory that its worker held, in bytes. */
  peakBytes: z.number().nullable(),
  /** Seconds that the worker took for it. */
  seconds: z.number().nullable(),
  /** When it was written, milliseconds since 1970. */
  writtenAt: z.number().nullable(),
});
export type Frame = z.infer<typeof frameSchema>;

/** Changes of a job: its place in the queue at any time, everything else while it is paused or has not begun. */
export const jobChangesSchema = jobRequestSchema.omit({ scene: true });
export type JobChanges = z.infer<typeof jobChangesSchema>;

/** `after-frame`, `after-job`: it will be paused when the frames in work, or the job in work, are done. */
export const queueStateSchema = z.enum(['running', 'after-frame', 'after-job', 'paused']);
export const queueSchema = z.object({
  state: queueStateSchema,
  /** Why it is paused, in words; null when it runs or the user paused it. */
  reason: z.string().nullable(),
  /** Seconds until every queued job is done: as likely less as more; null until it can be told. */
  secondsLeft: z.number().nullable(),
  /** Seconds that suffice nine times out of ten. */
  secondsLeftP90: z.number().nullable(),
});
export type QueueInfo = z.infer<typeof queueSchema>;

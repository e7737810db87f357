import { z } from 'zod';
import './schema-words';
import { failureCodeSchema } from './failures';
import { imageFormatSchema } from './image-format-schema';
import { JOB_STATES, MAX_PRIORITY, RENDER_DEVICES } from './job-constants';
import { machineLimitFields } from './machine-limits';
import { engineIdSchema } from './scene';
import { shownText } from './texts/shown-text';

export { FINAL_JOB_STATES, type JobState, MAX_PRIORITY } from './job-constants';

/** Maximum image side, in pixels: the smallest limit among WebGL 2 implementations in use. */
export const MAX_SIDE = 16_384;
/** Cycles's maximum (`CyclesRenderSettings.samples`). */
export const MAX_SAMPLES = 16_777_216;

/** The latest start of a job, in milliseconds since 1970: the last day that four digits of a year can name. */
export const MAX_START = Date.UTC(9_999, 11, 31);

/** Maximum lengths of a job's name and note, in characters. */
export const MAX_JOB_NAME = 200;
export const MAX_JOB_NOTE = 4_000;

export const jobStateSchema = z.enum(JOB_STATES);

export const frameStateSchema = z.enum(['waiting', 'rendering', 'done', 'failed', 'skipped']);
export type FrameState = z.infer<typeof frameStateSchema>;

/**
 * Order in which frames are rendered: in sequence; every Nth first, then those half-way between, so that the whole shot
 * can be judged early; from the middle outwards; or as listed in the frame range.
 */
export const frameOrderSchema = z
  .string()
  .regex(
    /^(sequence|middle-out|list|every-([2-9]|[1-9]\d{1,5}))$/,
    'write sequence, middle-out, list or every-N, as every-10',
  );
export type FrameOrder = z.infer<typeof frameOrderSchema>;

/** Blender's engines by their common names; add-on engines by their identifier. */
export const renderEngineSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,64}$/, 'write cycles, eevee, workbench, or the identifier of an add-on’s engine');

/** Device for Cycles: the CPU, any GPU, or a GPU by its API (`CyclesPreferences.compute_device_type`). */
export const renderDeviceSchema = z.enum(RENDER_DEVICES);
export type RenderDevice = z.infer<typeof renderDeviceSchema>;

/** When a job is rendered relative to others. May be changed at any time. */
const schedulingFields = {
  /** Higher first; equal ones in queue order. */
  priority: z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY),
  /** Dependencies: jobs that must complete before this one starts. */
  after: z.array(z.int().min(1)).max(100),
  /** Earliest start, milliseconds since 1970; null for now. */
  startAt: z.number().min(0).max(MAX_START).nullable(),
};

/** What people call a job and write down about it. May be changed at any time, after it has ended too. */
const labelFields = {
  name: z.string().trim().min(1).max(MAX_JOB_NAME),
  /** Anything worth remembering, of several lines perhaps. */
  note: z.string().trim().max(MAX_JOB_NOTE),
};

/** A job as requested; everything but the scene has a default from the scene or the preferences. */
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
  /** Render frames again even if their image exists. */
  overwrite: z.boolean().optional(),
  /** Adopt existing complete images of the right size as this job's, whoever made them. */
  keepExisting: z.boolean().optional(),
  /** If images are in the way, render to a new folder or name with `v002`, `v003`, … */
  newVersion: z.boolean().optional(),
  /**
   * A quick preview of a frame: written to the host's own preview file, replacing the previous one, never among a job's
   * images.
   */
  preview: z.boolean().optional(),
  /** Maximum number of workers that this job may use at once. */
  workers: z.int().min(1).max(64).optional(),
  /** Tags that a machine of the farm must have to render it, all of them. */
  tags: machineLimitFields.tags.optional(),
  /** Names of machines of the farm that get none of its frames; `manager` is the manager's own. */
  blockedMachines: machineLimitFields.blockedMachines.optional(),
  /** Maximum number of machines that render it at once; null for no such limit. */
  maxMachines: machineLimitFields.maxMachines.optional(),
  /** An engine by its id in `engines.list` (`blender-4.2.0`), or `blender` for the default one. */
  engine: z.string().min(1).max(100).optional(),
  /** Scene of the file to render; a .blend may hold several. */
  sceneName: z.string().min(1).max(200).optional(),
  /** Names of a glTF's animations to play together; omitted: all of them. */
  animations: z.array(z.string().min(1).max(200)).min(1).max(1_000).optional(),
  /** Transparent background (glTF; Blender's Film → Transparent); omitted: as set in the scene. */
  transparent: z.boolean().optional(),
  /** Device for Cycles; omitted: as set in the file and in Blender's preferences. */
  device: renderDeviceSchema.optional(),
  renderEngine: renderEngineSchema.optional(),
  format: imageFormatSchema.optional(),
  /** Scales the image size, like Blender's Resolution %. */
  percentage: z.number().min(1).max(1_000).optional(),
  /** Allow scripts embedded in the file to run. */
  allowScripts: z.boolean().optional(),
  /** Start Blender without the user's own settings and add-ons. */
  factoryStartup: z.boolean().optional(),
  order: frameOrderSchema.optional(),
  /** Maximum attempts to render a frame before it is given up. */
  attempts: z.int().min(1).max(100).optional(),
  /** The job fails when more than this share of its frames has failed, 0 to 1. */
  failureShare: z.number().min(0).max(1).optional(),
  priority: schedulingFields.priority.optional(),
  after: schedulingFields.after.optional(),
  startAt: schedulingFields.startAt.optional(),
  /** What it is called; omitted: as its scene. */
  name: labelFields.name.optional(),
  note: labelFields.note.optional(),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** A request with every default resolved. */
export const jobSettingsSchema = z.object({
  scene: z.string(),
  frames: z.string(),
  width: z.int(),
  height: z.int(),
  samples: z.int(),
  /** null: the scene's first camera, or a camera that frames the scene. */
  camera: z.string().nullable(),
  fps: z.number(),
  /** Absolute output pattern. */
  output: z.string(),
  /** The output pattern that `output` is a new version of; null where no version was asked for. */
  versionOf: z.string().nullable().default(null),
  overwrite: z.boolean(),
  keepExisting: z.boolean().default(false),
  preview: z.boolean().default(false),
  /** null: limited by the preferences only. */
  workers: z.int().nullable(),
  tags: machineLimitFields.tags.default([]),
  blockedMachines: machineLimitFields.blockedMachines.default([]),
  maxMachines: machineLimitFields.maxMachines.default(null),
  /** Id of the engine's installation; null for the default one. */
  installation: z.string().nullable().default(null),
  /** null: the file's active scene. */
  sceneName: z.string().nullable().default(null),
  /** null: the engine's default. */
  animations: z.array(z.string()).nullable().default(null),
  /** null: as set in the scene. */
  transparent: z.boolean().nullable().default(null),
  /** null: as set in the file and in Blender's preferences. */
  device: renderDeviceSchema.nullable().default(null),
  /** null: as set in the scene. */
  renderEngine: z.string().nullable().default(null),
  format: imageFormatSchema.default('png'),
  /** Suffixes of each frame's views (`_L` and `_R` of a stereo scene); otherwise a single empty one. */
  views: z.array(z.string()).min(1).default(['']),
  /** Pixels of the image files, where the scene crops them or puts two views into one; null: `width` and `height`. */
  imageSize: z.object({ width: z.int(), height: z.int() }).nullable().default(null),
  /** Name of the scene's view transform on an sRGB display when the job was planned; null where unknown. */
  viewTransform: z.string().nullable().default(null),
  allowScripts: z.boolean().default(false),
  factoryStartup: z.boolean().default(false),
  order: frameOrderSchema.default('sequence'),
  attempts: z.int().default(3),
  failureShare: z.number().default(0.1),
});
export type JobSettings = z.infer<typeof jobSettingsSchema>;

const frameCountsSchema = z.object({
  total: z.int(),
  waiting: z.int(),
  rendering: z.int(),
  done: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
export type FrameCounts = z.infer<typeof frameCountsSchema>;

/** How a job treats existing images, at most one of these; by default the job is rejected. */
export const conflictPolicySchema = z.strictObject({
  overwrite: z.boolean().optional().describe('Render over the images that are in the way'),
  keepExisting: z.boolean().optional().describe('Take images that are there already for the job’s, whoever made them'),
  newVersion: z.boolean().optional().describe('Render beside them, into v002'),
});
export type ConflictPolicy = z.infer<typeof conflictPolicySchema>;

/** A job as exposed to the UI, the CLI and add-ons. Times are milliseconds since 1970. */
export const jobSchema = z.object({
  id: z.int(),
  /** The scene's name, unless it was given another. */
  name: z.string(),
  /** What people have written down about it; empty for nothing. */
  note: z.string(),
  engine: engineIdSchema,
  settings: jobSettingsSchema,
  state: jobStateSchema,
  /** Why it failed, was cancelled or paused, or a problem of a completed job, in words. */
  reason: shownText().nullable(),
  /** What was wrong, where it failed. */
  failure: failureCodeSchema.nullable(),
  /** Position in the queue, ascending. */
  position: z.number(),
  ...schedulingFields,
  /** Earliest start, milliseconds since 1970; null for now. Older versions took any number. */
  startAt: z.number().nullable(),
  /** Why a queued job cannot start now, in words; null when it only waits for its turn. */
  waitsFor: z.string().nullable(),
  /** Warnings about its images, a sentence each: missing textures, a movie rendered as stills. */
  warnings: z.array(shownText()),
  /** Frames with a suspicious image: empty, or rendered unusually fast. */
  suspicious: z.int(),
  /** Names of the machines of the farm that have had frames of it. */
  machines: z.array(z.string()),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  frames: frameCountsSchema,
  /** The frame that this job wrote last. */
  lastFrame: z.int().nullable(),
  /** Average over the most recent frames; null before there are two. */
  framesPerMinute: z.number().nullable(),
  /** Median estimate of the seconds until the job is done, counted from its turn; null until there is one. */
  secondsLeft: z.number().nullable(),
  /** 90th percentile of the same estimate. */
  secondsLeftP90: z.number().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

export const frameSchema = z.object({
  frame: z.int(),
  state: frameStateSchema,
  /** Number of attempts so far. */
  attempts: z.int(),
  /** Why the last attempt failed, in words. */
  reason: shownText().nullable(),
  /** What was wrong then. */
  failure: failureCodeSchema.nullable(),
  /** Absolute path of the image (the first of several), once it exists. */
  file: z.string().nullable(),
  /** Absolute paths of all the frame's files, `file` first. */
  files: z.array(z.string()),
  /** Why the image is suspicious, in words. */
  suspicion: shownText().nullable(),
  /** Slot of the current or last worker. */
  slot: z.int().nullable(),
  /** Name of the machine of the farm that it is, or was, on; null for the host's own. */
  machine: z.string().nullable(),
  /** Peak memory of its worker, in bytes. */
  peakBytes: z.number().nullable(),
  /** Render time in the worker, in seconds. */
  seconds: z.number().nullable(),
  /** When it was written, milliseconds since 1970. */
  writtenAt: z.number().nullable(),
});
export type Frame = z.infer<typeof frameSchema>;

/** Changes of a job: its name, note and position in the queue at any time, everything else while it is paused or has not started. */
export const jobChangesSchema = jobRequestSchema.omit({ scene: true });
export type JobChanges = z.infer<typeof jobChangesSchema>;

/** `after-frame`, `after-job`: it will pause once the frames, or the job, in progress are done. */
const queueStateSchema = z.enum(['running', 'after-frame', 'after-job', 'paused']);
export const queueSchema = z.object({
  state: queueStateSchema,
  /** Why it is paused, in words; null when it runs or the user paused it. */
  reason: shownText().nullable(),
  /** Median estimate of the seconds until every queued job is done; null until there is one. */
  secondsLeft: z.number().nullable(),
  /** 90th percentile of the same estimate. */
  secondsLeftP90: z.number().nullable(),
});
export type QueueInfo = z.infer<typeof queueSchema>;

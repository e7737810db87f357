import { z } from 'zod';
import './schema-words';
import { engineIdSchema } from './scene';

/**
 * Lifecycle events, with Blender's names (bpy.app.handlers) and order, followed by our own. Per job: `render_init`,
 * then per frame `render_pre`, `render_post`, `render_write`, then either `render_complete` or `render_cancel`.
 */
export const LIFECYCLE_EVENTS = [
  'load_pre',
  'load_post',
  'load_post_fail',
  'render_init',
  'render_pre',
  'render_post',
  'render_write',
  'render_stats',
  'render_complete',
  'render_cancel',
  'job_queued',
  'job_state',
  'frame_failed',
  'worker_state',
  'queue_idle',
] as const;

export const lifecycleEventNameSchema = z.enum(LIFECYCLE_EVENTS);
export type LifecycleEventName = z.infer<typeof lifecycleEventNameSchema>;

/** The payload of an event. Only the fields that apply to the event are present. */
export const lifecycleEventSchema = z.object({
  name: lifecycleEventNameSchema,
  /** Sequence number, counted from the host's start. */
  seq: z.int(),
  /** Milliseconds since 1970. */
  time: z.number(),
  job: z.object({ id: z.int(), name: z.string(), state: z.string() }).optional(),
  frame: z.int().optional(),
  /** Absolute path of the scene file. */
  scene: z.string().optional(),
  engine: engineIdSchema.optional(),
  /** Slot of the worker. */
  worker: z.int().optional(),
  /** Absolute path of the image (`render_write`). */
  file: z.string().optional(),
  /** Render time of the frame, in seconds (`render_post`, `render_write`). */
  seconds: z.number().optional(),
  /** In words (`render_cancel`, `frame_failed`, `load_post_fail`, `job_state`, `worker_state`). */
  reason: z.string().optional(),
  /** Number of the attempt, from 1 (`render_pre`, `frame_failed`). */
  attempt: z.int().optional(),
  /** New state of the worker (`worker_state`). */
  state: z.string().optional(),
  /** Progress within the frame, in samples (`render_stats`). */
  sample: z.int().optional(),
  samples: z.int().optional(),
  /** The engine's estimate of the frame's remaining time, in seconds (`render_stats`). */
  secondsLeft: z.number().optional(),
  /** The engine's reported memory use, in bytes (`render_stats`). */
  memoryBytes: z.number().optional(),
});
export type LifecycleEvent = z.infer<typeof lifecycleEventSchema>;

/** A stored lifecycle event: `cursor` keeps growing across restarts of the host, while `seq` starts anew. */
export const storedEventSchema = lifecycleEventSchema.extend({ cursor: z.int() });
export type StoredEvent = z.infer<typeof storedEventSchema>;

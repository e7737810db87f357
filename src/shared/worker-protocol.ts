import { z } from 'zod';
import { imageFormatSchema } from './image-format';

/**
 * What the host and a render page say to each other: JSON messages over a WebSocket. The worker speaks first, with `hello` and its token. The host gives one `render` at a time. What it says to
 * a Blender, below, goes the same way, as JSON lines over TCP.
 */
export const hostToWorkerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('render'),
    /** Names this request in the answers. */
    id: z.int(),
    /** The scene: absolute path; the worker keeps it loaded until another is named. */
    scene: z.string(),
    /** Where a page finds the scene file (gltf). */
    url: z.string().optional(),
    frame: z.int(),
    fps: z.number(),
    width: z.int(),
    height: z.int(),
    samples: z.int(),
    camera: z.string().nullable(),
  }),
  /** Give up the request in work, at the next sample; answered by `failed`. */
  z.object({ type: z.literal('abort'), id: z.int() }),
  z.object({ type: z.literal('ping'), id: z.int() }),
]);
export type HostToWorker = z.infer<typeof hostToWorkerSchema>;

export const workerToHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string() }),
  z.object({ type: z.literal('progress'), id: z.int(), sample: z.int(), samples: z.int() }),
  /** The image follows as one binary message of `bytes` bytes. `seconds`: render and encode. */
  z.object({ type: z.literal('rendered'), id: z.int(), seconds: z.number(), bytes: z.int() }),
  /** `final`: trying again cannot help (the scene is broken, the camera is missing). */
  z.object({ type: z.literal('failed'), id: z.int(), reason: z.string(), final: z.boolean() }),
  z.object({ type: z.literal('pong'), id: z.int() }),
]);
export type WorkerToHost = z.infer<typeof workerToHostSchema>;

/** Also what src/main/engines/blender/driver/render.py reads: a JSON object a line. There is no `abort`: a frame is given up by ending Blender. */
export const hostToBlenderSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('render'),
    id: z.int(),
    scene: z.string(),
    frame: z.int(),
    fps: z.number(),
    width: z.int(),
    height: z.int(),
    samples: z.int(),
    camera: z.string().nullable(),
    format: imageFormatSchema,
    sceneName: z.string().nullable(),
    renderEngine: z.string().nullable(),
    /** Where files are written, and nowhere else. */
    folder: z.string(),
  }),
  z.object({ type: z.literal('ping'), id: z.int() }),
]);
export type HostToBlender = z.infer<typeof hostToBlenderSchema>;

/** Why the driver could not render a frame; `text` beside it says more. */
export const BLENDER_CAUSES = [
  /** Loading: it isn't there, is no file, can't be read, is no .blend, was written by a newer Blender (`text`: which), or is damaged (`text`: Blender's words). */
  ...(['missing', 'not-a-file', 'unreadable', 'not-a-blend', 'newer', 'load'] as const),
  /** What the request names isn't in the file (`text`: what is there), or not in this Blender (`text`: its identifier). */
  ...(['no-scene', 'no-such-camera', 'no-engine', 'no-format'] as const),
  /** Rendering: Blender's own error, the end by a signal, no image in spite of success, nowhere to write to, no memory. */
  ...(['render', 'cancelled', 'no-image', 'output', 'memory'] as const),
  /** A mistake of the driver's. */
  'driver',
] as const;
export type BlenderCause = (typeof BLENDER_CAUSES)[number];

/** A file that a .blend needs and that is not there. `file` is none of the others: a script of a shader's, say. */
export const missingFileSchema = z.object({
  kind: z.enum(['library', 'image', 'movie', 'font', 'sound', 'volume', 'cache', 'file']),
  path: z.string(),
});
export type MissingFile = z.infer<typeof missingFileSchema>;

const fileOfBlenderSchema = z.union([
  z.object({ path: z.string(), view: z.string(), width: z.int(), height: z.int() }),
  z.object({ path: z.string(), file: z.string() }),
]);

export const blenderToHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string(), version: z.string() }),
  /** A sign of progress, with Blender's own words where it tells them to scripts. */
  z.object({ type: z.literal('stats'), id: z.int(), text: z.string().nullable() }),
  z.object({
    type: z.literal('rendered'),
    id: z.int(),
    seconds: z.number(),
    peakBytes: z.number().nullable(),
    files: z.array(fileOfBlenderSchema),
    missing: z.array(missingFileSchema),
    /** What else the person should know, a sentence each. */
    warnings: z.array(z.string()),
  }),
  z.object({ type: z.literal('failed'), id: z.int(), cause: z.enum(BLENDER_CAUSES), text: z.string() }),
  z.object({ type: z.literal('pong'), id: z.int() }),
]);
export type BlenderToHost = z.infer<typeof blenderToHostSchema>;

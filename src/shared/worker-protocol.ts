import { z } from 'zod';
import './schema-words';
import { frameSpanSchema } from './frame-span-schema';
import { imageFormatSchema } from './image-format-schema';
import { renderDeviceSchema } from './jobs';

/**
 * Messages between the host and a render page: JSON over a WebSocket. The worker begins with `hello` and its token. The
 * host sends one `render` at a time. Its messages to Blender, below, use the same protocol as JSON lines over TCP.
 */
export const hostToWorkerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('render'),
    /** Echoed in the answers to this request. */
    id: z.int(),
    /** The scene's absolute path; the worker keeps it loaded until another is named. */
    scene: z.string(),
    /** Where a page fetches the scene file (gltf). */
    url: z.string().optional(),
    frame: z.int(),
    fps: z.number(),
    width: z.int(),
    height: z.int(),
    samples: z.int(),
    camera: z.string().nullable(),
    /** Names of the animations to play, as returned by `animationsOf`; null: the page's default. */
    animations: z.array(z.string()).nullable().default(null),
    /** Name of the scene in the file; null: the file's default scene. */
    sceneName: z.string().nullable().default(null),
    /** Transparent background; null: as set in the scene. */
    transparent: z.boolean().nullable().default(null),
  }),
  /** Abort the current request at the next sample; answered by `failed`. */
  z.object({ type: z.literal('abort'), id: z.int() }),
  z.object({ type: z.literal('ping'), id: z.int() }),
]);
export type HostToWorker = z.infer<typeof hostToWorkerSchema>;

export const workerToHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string() }),
  z.object({ type: z.literal('progress'), id: z.int(), sample: z.int(), samples: z.int() }),
  /**
   * The image follows as one binary message of `bytes` bytes. `seconds`: render and encode. `warnings`: a sentence
   * each, for the user.
   */
  z.object({
    type: z.literal('rendered'),
    id: z.int(),
    seconds: z.number().nonnegative(),
    bytes: z.int(),
    warnings: z.array(z.string().max(1_000)).max(20).default([]),
  }),
  /** `final`: a retry cannot succeed (the scene is broken, the camera is missing). */
  z.object({ type: z.literal('failed'), id: z.int(), reason: z.string(), final: z.boolean() }),
  z.object({ type: z.literal('pong'), id: z.int() }),
]);
export type WorkerToHost = z.input<typeof workerToHostSchema>;

/**
 * Also read by src/main/engines/blender/driver/connection.py: one JSON object per line. There is no `abort`: a frame is
 * aborted by killing Blender.
 */
const hostToBlenderSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('render'),
    id: z.int(),
    scene: z.string(),
    frame: z.int(),
    /** Frames that simulations go through on their way to this one, beside the scene's own. */
    spans: z.array(frameSpanSchema).readonly(),
    fps: z.number(),
    width: z.int(),
    height: z.int(),
    samples: z.int(),
    camera: z.string().nullable(),
    format: imageFormatSchema,
    sceneName: z.string().nullable(),
    renderEngine: z.string().nullable(),
    /** Transparent background; null: as set in the scene. */
    transparent: z.boolean().nullable(),
    /** Device for Cycles; null: as set in the scene and in Blender's preferences. */
    device: renderDeviceSchema.nullable(),
    /**
     * Folders that the scene's files may be in, links resolved; null in `within` for anywhere on this machine except
     * the closed folder.
     */
    limits: z.object({
      within: z.array(z.string()).readonly().nullable(),
      closed: z.string().nullable(),
      openInClosed: z.string().nullable(),
    }),
    /** The only folder that files are written to. */
    folder: z.string(),
  }),
  /** Look into a .blend, as inspect_file.py does, and change nothing; what is loaded afterwards doesn't matter. */
  z.object({ type: z.literal('inspect'), id: z.int(), scene: z.string() }),
  z.object({ type: z.literal('ping'), id: z.int() }),
]);
export type HostToBlender = z.infer<typeof hostToBlenderSchema>;

/** Why the driver could not render a frame; `text` beside it gives the details. */
export const BLENDER_CAUSES = [
  /**
   * Loading: the file does not exist, is not a file, can't be read, is no .blend, was written by a newer Blender
   * (`text`: which), is damaged (`text`: Blender's message), or refers to something outside its limits (`text`: that).
   */
  ...(['missing', 'not-a-file', 'unreadable', 'not-a-blend', 'newer', 'load', 'outside'] as const),
  /**
   * The request names something that isn't in the file (`text`: what the file has), or isn't supported by this Blender
   * or machine (`text`: its identifier).
   */
  ...(['no-scene', 'no-such-camera', 'no-engine', 'no-format', 'no-size', 'no-device'] as const),
  /**
   * Rendering: Blender's own error, killed by a signal, no image in spite of success, no writable output, out of
   * memory.
   */
  ...(['render', 'cancelled', 'no-image', 'output', 'memory'] as const),
  /** A bug of the driver. */
  'driver',
] as const;
export type BlenderCause = (typeof BLENDER_CAUSES)[number];

/** A file that a .blend needs and that is missing. `file` is any other kind: a script of a shader, for instance. */
export const missingFileSchema = z.object({
  kind: z.enum(['library', 'image', 'movie', 'font', 'sound', 'volume', 'cache', 'file']),
  path: z.string(),
  /** Whether others of its sequence are there: then the path has # for the digits that count them. */
  partly: z.boolean().optional(),
});
export type MissingFile = z.infer<typeof missingFileSchema>;

const fileOfBlenderSchema = z.union([
  z.object({ path: z.string(), view: z.string(), width: z.int(), height: z.int() }),
  /** The preview of a view's OpenEXR. */
  z.object({ path: z.string(), previewOf: z.string() }),
  z.object({ path: z.string(), file: z.string() }),
]);

export const blenderToHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string(), version: z.string() }),
  /** A progress message, with Blender's own text where scripts can read it. */
  z.object({ type: z.literal('stats'), id: z.int(), text: z.string().nullable() }),
  z.object({
    type: z.literal('rendered'),
    id: z.int(),
    seconds: z.number().nonnegative(),
    peakBytes: z.number().nullable(),
    files: z.array(fileOfBlenderSchema),
    missing: z.array(missingFileSchema),
    /** Further warnings for the user, a sentence each. */
    warnings: z.array(z.string()),
  }),
  z.object({ type: z.literal('failed'), id: z.int(), cause: z.enum(BLENDER_CAUSES), text: z.string() }),
  /** `told`: what is in the .blend stands in result.json. */
  z.object({ type: z.literal('inspected'), id: z.int(), told: z.boolean() }),
  z.object({ type: z.literal('pong'), id: z.int() }),
]);
export type BlenderToHost = z.infer<typeof blenderToHostSchema>;

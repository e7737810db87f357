import { z } from 'zod';

/**
 * What the host and a worker say to each other: JSON messages over a WebSocket (gltf page) or JSON lines over TCP (Blender). The worker
 * speaks first, with `hello` and its token. The host gives one `render` at a time.
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

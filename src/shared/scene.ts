import { z } from 'zod';

export const engineIdSchema = z.enum(['gltf', 'blender']);
/** Which way of rendering a scene needs. */
export type EngineId = z.infer<typeof engineIdSchema>;

/** What a scene file offers, read without rendering it. */
export const sceneInfoSchema = z.object({
  /** Absolute path. */
  path: z.string(),
  /** File name without its folder and extension. */
  name: z.string(),
  engine: engineIdSchema,
  /** Size of the file in bytes. */
  bytes: z.number(),
  frameStart: z.int(),
  /** Last frame, inclusive. */
  frameEnd: z.int(),
  /** Frames per second. */
  fps: z.number(),
  /** Proposed image size in pixels. */
  width: z.int(),
  height: z.int(),
  samples: z.int(),
  cameras: z.array(z.string()),
  animations: z.array(z.object({ name: z.string(), seconds: z.number() })),
  /** What the person should know before rendering, a sentence each. */
  warnings: z.array(z.string()),
});
export type SceneInfo = z.infer<typeof sceneInfoSchema>;

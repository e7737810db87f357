import { z } from 'zod';
import { imageFormatSchema } from './image-format';

export const engineIdSchema = z.enum(['gltf', 'blender']);
/** Which way of rendering a scene needs. */
export type EngineId = z.infer<typeof engineIdSchema>;

/** One scene of a .blend, as it would be rendered. */
export const blenderSceneSchema = z.object({
  name: z.string(),
  frameStart: z.int(),
  frameEnd: z.int(),
  frameStep: z.int(),
  fps: z.number(),
  /** Pixels, before the percentage. */
  width: z.int(),
  height: z.int(),
  percentage: z.number(),
  /** The active camera. */
  camera: z.string().nullable(),
  cameras: z.array(z.string()),
  /** cycles, eevee, workbench, or the identifier of an add-on's engine. */
  renderEngine: z.string(),
  /** null where the engine has no such thing. */
  samples: z.int().nullable(),
  /** Samples that the file has for each engine that has them, for a job that asks for another one. */
  samplesByEngine: z.record(z.string(), z.int()).optional(),
  /** As it stands in the file, `//` and `####` included. */
  output: z.string(),
  /** null where the file asks for a movie or a format that is not written here. */
  format: imageFormatSchema.nullable(),
  /** It asks for a movie: stills are rendered. */
  movie: z.boolean(),
  /** Suffixes of its views; one empty one where it isn't stereo. */
  views: z.array(z.string()),
  viewLayers: z.array(z.string()),
  /** It renders what the sequencer shows. */
  sequencer: z.boolean(),
  /** Its pictures go through compositing nodes. */
  compositor: z.boolean().optional(),
  /** Where its File Output nodes write to, as it stands in the file: those files belong to each frame. */
  fileOutputs: z.array(z.string()).optional(),
});
export type BlenderScene = z.infer<typeof blenderSceneSchema>;

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
  /** Every Nth frame of the range is rendered: N. */
  frameStep: z.int(),
  /** Frames per second. */
  fps: z.number(),
  /** Proposed image size in pixels. */
  width: z.int(),
  height: z.int(),
  samples: z.int(),
  cameras: z.array(z.string()),
  animations: z.array(z.object({ name: z.string(), seconds: z.number() })),
  /** A small picture out of the file, as a data URL. */
  thumbnail: z.string().nullable(),
  /** Of a .blend: what Blender found in it; null for other files, and where no Blender could look. */
  blender: z
    .object({
      /** Version that wrote the file, as `3.4`. */
      version: z.string().nullable(),
      activeScene: z.string(),
      scenes: z.array(blenderSceneSchema).min(1),
      /** It holds scripts that would run if they were allowed to. */
      scripts: z.boolean(),
    })
    .nullable(),
  /** What the person should know before rendering, a sentence each. */
  warnings: z.array(z.string()),
});
export type SceneInfo = z.infer<typeof sceneInfoSchema>;

import { z } from 'zod';
import './schema-words';
import { imageFormatSchema } from './image-format-schema';
import { shownText } from './texts/shown-text';

/**
 * The engine that a scene needs. The host knows the available engines and validates names read from files against them;
 * here, and between processes, only the name's form is checked.
 */
export const engineIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'write an engine’s name in small letters, as gltf or blender');
export type EngineId = z.infer<typeof engineIdSchema>;

/** One scene of a .blend, with its render settings. */
const blenderSceneSchema = z.object({
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
  /** null where the engine has no samples. */
  samples: z.int().nullable(),
  /** The file's samples for each engine that has them, for jobs that choose another engine. */
  samplesByEngine: z.record(z.string(), z.int()).optional(),
  /** As written in the file, `//` and `####` included. */
  output: z.string(),
  /** null where the file asks for a movie or an unsupported format. */
  format: imageFormatSchema.nullable(),
  /** It is set to a movie format: stills are rendered instead. */
  movie: z.boolean(),
  /** Suffixes of its views; a single empty one where it isn't stereo. */
  views: z.array(z.string()),
  /** Edges of what its images are cropped to, as shares of their size; absent or null for no crop. */
  crop: z.object({ left: z.number(), right: z.number(), bottom: z.number(), top: z.number() }).nullable().optional(),
  /** How both views of a stereo image are put into one of double size; absent or null where they are not. */
  joinedViews: z.enum(['side-by-side', 'top-bottom']).nullable().optional(),
  /** The same for a format that cannot hold all views in one file, where the file's own format does. */
  separateViews: z.array(z.string()).optional(),
  viewLayers: z.array(z.string()),
  /** Name of its view transform on an sRGB display, such as `AgX`; absent or null where unknown. */
  viewTransform: z.string().nullable().optional(),
  /** It renders the sequencer's output. */
  sequencer: z.boolean(),
  /** Its images pass through compositing nodes. */
  compositor: z.boolean().optional(),
  /** Output paths of its File Output nodes, as written in the file: those files belong to each frame. */
  fileOutputs: z.array(z.string()).optional(),
  /** It has unbaked physics: a frame depends on those before it. */
  inSequence: z.boolean().optional(),
});
export type BlenderScene = z.infer<typeof blenderSceneSchema>;

const animationSchema = z.object({ name: z.string(), seconds: z.number() });

/** A scene file's contents, read without rendering it. */
export const sceneInfoSchema = z.object({
  /** Absolute path. */
  path: z.string(),
  /** File name without folder and extension. */
  name: z.string(),
  engine: engineIdSchema,
  /** Size of the file in bytes. */
  bytes: z.number(),
  frameStart: z.int(),
  /** Last frame, inclusive. */
  frameEnd: z.int(),
  /** N, where every Nth frame of the range is rendered. */
  frameStep: z.int(),
  /** Frames per second. */
  fps: z.number(),
  /** Default image size in pixels. */
  width: z.int(),
  height: z.int(),
  samples: z.int(),
  cameras: z.array(z.string()),
  animations: z.array(animationSchema),
  /**
   * Names of a glTF's scenes, where it lists any, and the default one; `cameras` and `animations` are those of the
   * default scene.
   */
  scenes: z.array(z.string()).optional(),
  activeScene: z.string().optional(),
  /** Cameras and animations of each of `scenes`, in their order, where there are several. */
  sceneContents: z.array(z.object({ cameras: z.array(z.string()), animations: z.array(animationSchema) })).optional(),
  /** A small embedded preview, as a data URL. */
  thumbnail: z.string().nullable(),
  /** Of a .blend: what Blender found in it; null for other files, and where no Blender could open it. */
  blender: z
    .object({
      /** Version that wrote the file, such as `3.4`. */
      version: z.string().nullable(),
      activeScene: z.string(),
      scenes: z.array(blenderSceneSchema).min(1),
      /** It contains scripts that would run if allowed. */
      scripts: z.boolean(),
    })
    .nullable(),
  /** Warnings for the user before rendering, a sentence each. */
  warnings: z.array(shownText()),
  /**
   * Animations of a glTF that animate the same property; the warnings depend on which of them are played: see
   * animation-overlaps.
   */
  overlaps: z.array(z.tuple([z.string(), z.string()])).optional(),
});
export type SceneInfo = z.infer<typeof sceneInfoSchema>;

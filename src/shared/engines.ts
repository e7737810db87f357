import { z } from 'zod';
import { engineIdSchema } from './scene';

/** One way to render that this machine has or could have: the built-in one, and every Blender that was found. */
export const engineInfoSchema = z.object({
  /** `gltf`, `blender-3.4.1`. */
  id: z.string(),
  engine: engineIdSchema,
  /** For people: `Blender 3.4.1`. */
  name: z.string(),
  version: z.string().nullable(),
  /** Absolute path of its program. */
  path: z.string().nullable(),
  /** How it was found. */
  source: z.enum(['built-in', 'preference', 'environment', 'path', 'usual-place']),
  /** Why it does not work, in words; null when it does. */
  problem: z.string().nullable(),
  /** Jobs that name none get it. */
  default: z.boolean(),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

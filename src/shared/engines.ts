import { z } from 'zod';
import './schema-words';
import { engineIdSchema } from './scene';

/** An engine on this machine, working or not: the built-in one, and every Blender installation found. */
export const engineInfoSchema = z.object({
  /** `gltf`, `blender-3.4.1`. */
  id: z.string(),
  engine: engineIdSchema,
  /** Display name: `Blender 3.4.1`. */
  name: z.string(),
  version: z.string().nullable(),
  /** Absolute path of its executable. */
  path: z.string().nullable(),
  /** How it was found. */
  source: z.enum(['built-in', 'preference', 'environment', 'path', 'usual-place']),
  /** Why it does not work, in words; null when it does. */
  problem: z.string().nullable(),
  /** A sentence of warning about an engine that works. */
  warning: z.string().nullable().optional(),
  /** Used by jobs that name no engine. */
  default: z.boolean(),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

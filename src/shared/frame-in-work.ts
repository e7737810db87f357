import { z } from 'zod';
import './schema-words';

/** Maximum number of lines of the live log that are told, the last ones, and of characters of each. */
export const LIVE_LOG_LINES = 100;
export const LIVE_LOG_WIDTH = 500;

/** A frame while it is in work. Nothing of it is stored. */
export const frameInWorkSchema = z.object({
  /** Number of the try, from 1. */
  attempt: z.int(),
  /** Seconds since it was dispatched. */
  seconds: z.number(),
  /** Samples done and in all; null until the engine has told them. */
  sample: z.int().nullable(),
  samples: z.int().nullable(),
  /** The engine's estimate of the seconds left; null where it makes none. */
  secondsLeft: z.number().nullable(),
  /** Memory that its worker holds, else what its engine reports, in bytes; null where neither is known. */
  memoryBytes: z.number().nullable(),
  /** Seconds that the try before it took, or the last render of the frame; null where unknown. */
  lastSeconds: z.number().nullable(),
  /** The last lines the engine printed, oldest first; empty where they can't be told before it is over. */
  log: z.array(z.string()),
});
export type FrameInWork = z.infer<typeof frameInWorkSchema>;

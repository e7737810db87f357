import { z } from 'zod';
import { engineIdSchema } from './scene';
import { shownText } from './texts/shown-text';

/** A program of an engine on a machine, as Blender, of which one can have several. */
export const installationSchema = z.strictObject({
  engine: engineIdSchema,
  id: z.string().min(1).max(100),
  version: z.string().max(100).nullable(),
});

/** Memory of a machine, in bytes. */
export const memorySchema = z.strictObject({ usedBytes: z.number().min(0), totalBytes: z.number().positive() });

/** What went wrong on a machine last. */
export const machineErrorSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  /** As a sentence. */
  reason: shownText().max(2_000),
});

/** Where a machine serves its metrics, over HTTP at `/metrics`. */
export const servedMetricsSchema = z.strictObject({
  /** null: at the address from which it talks to the manager. */
  host: z
    .string()
    .min(1)
    .max(300)
    .regex(/^[\w.:%-]+$/)
    .nullable(),
  port: z.int().min(1).max(65_535),
});
export type ServedMetrics = z.infer<typeof servedMetricsSchema>;

import { z } from 'zod';
import { engineIdSchema } from './scene';

export const workerStateSchema = z.enum(['starting', 'idle', 'rendering', 'stopping']);

/** One live worker. Slots are numbered from 1 and reused. */
export const workerSchema = z.object({
  slot: z.int(),
  engine: engineIdSchema,
  state: workerStateSchema,
  /** Scene that it has loaded. */
  scene: z.string().nullable(),
  jobId: z.int().nullable(),
  frame: z.int().nullable(),
  framesDone: z.int(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
});
export type WorkerInfo = z.infer<typeof workerSchema>;

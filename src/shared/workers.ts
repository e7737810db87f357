import { z } from 'zod';
import './schema-words';
import { engineIdSchema } from './scene';

/** `resting`: its frames kept failing, and the slot is in backoff: it gets no worker for a while. */
const workerStateSchema = z.enum(['starting', 'idle', 'rendering', 'stopping', 'resting']);

/** One live worker. Slots are numbered from 1 and reused. */
export const workerSchema = z.object({
  slot: z.int(),
  engine: engineIdSchema,
  state: workerStateSchema,
  /** The scene that it has loaded. */
  scene: z.string().nullable(),
  jobId: z.int().nullable(),
  frame: z.int().nullable(),
  framesDone: z.int(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** Why it is in backoff, in words. */
  reason: z.string().optional(),
  /** Name of the machine of the farm it is on; missing where it is on the host's own. */
  machine: z.string().optional(),
});
export type WorkerInfo = z.infer<typeof workerSchema>;

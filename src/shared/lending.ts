import { z } from 'zod';
import './schema-words';
import { MAX_MACHINE_WORKERS } from './farm';

/** What a person gives to lend this machine to a farm, as `machines invite` prints it on the manager. */
export const lendRequestSchema = z.strictObject({
  url: z.string().min(1).max(2_000),
  token: z.string().min(1).max(500),
  /** Number of frames that it renders at once. */
  workers: z.int().min(1).max(MAX_MACHINE_WORKERS),
});
export type LendRequest = z.infer<typeof lendRequestSchema>;

/** How this machine stands to a farm that it is lent to. */
export const lendingSchema = z.object({
  /** `failed`: it did not join, or could not go on. */
  state: z.enum(['off', 'joining', 'lent', 'failed']),
  /** Its name in the farm; null before it has joined. */
  name: z.string().nullable(),
  /** Address of the manager; null before it has joined. */
  url: z.string().nullable(),
  /** How it goes now, or why it does not, as a sentence; null where there is nothing to say. */
  text: z.string().nullable(),
  /** Number of frames that it renders at once. */
  workers: z.int(),
  /** Frames that it has delivered since it was lent. */
  delivered: z.int(),
});
export type Lending = z.infer<typeof lendingSchema>;

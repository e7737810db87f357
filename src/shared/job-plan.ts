import { z } from 'zod';
import './schema-words';
import { jobSettingsSchema } from './jobs';
import { shownText } from './texts/shown-text';

/** Dry run of a submission: what would be rendered, and what conflicts with it. */
export const jobPlanSchema = z.object({
  settings: jobSettingsSchema,
  /** Number of frames. */
  frames: z.int(),
  /** How many of them would be skipped, as their images are there. */
  there: z.int(),
  /** Paths of the images of the first and the last frame. */
  images: z.object({ first: z.string(), last: z.string() }),
  /** Warnings that the job would have, a sentence each. */
  warnings: z.array(shownText()),
  /**
   * Images that the request may not replace. `frames`: the number of frames affected; `job`: the job that wrote or will
   * write them; null where it is unknown.
   */
  conflict: z.object({ sentence: z.string(), frames: z.int(), job: z.int().nullable() }).nullable(),
  /** The output that `newVersion: true` would choose. */
  newVersion: z.string(),
});
export type JobPlan = z.infer<typeof jobPlanSchema>;

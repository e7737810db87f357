import { z } from 'zod';
import './schema-words';

/** Number of samples kept: at one per two seconds while something renders, the last two hours of rendering. */
export const MAX_SAMPLES_KEPT = 3_600;
/** Number of frame times kept. */
export const MAX_FRAME_TIMES_KEPT = 2_000;

/** State of the queue and its workers at one moment. Times are milliseconds since 1970, by the host's clock. */
export const statisticsSampleSchema = z.object({
  time: z.number(),
  /** All jobs together; 0 where nothing renders, null while it is unknown. */
  framesPerMinute: z.number().nullable(),
  /** Frames of unfinished jobs that are neither done, skipped nor given up. */
  framesLeft: z.int(),
  /** Workers that are rendering. */
  rendering: z.int(),
  /** Live workers; memory in bytes, null where it cannot be read. */
  workers: z.array(z.object({ slot: z.int(), residentBytes: z.number().nullable() })),
});
export type StatisticsSample = z.infer<typeof statisticsSampleSchema>;

/** A written frame. */
export const frameTimeSchema = z.object({
  /** When it was written. */
  time: z.number(),
  /** Its render time in the worker. */
  seconds: z.number(),
  frame: z.int(),
  slot: z.int(),
});
export type FrameTime = z.infer<typeof frameTimeSchema>;

/** The statistics kept in the host's memory, oldest first. */
export const statisticsSchema = z.object({
  /** The host's clock: a page's own clock may differ. */
  now: z.number(),
  samples: z.array(statisticsSampleSchema),
  frameTimes: z.array(frameTimeSchema),
});
export type Statistics = z.infer<typeof statisticsSchema>;

import { z } from 'zod';

/** How many samples are kept: at one in two seconds while something renders, the last two hours of rendering. */
export const MAX_SAMPLES_KEPT = 3_600;
/** How many frame times are kept. */
export const MAX_FRAME_TIMES_KEPT = 2_000;

/** What the queue and its workers were like at one moment. Times are milliseconds since 1970, by the host's clock. */
export const statisticsSampleSchema = z.object({
  time: z.number(),
  /** Of all jobs together; 0 where nothing renders, null while it can't be told yet. */
  framesPerMinute: z.number().nullable(),
  /** Frames of unfinished jobs that are neither done, skipped nor given up. */
  framesLeft: z.int(),
  /** Workers at work. */
  rendering: z.int(),
  /** Live workers; memory in bytes, null where it can't be read. */
  workers: z.array(z.object({ slot: z.int(), residentBytes: z.number().nullable() })),
});
export type StatisticsSample = z.infer<typeof statisticsSampleSchema>;

/** A frame that was written. */
export const frameTimeSchema = z.object({
  /** When it was written. */
  time: z.number(),
  /** What it took its worker. */
  seconds: z.number(),
  frame: z.int(),
  slot: z.int(),
});
export type FrameTime = z.infer<typeof frameTimeSchema>;

/** The statistics that a host keeps in memory, oldest first. */
export const statisticsSchema = z.object({
  /** What the host's clock says: a page's own may say something else. */
  now: z.number(),
  samples: z.array(statisticsSampleSchema),
  frameTimes: z.array(frameTimeSchema),
});
export type Statistics = z.infer<typeof statisticsSchema>;

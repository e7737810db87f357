import { z } from 'zod';
import './schema-words';

/** Number of samples kept: at one per two seconds while something renders, the last two hours of rendering. */
export const MAX_SAMPLES_KEPT = 3_600;
/** Number of frame times kept. */
export const MAX_FRAME_TIMES_KEPT = 2_000;
/** Number of failed attempts kept. */
export const MAX_FAILURES_KEPT = 1_000;
/** Number of jobs and of file systems in one sample. */
export const MAX_IN_SAMPLE = 8;

/** State of the queue and its workers at one moment. Times are milliseconds since 1970, by the host's clock. */
export const statisticsSampleSchema = z.object({
  time: z.number(),
  /** All jobs together; 0 where nothing renders, null while it is unknown. */
  framesPerMinute: z.number().nullable(),
  /** Frames of unfinished jobs that are neither done, skipped nor given up. */
  framesLeft: z.int(),
  /** Workers that are rendering. */
  rendering: z.int(),
  /** Use of this machine's processor since the previous sample, by all programs: 0 to 1; null where it is unknown. */
  processor: z.number().nullable(),
  /** Live workers. */
  workers: z.array(
    z.object({
      slot: z.int(),
      /** Memory in bytes; null where it cannot be read. */
      residentBytes: z.number().nullable(),
      /** Part of the whole processor that it used since the previous sample: 0 to 1; null where it is unknown. */
      processor: z.number().nullable(),
      /** The job that it is rendering a frame of. */
      job: z.int().nullable(),
    }),
  ),
  /** The jobs that are rendering, those that come first in the queue. */
  jobs: z.array(z.object({ id: z.int(), framesLeft: z.int(), framesPerMinute: z.number().nullable() })),
  /** The file systems of unfinished jobs' output folders. */
  disks: z.array(z.object({ mountPoint: z.string(), freeBytes: z.number(), sizeBytes: z.number() })),
});
export type StatisticsSample = z.infer<typeof statisticsSampleSchema>;

/** A written frame. */
export const frameTimeSchema = z.object({
  /** When it was written. */
  time: z.number(),
  /** Its render time in the worker. */
  seconds: z.number(),
  job: z.int(),
  frame: z.int(),
  slot: z.int(),
});
export type FrameTime = z.infer<typeof frameTimeSchema>;

/** An attempt to render a frame that failed. */
export const frameFailureSchema = z.object({
  time: z.number(),
  job: z.int(),
  frame: z.int(),
  slot: z.int(),
  /** From 1. */
  attempt: z.int(),
  /** In words, at most 300 characters. */
  reason: z.string(),
});
export type FrameFailure = z.infer<typeof frameFailureSchema>;

/** The statistics kept in the host's memory, oldest first. */
export const statisticsSchema = z.object({
  /** The host's clock: a page's own clock may differ. */
  now: z.number(),
  samples: z.array(statisticsSampleSchema),
  frameTimes: z.array(frameTimeSchema),
  failures: z.array(frameFailureSchema),
});
export type Statistics = z.infer<typeof statisticsSchema>;

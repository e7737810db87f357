import type { FrameFailure, FrameTime, StatisticsSample } from '../../shared/statistics';
import { msg } from '../../shared/texts/translate';

/** What a chart shows, by the host's clock, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Rows as uPlot takes them: times, then one row per line; null leaves a gap. */
export type ChartData = [times: number[], ...rows: (number | null)[][]];

export const RANGES = {
  minutes: { label: msg('5 min'), words: msg('the last 5 minutes'), milliseconds: 5 * 60_000 },
  hour: { label: '1 h', words: msg('the last hour'), milliseconds: 60 * 60_000 },
} as const;

/**
 * While something renders there is a sample every two seconds; after a longer pause something has begun or ended. In
 * milliseconds.
 */
const PAUSE = 3_000;

/**
 * The samples in a window. The host samples whenever something begins or ends, so in a pause between two samples all
 * was as in the first: that is added at the pause's end, and so is what was so when the window begins and when it ends.
 */
export function samplesIn(samples: readonly StatisticsSample[], { from, to }: TimeWindow): StatisticsSample[] {
  const inside = samples.filter((sample) => sample.time >= from && sample.time <= to);
  const before = samples.findLast((sample) => sample.time < from);
  if (before && inside[0]?.time !== from) inside.unshift({ ...before, time: from });
  const last = inside.at(-1);
  if (last && last.time < to) inside.push({ ...last, time: to });
  return inside.flatMap((sample, index) => {
    const next = inside[index + 1];
    return next && next.time - sample.time > PAUSE ? [sample, { ...sample, time: next.time - 1 }] : [sample];
  });
}

/** Frames or failures in a window, of one job or of all (null). */
export function framesIn<T extends FrameTime | FrameFailure>(
  frames: readonly T[],
  { from, to }: TimeWindow,
  job: number | null = null,
): T[] {
  return frames.filter(({ time, job: of }) => time >= from && time <= to && (job === null || of === job));
}

/**
 * Samples as they are of one job: its pace and frames left while it rendered, and the workers that rendered it. The
 * machine's processor and disks stay. null: as they are.
 */
export function samplesOf(samples: readonly StatisticsSample[], job: number | null): readonly StatisticsSample[] {
  if (job === null) return samples;
  return samples.map((sample) => {
    const own = sample.jobs.find(({ id }) => id === job);
    const workers = sample.workers.filter((worker) => worker.job === job);
    return {
      ...sample,
      framesPerMinute: own ? own.framesPerMinute : 0,
      framesLeft: own?.framesLeft ?? 0,
      rendering: workers.length,
      workers,
    };
  });
}

/** The jobs that there is something of, newest first. */
export function jobsIn(
  samples: readonly StatisticsSample[],
  frames: readonly (FrameTime | FrameFailure)[],
): readonly number[] {
  const ids = new Set(frames.map(({ job }) => job));
  for (const { jobs } of samples) for (const { id } of jobs) ids.add(id);
  return [...ids].sort((a, b) => b - a);
}

export function paceData(samples: readonly StatisticsSample[]): ChartData {
  return [samples.map((sample) => sample.time), samples.map((sample) => sample.framesPerMinute)];
}

export function queueData(samples: readonly StatisticsSample[]): ChartData {
  return [samples.map((sample) => sample.time), samples.map((sample) => sample.framesLeft)];
}

/** How many attempts had failed by when, counted from the window's begin; row n is of the n-th failure, from 1. */
export function failureData(failures: readonly FrameFailure[], { from, to }: TimeWindow): ChartData {
  return [
    [from, ...failures.map(({ time }) => time), to],
    [0, ...failures.map((_failure, index) => index + 1), failures.length],
  ];
}

/** Percent of the whole processor: of the machine, then by slot; a gap where it is not known. */
export function processorData(samples: readonly StatisticsSample[], slots: readonly number[]): ChartData {
  const percent = (share: number | null | undefined): number | null => (share == null ? null : share * 100);
  return [
    samples.map((sample) => sample.time),
    samples.map((sample) => percent(sample.processor)),
    ...slots.map((slot) =>
      samples.map((sample) => percent(sample.workers.find((worker) => worker.slot === slot)?.processor)),
    ),
  ];
}

/** The file systems that samples tell of, by name. */
export function disksIn(samples: readonly StatisticsSample[]): string[] {
  return [...new Set(samples.flatMap(({ disks }) => disks.map(({ mountPoint }) => mountPoint)))].sort();
}

/** Free bytes by file system; a gap where it is not known. */
export function diskData(samples: readonly StatisticsSample[], mountPoints: readonly string[]): ChartData {
  return [
    samples.map((sample) => sample.time),
    ...mountPoints.map((name) =>
      samples.map((sample) => sample.disks.find(({ mountPoint }) => mountPoint === name)?.freeBytes ?? null),
    ),
  ];
}

/** The narrowest window that can be chosen, in milliseconds. */
const NARROWEST = 2_000;

/** A window around a time, narrower or wider by a factor, and never narrower than two seconds. */
export function zoomedAt({ from, to }: TimeWindow, at: number, factor: number): TimeWindow {
  const width = Math.max(NARROWEST, (to - from) * factor);
  const share = to > from ? (at - from) / (to - from) : 0.5;
  return { from: at - width * share, to: at + width * (1 - share) };
}

/** The frame that was written nearest to a time; null where there is none. */
export function nearestFrame<T extends { readonly time: number }>(frames: readonly T[], at: number): T | null {
  return frames.reduce<T | null>(
    (best, frame) => (best === null || Math.abs(frame.time - at) < Math.abs(best.time - at) ? frame : best),
    null,
  );
}

/** Frames that were written in the same millisecond keep a point each. */
export function frameData(frames: readonly FrameTime[]): ChartData {
  return [frames.map((frame) => frame.time), frames.map((frame) => frame.seconds)];
}

/** The slots that had a worker, ascending; each is one line. */
export function slotsIn(samples: readonly StatisticsSample[]): number[] {
  return [...new Set(samples.flatMap((sample) => sample.workers.map((worker) => worker.slot)))].sort((a, b) => a - b);
}

/** Bytes by slot; a gap where it had no worker, or its memory can't be read. */
export function memoryData(samples: readonly StatisticsSample[], slots: readonly number[]): ChartData {
  return [
    samples.map((sample) => sample.time),
    ...slots.map((slot) =>
      samples.map((sample) => sample.workers.find((worker) => worker.slot === slot)?.residentBytes ?? null),
    ),
  ];
}

/** Smallest, middle and largest of the values that are there; null where none is. */
export function spread(
  values: readonly (number | null | undefined)[],
): { least: number; median: number; most: number } | null {
  const known = values.filter((value): value is number => value != null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const middle = (known.length - 1) / 2;
  return {
    least: known[0]!,
    median: (known[Math.floor(middle)]! + known[Math.ceil(middle)]!) / 2,
    most: known.at(-1)!,
  };
}

import type { FrameTime, StatisticsSample } from '../../shared/statistics';

/** What a chart shows, by the host's clock, in milliseconds since 1970. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Rows as uPlot takes them: times, then one row per line; null leaves a gap. */
export type ChartData = [times: number[], ...rows: (number | null)[][]];

export const RANGES = {
  minutes: { label: '5 min', words: 'the last 5 minutes', milliseconds: 5 * 60_000 },
  hour: { label: '1 h', words: 'the last hour', milliseconds: 60 * 60_000 },
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

export function framesIn(frameTimes: readonly FrameTime[], { from, to }: TimeWindow): FrameTime[] {
  return frameTimes.filter((frame) => frame.time >= from && frame.time <= to);
}

export function paceData(samples: readonly StatisticsSample[]): ChartData {
  return [samples.map((sample) => sample.time), samples.map((sample) => sample.framesPerMinute)];
}

export function queueData(samples: readonly StatisticsSample[]): ChartData {
  return [samples.map((sample) => sample.time), samples.map((sample) => sample.framesLeft)];
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

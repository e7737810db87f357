import { type FrameTime, MAX_FRAME_TIMES_KEPT, type StatisticsSample } from '../../shared/statistics';
import { frameData, memoryData, paceData, queueData, slotsIn, spread } from '../model/chart-data';
import { formatBytes, formatCount, formatRate, formatSeconds, frames } from '../model/format';
import type { ChartContent } from './chart-card';
import type { PlotSeries } from './plot';

/** As many colours as can be told from each other; then they come again, dashed. */
const COLOURS = [
  '--line-1',
  '--line-2',
  '--line-3',
  '--line-4',
  '--line-5',
  '--line-6',
  '--line-7',
  '--line-8',
] as const;
const PACE: readonly PlotSeries[] = [{ name: 'Frames per minute', color: '--line-1' }];
const TIMES: readonly PlotSeries[] = [{ name: 'Frame time', color: '--line-2' }];
const QUEUE: readonly PlotSeries[] = [{ name: 'Frames left', color: '--line-3' }];
const WHOLE = [1, 2, 5]
  .flatMap((step) => [1, 10, 100, 1_000, 10_000, 100_000].map((power) => step * power))
  .sort((a, b) => a - b);
const SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600,
];

const nothingKnown = (samples: readonly StatisticsSample[], words: string): string | null =>
  samples.length === 0 ? `No data for ${words}.` : null;
const isActive = (last: StatisticsSample | undefined): boolean => last !== undefined && last.framesLeft > 0;

/** @param words for the time shown, as `the last hour` */
export function paceCard(samples: readonly StatisticsSample[], words: string): ChartContent {
  const data = paceData(samples);
  const range = spread(data[1]!);
  const last = samples.at(-1);
  const pace = last?.framesPerMinute ?? null;
  const idle = last !== undefined && !isActive(last) && pace === 0;
  const between = range ? `; between ${formatRate(range.least)} and ${formatRate(range.most)} in ${words}` : '';
  return {
    title: 'Frames per minute',
    unit: '',
    shape: 'line',
    series: PACE,
    data,
    atLeast: 1,
    formatTick: (value) =>
      value >= 10 || Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(2))),
    format: (value) => `${formatRate(value)} /min`,
    now: last === undefined ? '' : idle ? 'Idle' : pace === null ? 'Measuring' : `${formatRate(pace)} /min`,
    summary: `Frames per minute: ${pace === null ? 'not known yet' : `${formatRate(pace)} now`}${between}.`,
    empty: nothingKnown(samples, words) ?? (range === null ? 'Shown once two frames are written.' : null),
  };
}

export function timesCard(written: readonly FrameTime[], words: string): ChartContent {
  const data = frameData(written);
  const range = spread(data[1]!);
  const last = written.at(-1);
  /** There were more in this time than are kept. */
  const cut = written.length >= MAX_FRAME_TIMES_KEPT;
  return {
    title: 'Frame times',
    unit: cut ? `s, of the last ${frames(MAX_FRAME_TIMES_KEPT)}` : 's',
    shape: 'points',
    series: TIMES,
    data,
    atLeast: 0.01,
    increments: SECONDS,
    formatTick: (value) => String(Number(value.toFixed(3))),
    format: formatSeconds,
    now: last && range ? `Median ${formatSeconds(range.median)}  ·  last ${formatSeconds(last.seconds)}` : '',
    summary:
      last && range
        ? `Frame times: ${formatSeconds(last.seconds)} for the last frame; median ${formatSeconds(range.median)}, between ${formatSeconds(range.least)} and ${formatSeconds(range.most)}, over ${frames(written.length)} in ${words}.`
        : '',
    empty: written.length === 0 ? `No frame was written in ${words}.` : null,
  };
}

export function queueCard(samples: readonly StatisticsSample[], words: string): ChartContent {
  const last = samples.at(-1);
  return {
    title: 'Queue',
    unit: 'frames left',
    shape: 'steps',
    series: QUEUE,
    data: queueData(samples),
    atLeast: 1,
    increments: WHOLE,
    formatTick: formatCount,
    format: (value) => `${formatCount(value)} left`,
    now:
      last === undefined
        ? ''
        : isActive(last)
          ? `${formatCount(last.framesLeft)} left  ·  ${last.rendering} rendering`
          : 'Empty',
    summary: `Queue: ${last === undefined ? 'not known' : `${frames(last.framesLeft)} left now, ${last.rendering} being rendered`}.`,
    empty: nothingKnown(samples, words),
  };
}

/** @param starting no frame has been written yet */
export function memoryCard(samples: readonly StatisticsSample[], starting: boolean, words: string): ChartContent {
  const slots = slotsIn(samples);
  const data = memoryData(samples, slots);
  const workers = samples.at(-1)?.workers ?? [];
  const known = data.slice(1).some((row) => row.some((value) => value !== null));
  const total = workers.reduce((sum, worker) => sum + (worker.residentBytes ?? 0), 0);
  const each = workers.map(
    (worker) =>
      `worker ${worker.slot} ${worker.residentBytes === null ? 'not known' : formatBytes(worker.residentBytes)}`,
  );
  const unknown =
    starting && workers.length > 0 ? 'Workers are starting.' : 'The workers’ memory can’t be read on this machine.';
  return {
    title: 'Worker memory',
    unit: '',
    shape: 'line',
    series: slots.map((slot) => ({
      name: `Worker ${slot}`,
      color: COLOURS[(slot - 1) % COLOURS.length]!,
      dashed: Math.floor((slot - 1) / COLOURS.length) % 2 === 1,
    })),
    data,
    atLeast: 1e6,
    formatTick: (value) => (value === 0 ? '0' : formatBytes(value)),
    format: formatBytes,
    now:
      workers.length === 0
        ? 'No workers running'
        : known
          ? `${workers.length > 1 ? 'Total ' : ''}${formatBytes(total)}`
          : '',
    summary: `Worker memory: ${workers.length === 0 ? 'no workers are running now' : each.join(', ')}.`,
    empty:
      nothingKnown(samples, words) ??
      (slots.length === 0 ? `No worker was running in ${words}.` : known ? null : unknown),
  };
}

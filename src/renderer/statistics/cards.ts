import {
  type FrameFailure,
  type FrameTime,
  MAX_FRAME_TIMES_KEPT,
  type StatisticsSample,
} from '../../shared/statistics';
import { t } from '../../shared/texts/translate';
import { failureData, frameData, paceData, queueData, spread, type TimeWindow } from '../model/chart-data';
import { formatCount, formatRate, formatSeconds, frames } from '../model/format';
import type { ChartContent } from './chart-card';
import type { PlotSeries } from './plot';

const PACE: readonly PlotSeries[] = [{ name: 'Frames per minute', color: '--line-1' }];
const TIMES: readonly PlotSeries[] = [{ name: 'Frame time', color: '--line-2' }];
const FAILURES: readonly PlotSeries[] = [{ name: 'Failures', color: '--line-5' }];
const QUEUE: readonly PlotSeries[] = [{ name: 'Frames left', color: '--line-3' }];
const WHOLE = [1, 2, 5]
  .flatMap((step) => [1, 10, 100, 1_000, 10_000, 100_000].map((power) => step * power))
  .sort((a, b) => a - b);
const SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600,
];

/** Why a chart of samples is empty, where there are none. */
export function nothingKnown(samples: readonly StatisticsSample[], words: string): string | null {
  return samples.length === 0 ? t('No data for {words}.', { words }) : null;
}
const isActive = (last: StatisticsSample | undefined): boolean => last !== undefined && last.framesLeft > 0;

/** @param words for the time shown, as `the last hour` */
export function paceCard(samples: readonly StatisticsSample[], words: string): ChartContent {
  const data = paceData(samples);
  const range = spread(data[1]!);
  const last = samples.at(-1);
  const pace = last?.framesPerMinute ?? null;
  const idle = last !== undefined && !isActive(last) && pace === 0;
  const between = range
    ? t('; between {least} and {most} in {words}', {
        least: formatRate(range.least),
        most: formatRate(range.most),
        words,
      })
    : '';
  return {
    title: t('Frames per minute'),
    unit: '',
    shape: 'line',
    series: PACE,
    data,
    atLeast: 1,
    formatTick: (value) =>
      value >= 10 || Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(2))),
    format: (value) => t('{value} /min', { value: formatRate(value) }),
    now:
      last === undefined
        ? ''
        : idle
          ? t('Idle')
          : pace === null
            ? t('Measuring')
            : t('{pace} /min', { pace: formatRate(pace) }),
    summary:
      pace === null
        ? t('Frames per minute: not known yet{between}.', { between })
        : t('Frames per minute: {pace} now{between}.', { pace: formatRate(pace), between }),
    empty: nothingKnown(samples, words) ?? (range === null ? t('Shown once two frames are written.') : null),
  };
}

export function timesCard(written: readonly FrameTime[], words: string): ChartContent {
  const data = frameData(written);
  const range = spread(data[1]!);
  const last = written.at(-1);
  /** There were more in this time than are kept. */
  const cut = written.length >= MAX_FRAME_TIMES_KEPT;
  return {
    title: t('Frame times'),
    unit: cut ? t('s, of the last {frames}', { frames: frames(MAX_FRAME_TIMES_KEPT) }) : 's',
    shape: 'points',
    series: TIMES,
    data,
    atLeast: 0.01,
    increments: SECONDS,
    formatTick: (value) => String(Number(value.toFixed(3))),
    format: formatSeconds,
    now:
      last && range
        ? t('Median {median}  ·  last {last}', {
            median: formatSeconds(range.median),
            last: formatSeconds(last.seconds),
          })
        : '',
    summary:
      last && range
        ? t(
            'Frame times: {last} for the last frame; median {median}, between {least} and {most}, over {frames} in {words}.',
            {
              last: formatSeconds(last.seconds),
              median: formatSeconds(range.median),
              least: formatSeconds(range.least),
              most: formatSeconds(range.most),
              frames: frames(written.length),
              words,
            },
          )
        : '',
    empty: written.length === 0 ? t('No frame was written in {words}.', { words }) : null,
    frameAt: (index) => written[index] ?? null,
  };
}

export function queueCard(samples: readonly StatisticsSample[], words: string): ChartContent {
  const last = samples.at(-1);
  return {
    title: t('Queue'),
    unit: t('frames left'),
    shape: 'steps',
    series: QUEUE,
    data: queueData(samples),
    atLeast: 1,
    increments: WHOLE,
    formatTick: formatCount,
    format: (value) => t('{value} left', { value: formatCount(value) }),
    now:
      last === undefined
        ? ''
        : isActive(last)
          ? t('{framesLeft} left  ·  {rendering} rendering', {
              framesLeft: formatCount(last.framesLeft),
              rendering: last.rendering,
            })
          : t('Empty'),
    summary:
      last === undefined
        ? t('Queue: not known.')
        : t('Queue: {frames} left now, {rendering} being rendered.', {
            frames: frames(last.framesLeft),
            rendering: last.rendering,
          }),
    empty: nothingKnown(samples, words),
  };
}

/** Attempts that failed, as they added up in the window. */
export function failuresCard(failures: readonly FrameFailure[], window: TimeWindow, words: string): ChartContent {
  const last = failures.at(-1);
  const count = t('{count, plural, one {# failed attempt} other {# failed attempts}}', { count: failures.length });
  return {
    title: t('Failures'),
    unit: '',
    shape: 'steps',
    points: true,
    series: FAILURES,
    data: failureData(failures, window),
    atLeast: 1,
    increments: WHOLE,
    formatTick: formatCount,
    format: (value) => formatCount(value),
    now: last ? `${count}  ·  ${t('last: frame {frame}', { frame: String(last.frame) })}` : '',
    summary: last
      ? t('Failures: {count} in {words}; the last one is of frame {frame}: {reason}', {
          count,
          words,
          frame: String(last.frame),
          reason: last.reason,
        })
      : '',
    empty: last ? null : t('No attempt failed in {words}.', { words }),
    frameAt: (index) => failures[index - 1] ?? null,
  };
}

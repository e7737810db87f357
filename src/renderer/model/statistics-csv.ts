import type { FrameFailure, FrameTime, StatisticsSample } from '../../shared/statistics';
import { disksIn, slotsIn } from './chart-data';
import { csvText, type CsvValue } from './csv';

/** What the charts show. */
export interface ShownStatistics {
  readonly samples: readonly StatisticsSample[];
  readonly frameTimes: readonly FrameTime[];
  readonly failures: readonly FrameFailure[];
  /** Name of a job; '' where it is not known any more. */
  jobName(id: number): string;
}

/** The columns of every record, with their units. They stay English: programs read them. */
const COMMON = ['Time (UTC)', 'Record'];
const OF_SAMPLES = ['Frames per minute', 'Frames left', 'Workers rendering', 'Processor (%)'];
const OF_FRAMES = ['Job', 'Job name', 'Frame', 'Worker', 'Frame time (s)', 'Attempt', 'Reason'];

/**
 * What is shown, as one table in the order of time. The column Record says of what a row is: `sample` (the queue, the
 * workers, the disks), `frame` (one that was written) or `failure` (an attempt that failed).
 */
export function statisticsCsv({ samples, frameTimes, failures, jobName }: ShownStatistics): string {
  const slots = slotsIn(samples);
  const disks = disksIn(samples);
  const header = [
    ...COMMON,
    ...OF_SAMPLES,
    ...slots.flatMap((slot) => [`Worker ${slot} memory (bytes)`, `Worker ${slot} processor (%)`]),
    ...disks.map((mountPoint) => `Free on ${mountPoint} (bytes)`),
    ...OF_FRAMES,
  ];
  const sampleWidth = OF_SAMPLES.length + 2 * slots.length + disks.length;
  const none = (count: number): null[] => Array.from({ length: count }, () => null);
  const percent = (share: number | null | undefined): number | null =>
    share == null ? null : Math.round(share * 1_000) / 10;
  const rows: { readonly time: number; readonly row: readonly CsvValue[] }[] = [
    ...samples.map((sample) => ({
      time: sample.time,
      row: [
        moment(sample.time),
        'sample',
        sample.framesPerMinute,
        sample.framesLeft,
        sample.rendering,
        percent(sample.processor),
        ...slots.flatMap((slot) => {
          const worker = sample.workers.find((one) => one.slot === slot);
          return [worker?.residentBytes ?? null, percent(worker?.processor)];
        }),
        ...disks.map((name) => sample.disks.find(({ mountPoint }) => mountPoint === name)?.freeBytes ?? null),
        ...none(OF_FRAMES.length),
      ],
    })),
    ...frameTimes.map(({ time, job, frame, slot, seconds }) => ({
      time,
      row: [moment(time), 'frame', ...none(sampleWidth), job, jobName(job), frame, slot, seconds, null, null],
    })),
    ...failures.map(({ time, job, frame, slot, attempt, reason }) => ({
      time,
      row: [moment(time), 'failure', ...none(sampleWidth), job, jobName(job), frame, slot, null, attempt, reason],
    })),
  ];
  return csvText(
    header,
    rows.sort((a, b) => a.time - b.time).map(({ row }) => row),
  );
}

function moment(time: number): string {
  return new Date(time).toISOString();
}

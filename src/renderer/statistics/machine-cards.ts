import type { StatisticsSample } from '../../shared/statistics';
import { t } from '../../shared/texts/translate';
import { diskData, disksIn, memoryData, processorData, slotsIn } from '../model/chart-data';
import { formatBytes } from '../model/format';
import { nothingKnown } from './cards';
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

const coloured = (name: string, index: number): PlotSeries => ({
  name,
  color: COLOURS[index % COLOURS.length]!,
  dashed: Math.floor(index / COLOURS.length) % 2 === 1,
});
const workerLine = (slot: number): PlotSeries => coloured(t('Worker {slot}', { slot: String(slot) }), slot - 1);
const percentWords = (value: number): string => `${Math.round(value)} %`;
const formatFree = (value: number): string => (value === 0 ? '0' : formatBytes(value));

/** @param starting no frame has been written yet */
export function memoryCard(samples: readonly StatisticsSample[], starting: boolean, words: string): ChartContent {
  const slots = slotsIn(samples);
  const data = memoryData(samples, slots);
  const workers = samples.at(-1)?.workers ?? [];
  const known = data.slice(1).some((row) => row.some((value) => value !== null));
  const total = workers.reduce((sum, worker) => sum + (worker.residentBytes ?? 0), 0);
  const each = workers.map((worker) =>
    t('worker {slot} {memory}', {
      slot: String(worker.slot),
      memory: worker.residentBytes === null ? t('not known') : formatBytes(worker.residentBytes),
    }),
  );
  const unknown =
    starting && workers.length > 0
      ? t('Workers are starting.')
      : t('The workers’ memory can’t be read on this machine.');
  return {
    title: t('Worker memory'),
    unit: '',
    shape: 'line',
    series: slots.map(workerLine),
    data,
    atLeast: 1e6,
    formatTick: formatFree,
    format: formatBytes,
    now:
      workers.length === 0
        ? t('No workers running')
        : known
          ? workers.length > 1
            ? t('Total {size}', { size: formatBytes(total) })
            : formatBytes(total)
          : '',
    summary:
      workers.length === 0
        ? t('Worker memory: no workers are running now.')
        : t('Worker memory: {workers}.', { workers: each.join(', ') }),
    empty:
      nothingKnown(samples, words) ??
      (slots.length === 0 ? t('No worker was running in {words}.', { words }) : known ? null : unknown),
  };
}

/** Use of the whole processor: all programs, and each worker. */
export function processorCard(samples: readonly StatisticsSample[], words: string): ChartContent {
  const slots = slotsIn(samples);
  const data = processorData(samples, slots);
  const known = data.slice(1).some((row) => row.some((value) => value !== null));
  const last = samples.at(-1)?.processor ?? null;
  return {
    title: t('Processor'),
    unit: t('% of all cores'),
    shape: 'line',
    series: [{ name: t('This machine'), color: '--line-8' }, ...slots.map(workerLine)],
    data,
    atLeast: 100,
    formatTick: (value) => String(value),
    format: percentWords,
    now: last === null ? '' : percentWords(last * 100),
    summary:
      last === null
        ? t('Processor: not known.')
        : t('Processor: {share} of all cores are in use on this machine.', { share: percentWords(last * 100) }),
    empty: nothingKnown(samples, words) ?? (known ? null : t('The processor’s use can’t be read on this machine.')),
  };
}

/** What is free on the file systems that images are written to. */
export function diskCard(samples: readonly StatisticsSample[], words: string): ChartContent {
  const names = disksIn(samples);
  const least = (samples.at(-1)?.disks ?? []).toSorted((a, b) => a.freeBytes - b.freeBytes)[0];
  return {
    title: t('Disk'),
    unit: t('free'),
    shape: 'line',
    series: names.map(coloured),
    data: diskData(samples, names),
    atLeast: 1e9,
    formatTick: formatFree,
    format: formatBytes,
    now: least ? t('{bytes} free', { bytes: formatBytes(least.freeBytes) }) : '',
    summary: least
      ? t('Disk: {bytes} of {size} are free on {disk}.', {
          bytes: formatBytes(least.freeBytes),
          size: formatBytes(least.sizeBytes),
          disk: least.mountPoint,
        })
      : t('Disk: not known.'),
    empty: nothingKnown(samples, words) ?? (names.length === 0 ? t('No disk could be read.') : null),
  };
}

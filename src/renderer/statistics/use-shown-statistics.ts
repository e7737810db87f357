import { useMemo } from 'react';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { framesIn, RANGES, samplesIn, samplesOf, type TimeWindow } from '../model/chart-data';
import { formatTimeWithDay } from '../model/format';
import type { ShownStatistics } from '../model/statistics-csv';
import { useToday } from '../panels/use-today';
import { useHostNow } from './use-host-now';

const NONE: readonly never[] = [];

/** What all charts show: of when, of which job, and the data. */
export interface Shown extends Omit<ShownStatistics, 'jobName'> {
  readonly window: TimeWindow;
  /** For the window, as `the last hour`. */
  readonly words: string;
}

export function useShownStatistics(): Shown {
  const range = RANGES[useAppState((state) => state.view.range)];
  const { job, zoom } = useAppState((state) => state.statistics);
  const today = useToday();
  const connected = useAppState((state) => state.connection.kind === 'connected');
  const allSamples = useAppState((state) => state.model.statistics?.samples ?? NONE);
  const allFrames = useAppState((state) => state.model.statistics?.frameTimes ?? NONE);
  const allFailures = useAppState((state) => state.model.statistics?.failures ?? NONE);
  const beat = useHostNow(
    useAppState((state) => state.model.statistics?.ahead ?? 0),
    connected,
  );
  // What was told is shown at once.
  const now = Math.max(beat, allSamples.at(-1)?.time ?? 0, allFrames.at(-1)?.time ?? 0);
  // A chosen range stands still.
  const end = zoom ? zoom.to : now;
  const window = useMemo(() => zoom ?? { from: end - range.milliseconds, to: end }, [zoom, end, range]);
  const samples = useMemo(() => samplesIn(samplesOf(allSamples, job), window), [allSamples, job, window]);
  const frameTimes = useMemo(() => framesIn(allFrames, window, job), [allFrames, job, window]);
  const failures = useMemo(() => framesIn(allFailures, window, job), [allFailures, job, window]);
  const words = zoom ? rangeWords(zoom, today) : t(range.words);
  return { window, words, samples, frameTimes, failures };
}

/** As `the time from 14:02:10 to 14:05:30`, with the day where it is not today. */
function rangeWords({ from, to }: TimeWindow, today: number): string {
  return t('the time from {from} to {to}', { from: formatTimeWithDay(from, today), to: formatTimeWithDay(to, today) });
}

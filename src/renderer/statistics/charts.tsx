import { useMemo, useState, type KeyboardEvent } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { nearestFrame, zoomedAt } from '../model/chart-data';
import { failuresCard, paceCard, queueCard, timesCard } from './cards';
import { ChartCard } from './chart-card';
import { diskCard, memoryCard, processorCard } from './machine-cards';
import { cursorPlace, moveCursor } from './shared-cursor';
import type { Shown } from './use-shown-statistics';

/** What one press of + and - does to the window's width. */
const ZOOM = 2;

/** All charts over one window of time, with one cursor. */
export function Charts({ shown }: { shown: Shown }) {
  const { actions } = useApp();
  const zoomed = useAppState((state) => state.statistics.zoom !== null);
  const { window, words, samples, frameTimes, failures } = shown;
  const cards = useMemo(
    () => [
      paceCard(samples, words),
      timesCard(frameTimes, words),
      queueCard(samples, words),
      failuresCard(failures, window, words),
      processorCard(samples, words),
      memoryCard(samples, frameTimes.length === 0, words),
      diskCard(samples, words),
    ],
    [samples, frameTimes, failures, window, words],
  );
  const [reading, setReading] = useState(false);

  const timeAt = (place: number): number => window.from + place * (window.to - window.from);

  /** @returns whether the key means something here */
  const zoomBy = (key: string): boolean => {
    const at = timeAt(cursorPlace() ?? 0.5);
    if (key === '+' || key === '=') actions.setStatisticsView({ zoom: zoomedAt(window, at, 1 / ZOOM) });
    else if (!zoomed) return false;
    else if (key === '-') actions.setStatisticsView({ zoom: zoomedAt(window, at, ZOOM) });
    else if (key === '0') actions.setStatisticsView({ zoom: null });
    else if (key === 'PageUp' || key === 'PageDown') {
      const by = ((window.to - window.from) / 2) * (key === 'PageUp' ? -1 : 1);
      actions.setStatisticsView({ zoom: { from: window.from + by, to: window.to + by } });
    } else return false;
    return true;
  };
  const openAtCursor = (): boolean => {
    const place = cursorPlace();
    const frame = place === null ? null : nearestFrame([...frameTimes, ...failures], timeAt(place));
    if (frame) actions.showPoint(frame.job, frame.frame);
    return frame !== null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== event.currentTarget) return;
    const wide = event.shiftKey ? 10 : 1;
    const by = { ArrowLeft: -wide, ArrowRight: wide, Home: -Infinity, End: Infinity, Escape: null }[event.key];
    if (by === undefined) {
      if (zoomBy(event.key) || (event.key === 'Enter' && openAtCursor())) event.preventDefault();
      return;
    }
    // Esc means the render when there is neither a cursor nor a chosen range to take away.
    if (by === null && !reading && !zoomed) return;
    event.preventDefault();
    if (by === null && !reading) return actions.setStatisticsView({ zoom: null });
    setReading(by !== null);
    moveCursor(by);
  };

  return (
    <div
      className="charts scroll"
      role="group"
      aria-label={t(
        'Charts: the left and right arrow keys read their values, Enter opens the frame, + and - change the range, 0 goes back',
      )}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (reading) moveCursor(null);
        setReading(false);
      }}
    >
      {cards.map((card) => (
        <ChartCard
          key={card.title}
          {...card}
          window={window}
          reading={reading}
          onRange={(zoom) => actions.setStatisticsView({ zoom })}
          onFrame={({ job, frame }) => actions.showPoint(job, frame)}
        />
      ))}
    </div>
  );
}

import { useId, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { formatTimeWithDay } from '../model/format';
import type { ChartData, TimeWindow } from '../model/chart-data';
import { useToday } from '../panels/use-today';
import { Plot, type PlotSeries } from './plot';

/** What a chart shows, and what is said of it. */
export interface ChartContent {
  title: string;
  /** Said beside the title. */
  unit: string;
  shape: 'line' | 'steps' | 'points';
  /** Steps with a point at each. */
  points?: boolean;
  series: readonly PlotSeries[];
  data: ChartData;
  atLeast: number;
  increments?: number[];
  /** Values on the axis. */
  formatTick: (value: number) => string;
  /** Values that are read. */
  format: (value: number) => string;
  /** What is so now, in the header's corner. */
  now: string;
  /** The whole in words, for who can't see it. */
  summary: string;
  /** Why there is nothing to see; null when there is. */
  empty: string | null;
  /** The frame that a row of the data is of; without this a row is of no frame. */
  frameAt?: (index: number) => FrameOfPoint | null;
}

/** The frame that a point stands for. */
export interface FrameOfPoint {
  readonly job: number;
  readonly frame: number;
}

interface Props extends ChartContent {
  window: TimeWindow;
  /** Values under the cursor are read out: it is moved with keys. */
  reading: boolean;
  /** A range was dragged; null: back to the whole. */
  onRange: (range: TimeWindow | null) => void;
  /** A point was pressed. */
  onFrame: (point: FrameOfPoint) => void;
}

/** One chart with its title and the values: those of now, or those under the pointer. */
export function ChartCard({
  title,
  unit,
  shape,
  points,
  series,
  data,
  window,
  atLeast,
  increments,
  formatTick,
  format,
  now,
  summary,
  reading,
  empty,
  frameAt,
  onRange,
  onFrame,
}: Props) {
  const titleId = useId();
  const today = useToday();
  const [cursor, setCursor] = useState<number | null>(null);
  const at = cursor !== null && cursor < data[0].length ? cursor : null;
  const shown = at ?? data[0].length - 1;
  const valueOf = (row: number): string => {
    const value = data[row + 1]?.[shown];
    return value == null ? '–' : format(value);
  };
  return (
    <section className="chart" aria-labelledby={titleId}>
      <header className="chart-header">
        <h3 id={titleId}>
          {title} <span className="chart-unit">{unit}</span>
        </h3>
        <p
          className={`chart-now ${at === null ? '' : 'chart-cursor'}`}
          aria-live={reading && at !== null ? 'polite' : 'off'}
          aria-atomic="true"
        >
          {at === null
            ? now
            : `${formatTimeWithDay(data[0][at]!, today)}${series.length === 1 ? `  ·  ${valueOf(0)}` : ''}`}
          {at !== null && series.length > 1 && (
            <span className="visually-hidden">
              {series.map(({ name }, index) => `, ${name} ${valueOf(index)}`).join('')}
            </span>
          )}
        </p>
      </header>
      {series.length > 1 && (
        <ul className="chart-legend scroll" aria-label={t('Lines of {title}', { title })}>
          {series.map(({ name, color, dashed }, index) => (
            <li key={name}>
              <svg className="chart-swatch" width="14" height="4" aria-hidden="true">
                <line
                  x1="0"
                  y1="2"
                  x2="14"
                  y2="2"
                  stroke={`var(${color})`}
                  strokeWidth="3"
                  strokeDasharray={dashed ? '4 2' : undefined}
                />
              </svg>
              {name} <span className="chart-value">{valueOf(index)}</span>
            </li>
          ))}
        </ul>
      )}
      {empty === null ? (
        <Plot
          label={summary}
          shape={shape}
          points={points ?? false}
          series={series}
          data={data}
          window={window}
          atLeast={atLeast}
          increments={increments}
          format={formatTick}
          onCursor={setCursor}
          onRange={onRange}
          onPoint={
            frameAt &&
            ((index) => {
              const point = frameAt(index);
              if (point) onFrame(point);
            })
          }
        />
      ) : (
        <p className="chart-empty">{empty}</p>
      )}
    </section>
  );
}

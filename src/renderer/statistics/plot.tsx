import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartData, TimeWindow } from '../model/chart-data';
import { useElementSize } from '../panels/use-element-size';
import { CURSOR_KEY } from './shared-cursor';

/** One line, or cloud of points. */
export interface PlotSeries {
  readonly name: string;
  /** A colour of the style sheet, as `--accent`. */
  readonly color: string;
  readonly dashed?: boolean;
}

interface Props {
  /** Said instead of the picture. */
  label: string;
  shape: 'line' | 'steps' | 'points';
  /** Steps with a point at each. */
  points: boolean;
  series: readonly PlotSeries[];
  data: ChartData;
  window: TimeWindow;
  /** The least upper end of the value axis, so that small noise does not fill the chart. */
  atLeast: number;
  /** Values of the axis are multiples of these, where given. */
  increments?: number[];
  format: (value: number) => string;
  /** Told the index of what is under the pointer, here or in another chart; null when it leaves. */
  onCursor: (index: number | null) => void;
  /** A range was dragged; null: back to the whole, by a double click. */
  onRange: (range: TimeWindow | null) => void;
  /** The row at which was clicked; without this points are not to be pressed. */
  onPoint: ((index: number) => void) | undefined;
}

const AXIS_FONT_SIZE = 11;
/** Steps of the time axis, in milliseconds. */
const TIME_STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * 1_000);
/** Room for the axes, in pixels. */
const VALUE_AXIS = 58;
const TIME_AXIS = 26;

/** A chart over time, drawn with uPlot: it is made anew when its lines change, and else only fed. */
export function Plot({ label, shape, points, series, data, window, increments, ...asked }: Props) {
  const { ref: measure, size } = useElementSize();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  // What uPlot asks for while it draws, always as it is now.
  const latest = useRef<Latest>({ window, ...asked });
  useLayoutEffect(() => {
    latest.current = { window, ...asked };
  });
  const kind = `${shape} ${series.map(({ name, color, dashed }) => `${name}${color}${dashed}`).join()} ${increments?.join()}`;
  const measured = size !== null && size.width > 0 && size.height > 0;

  useEffect(() => {
    if (!measured || !box.current) return undefined;
    const made = new uPlot(
      optionsOf({ shape, points, series, increments, latest: () => latest.current, size }),
      data,
      box.current,
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
      latest.current.onCursor(null);
    };
    // Data and size are brought up to date below, without making the chart anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [kind, measured]);

  useEffect(() => {
    if (measured) plot.current?.setSize(size);
  }, [measured, size]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data, window.from, window.to, kind, measured]);

  return (
    <div className={`plot ${asked.onPoint ? 'plot-pressed' : ''}`} ref={measure} role="img" aria-label={label}>
      <div className="plot-canvas" ref={box} aria-hidden="true" />
    </div>
  );
}

/** What may change while a chart stays. */
type Latest = Pick<Props, 'window' | 'format' | 'onCursor' | 'atLeast' | 'onRange' | 'onPoint'>;

/** How near a click must be to a point, in pixels. */
const NEAR = 24;
/** What is dragged over less than this is a click, in pixels. */
const LEAST_DRAG = 6;

interface OptionsInput {
  shape: Props['shape'];
  points: boolean;
  series: readonly PlotSeries[];
  increments: number[] | undefined;
  latest: () => Latest;
  size: { width: number; height: number };
}

function optionsOf({ shape, points, series, increments, latest, size }: OptionsInput): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: token('--text-dim'),
    font: `${AXIS_FONT_SIZE}px ${token('--font')}`,
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...size,
    ms: 1,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG },
      bind: {
        dblclick: () => () => {
          latest().onRange(null);
          return null;
        },
      },
      sync: { key: CURSOR_KEY, scales: ['x', null] },
      points: { size: 7, width: 0 },
    },
    scales: {
      x: { range: () => [latest().window.from, latest().window.to] },
      y: { range: (_plot, _least, most) => [0, Math.max(latest().atLeast, (most ?? 0) * 1.08)] },
    },
    axes: [
      {
        ...axis,
        size: TIME_AXIS,
        gap: 6,
        space: 64,
        incrs: TIME_STEPS,
        values: (_plot, splits, _axis, _space, step) => splits.map((time) => clock(time, step < 60_000)),
      },
      {
        ...axis,
        size: VALUE_AXIS,
        gap: 6,
        space: 32,
        ...(increments ? { incrs: increments } : {}),
        values: (_plot, splits) => splits.map((value) => latest().format(value)),
      },
    ],
    series: [
      {},
      ...series.map(({ name, color, dashed }): uPlot.Series => {
        const stroke = token(color);
        if (shape === 'points')
          return { label: name, stroke, paths: () => null, points: { show: true, size: 4, width: 0, fill: stroke } };
        return {
          label: name,
          stroke,
          width: 1.5,
          ...(dashed ? { dash: [6, 4] } : {}),
          ...(series.length === 1 ? { fill: `${stroke}1f` } : {}),
          ...(shape === 'steps' ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
          points: points ? { show: true, size: 6, width: 0, fill: stroke, filter: innerRows } : { show: false },
        };
      }),
    ],
    hooks: {
      init: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            const index = pointUnder(plot);
            if (index !== null) latest().onPoint?.(index);
          }),
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < LEAST_DRAG) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest().onRange({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
        },
      ],
      setCursor: [
        (plot) =>
          latest().onCursor(plot.cursor.left === undefined || plot.cursor.left < 0 ? null : (plot.cursor.idx ?? null)),
      ],
    },
  };
}

/** Rows that stand for something: the first and the last are the ends of the window. */
function innerRows({ data }: uPlot): number[] {
  return Array.from({ length: Math.max(0, data[0].length - 2) }, (_row, index) => index + 1);
}

/** The row whose point is under the pointer; null where none is. */
function pointUnder({ cursor, data, valToPos }: uPlot): number | null {
  const { idx, left, top } = cursor;
  const value = idx == null ? null : data[1]?.[idx];
  if (idx == null || value == null) return null;
  const away = Math.hypot(valToPos(data[0][idx]!, 'x') - (left ?? 0), valToPos(value, 'y') - (top ?? 0));
  return away <= NEAR ? idx : null;
}

/** Time of day. */
function clock(time: number, withSeconds: boolean): string {
  return new Date(time).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
  });
}

import { cellState, type CellState, type TimelineCells } from '../model/timeline-cells';
import { BY_URGENCY } from '../model/timeline-overview';
import { markOf } from '../model/frame-marks';
import type { PlayRange } from '../model/playback';
import type { FrameTable } from '../model/host-model';

export interface Palette {
  readonly cells: Record<CellState, string>;
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  readonly area: string;
  readonly font: string;
  readonly warn: string;
  /** Laid over what stands back. */
  readonly veil: string;
}

/** Pixels. */
const LEAST_CELL = 7;
const MOST_CELL = 40;
const RULER = 16;
/** Room at both ends for the frame around the current cell. */
export const STRIP_PAD = 3;

/** Reads the colours from the style sheet, so that they are written down once. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string): string => style.getPropertyValue(name).trim();
  return {
    cells: {
      done: get('--cell-done'),
      rendering: get('--cell-rendering'),
      waiting: get('--cell-waiting'),
      failed: get('--cell-failed'),
      skipped: get('--cell-skipped'),
      none: get('--cell-none'),
    },
    text: get('--text'),
    dim: get('--text-dim'),
    accent: get('--accent'),
    area: get('--area'),
    font: get('--font'),
    warn: get('--warn'),
    veil: 'rgb(18 18 19 / 0.6)',
  };
}

/** @returns the width of one cell in pixels, gap included: all fit if that leaves each wide enough to be hit */
export function cellWidth(width: number, count: number): number {
  if (width === 0 || count === 0) return 0;
  return Math.min(MOST_CELL, Math.max(LEAST_CELL, width / count));
}

interface CellsPicture {
  cells: TimelineCells;
  table: FrameTable | undefined;
  width: number;
  cell: number;
  left: number;
  current: number | null;
  hover: number | null;
  /** Frames that are selected. */
  selected: ReadonlySet<number> | null;
  played: PlayRange;
}

/** Draws the cells in sight, a ruler above them, and the current frame. */
export function paintCells(
  canvas: HTMLCanvasElement,
  palette: Palette,
  { cells, table, width, cell, left, current, hover, selected, played }: CellsPicture,
): void {
  const height = canvas.parentElement!.clientHeight;
  const context = prepare(canvas, width + 2 * STRIP_PAD, height);
  if (!context || cell === 0) return;
  context.translate(STRIP_PAD, 0);
  const from = Math.max(0, Math.floor((left - STRIP_PAD) / cell));
  const to = Math.min(cells.count, Math.ceil((left + width) / cell));
  const gap = cell >= 10 ? 2 : 1;
  const top = RULER + 2;
  const tall = height - top - 3;

  paintRuler(context, palette, cells, cell, left, width, from, to);
  for (let index = from; index < to; index++) {
    const x = Math.round(index * cell - left);
    const wide = Math.max(2, Math.round((index + 1) * cell - left) - x - gap);
    const frame = cells.frameAt(index);
    const state = cellState(table, frame);
    paintCell(context, palette, state, x, top, wide, tall);
    if (selected?.has(cells.frameAt(index))) {
      // An outline and a bar: told by form as well as by colour.
      context.strokeStyle = palette.text;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, top + 0.5, wide - 1, tall - 1);
      context.fillStyle = palette.text;
      context.fillRect(x, top + tall - 3, wide, 3);
    }
    if (markOf(table, frame) === 'suspicious') paintSuspicious(context, palette, x, top, wide);
    if ((played.start !== null && frame < played.start) || (played.end !== null && frame > played.end)) {
      // What is not played stands back.
      context.fillStyle = palette.veil;
      context.fillRect(x, top, wide, tall);
    }
    if (index === hover && index !== current) {
      context.strokeStyle = 'rgb(255 255 255 / 0.55)';
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, top + 0.5, wide - 1, tall - 1);
    }
  }
  if (current !== null && current >= from - 1 && current <= to)
    paintCurrent(context, palette, cells, cell, left, current, top, tall, gap, width);
}

function paintCell(
  context: CanvasRenderingContext2D,
  palette: Palette,
  state: CellState,
  x: number,
  top: number,
  wide: number,
  tall: number,
): void {
  context.fillStyle = palette.cells[state];
  const radius = Math.min(3, wide / 3);
  context.beginPath();
  context.roundRect(x, top, wide, tall, radius);
  context.fill();
  if (state === 'failed') {
    // Told by form as well as by colour: a dark cross, or a notch where there is no room.
    context.strokeStyle = palette.area;
    context.lineWidth = 1.75;
    const arm = Math.min(4, wide / 2 - 1.5);
    const [cx, cy] = [x + wide / 2, top + tall / 2];
    context.beginPath();
    context.moveTo(cx - arm, cy - arm);
    context.lineTo(cx + arm, cy + arm);
    context.moveTo(cx + arm, cy - arm);
    context.lineTo(cx - arm, cy + arm);
    context.stroke();
  } else if (state === 'skipped') {
    context.fillStyle = palette.area;
    const bar = Math.max(1, Math.round(wide * 0.5));
    context.fillRect(x + Math.round((wide - bar) / 2), top + Math.round(tall / 2) - 1, bar, 2);
  }
}

/** A notch in the upper edge: told by form as well as by colour. */
function paintSuspicious(
  context: CanvasRenderingContext2D,
  palette: Palette,
  x: number,
  top: number,
  wide: number,
): void {
  const side = Math.max(4, Math.min(9, wide));
  context.fillStyle = palette.warn;
  context.strokeStyle = palette.area;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x + wide / 2 - side / 2, top);
  context.lineTo(x + wide / 2 + side / 2, top);
  context.lineTo(x + wide / 2, top + side);
  context.closePath();
  context.fill();
  context.stroke();
}

function paintRuler(
  context: CanvasRenderingContext2D,
  palette: Palette,
  cells: TimelineCells,
  cell: number,
  left: number,
  width: number,
  from: number,
  to: number,
): void {
  context.font = `10px ${palette.font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.fillStyle = palette.dim;
  const widest = context.measureText(String(cells.frameAt(cells.count - 1))).width + 14;
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000].find((step) => step * cell >= widest) ?? 10_000;
  for (let index = Math.max(0, from - every); index < Math.min(cells.count, to + every); index++) {
    const frame = cells.frameAt(index);
    // A range that does not begin at a round number still says where it begins.
    const label = every === 1 || frame % every === 0 || (index === 0 && (every - (frame % every)) * cell > widest);
    if (!label) continue;
    const half = context.measureText(String(frame)).width / 2;
    const x = Math.max(half, (index + 0.5) * cell - left - 0.5);
    if (index * cell - left > -cell && x + half <= width + STRIP_PAD) context.fillText(String(frame), x, RULER / 2 + 1);
  }
}

function paintCurrent(
  context: CanvasRenderingContext2D,
  palette: Palette,
  cells: TimelineCells,
  cell: number,
  left: number,
  current: number,
  top: number,
  tall: number,
  gap: number,
  width: number,
): void {
  const x = Math.round(current * cell - left);
  const wide = Math.max(2, Math.round((current + 1) * cell - left) - x - gap);
  context.strokeStyle = palette.text;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(x - 1, top - 1, wide + 2, tall + 2, 3);
  context.stroke();
  const text = String(cells.frameAt(current));
  context.font = `600 10px ${palette.font}`;
  const flag = Math.max(16, context.measureText(text).width + 8);
  const middle = Math.max(flag / 2, Math.min(width - flag / 2, x + wide / 2));
  context.fillStyle = palette.area;
  context.fillRect(middle - flag / 2 - 3, 0, flag + 6, RULER - 1);
  context.fillStyle = palette.text;
  context.beginPath();
  context.roundRect(middle - flag / 2, 1, flag, RULER - 3, 3);
  context.fill();
  context.fillStyle = palette.area;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, middle, RULER / 2 + 0.5);
}

interface OverviewPicture {
  /** As `createOverview` makes them: one for each pixel of the width. */
  strokes: Uint8Array;
  width: number;
  left: number;
  whole: number;
  /** The middle of the current cell, a share of all cells. */
  current: number;
}

/** Draws the whole range, the most urgent state in each stroke, and which part of it the cells show. */
export function paintOverview(
  canvas: HTMLCanvasElement,
  palette: Palette,
  { strokes, width, left, whole, current }: OverviewPicture,
): void {
  const height = canvas.clientHeight;
  const context = prepare(canvas, width + 2 * STRIP_PAD, height);
  if (!context || whole === 0) return;
  context.translate(STRIP_PAD, 0);
  for (let x = 0; x < width;) {
    const start = x;
    while (x < width && strokes[x] === strokes[start]) x += 1;
    context.fillStyle = palette.cells[BY_URGENCY[strokes[start]!]!];
    context.fillRect(start, 2, x - start, height - 4);
  }
  const [start, wide] = [(left / whole) * width, Math.max(6, (width / whole) * width)];
  context.fillStyle = 'rgb(255 255 255 / 0.16)';
  context.fillRect(start, 0, wide, height);
  context.strokeStyle = palette.text;
  context.lineWidth = 1;
  context.strokeRect(Math.round(start) + 0.5, 0.5, Math.round(wide) - 1, height - 1);
  context.fillStyle = palette.text;
  context.fillRect(Math.round(current * width) - 1, 0, 2, height);
}

/** Sizes the canvas to the screen's own pixels and empties it. */
function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== tall) {
    canvas.width = wide;
    canvas.height = tall;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../shared/texts/translate';
import { describeFrame } from '../model/format';
import type { PickWay } from '../model/frame-selection';
import type { PlayRange } from '../model/playback';
import { type FrameTable, rowOf } from '../model/host-model';
import type { TimelineCells } from '../model/timeline-cells';
import { createOverview } from '../model/timeline-overview';
import { cellWidth, paintCells, paintOverview, readPalette, STRIP_PAD, type Palette } from './timeline-paint';

/** Pixels below the upper edge at which a menu opened by a key begins. */
const MENU_TOP = 24;

/** How far to scroll so that the cell at `x` is in sight, with a margin; all in pixels. */
function scrolledTo(left: number, x: number, cell: number, width: number, most: number): number {
  const margin = Math.min(width / 4, cell * 8);
  if (x < left + margin / 2) return Math.max(0, x - margin);
  if (x + cell > left + width - margin) return Math.max(0, Math.min(most, x + cell - width + margin));
  return left;
}

interface Props {
  cells: TimelineCells;
  table: FrameTable | undefined;
  /** Whether that has come; null where no job is shown. */
  records: FrameTable['kind'] | null;
  frame: number;
  /** What is played of them. */
  played: PlayRange;
  playing: boolean;
  onFrame: (frame: number) => void;
  /** Frames that are selected beside the one shown. */
  selected: ReadonlySet<number> | null;
  onPick: (frame: number, how: PickWay) => void;
  /** Opens the menu of a frame there, in pixels of the window. */
  onMenu: (frame: number, x: number, y: number) => void;
}

/**
 * The cells, drawn on a canvas as wide as the window and no wider, whatever the number of frames. To the keyboard and
 * to screen readers it is a slider whose value is the frame, with its state in words. When not all cells fit, a strip
 * of the whole range stands above.
 */
export function TimelineStrip({
  cells,
  table,
  records,
  frame,
  played,
  playing,
  onFrame,
  selected,
  onPick,
  onMenu,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const cellCanvas = useRef<HTMLCanvasElement>(null);
  const overviewCanvas = useRef<HTMLCanvasElement>(null);
  const palette = useRef<Palette>(null);
  const overview = useRef(createOverview());
  const [width, setWidth] = useState(0);
  const [left, setLeft] = useState(0);
  const [hover, setHover] = useState<{ index: number; x: number } | null>(null);

  const cell = cellWidth(width, cells.count);
  const whole = cell * cells.count;
  const most = Math.max(0, whole - width);
  const scrolls = most > 1;
  const at = Math.min(left, most);
  const current = cells.indexOf(frame);
  const known = cells.has(frame);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(0, Math.floor(entry!.contentRect.width) - 2 * STRIP_PAD)),
    );
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  // When the current frame moves it is kept in sight, with some of what comes after it.
  const view = `${current}/${cell}/${width}`;
  const [seen, setSeen] = useState('');
  if (view !== seen && width > 0) {
    setSeen(view);
    setLeft(scrolledTo(at, current * cell, cell, width, most));
  }

  useEffect(() => {
    palette.current ??= readPalette();
    const colours = palette.current;
    const handle = requestAnimationFrame(() => {
      if (cellCanvas.current)
        paintCells(cellCanvas.current, colours, {
          cells,
          table,
          width,
          cell,
          left: at,
          current: known ? current : null,
          hover: hover?.index ?? null,
          selected,
          played,
        });
    });
    return () => cancelAnimationFrame(handle);
  }, [cells, table, width, cell, at, current, known, hover, selected, played]);
  useEffect(() => {
    palette.current ??= readPalette();
    const colours = palette.current;
    const handle = requestAnimationFrame(() => {
      if (overviewCanvas.current)
        paintOverview(overviewCanvas.current, colours, {
          strokes: overview.current(cells, table, width),
          width,
          left: at,
          whole,
          current: (current + 0.5) / cells.count,
        });
    });
    return () => cancelAnimationFrame(handle);
  }, [cells, table, width, at, whole, current]);

  // React listens to wheel passively, and the strip must not scroll what is around it.
  useEffect(() => {
    const element = box.current!;
    const onWheel = (event: WheelEvent): void => {
      if (!scrolls) return;
      event.preventDefault();
      const by = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
      setLeft((before) => Math.max(0, Math.min(most, Math.min(before, most) + by)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scrolls, most]);

  const go = (index: number): void => onFrame(cells.frameAt(Math.max(0, Math.min(cells.count - 1, index))));
  const menuAt = (index: number, y: number): void => {
    const rect = box.current!.getBoundingClientRect();
    onMenu(cells.frameAt(index), rect.left + STRIP_PAD + (index + 0.5) * cell - at, y);
  };
  /** Opens the menu, or changes the selection. @returns whether it did */
  const onSelectionKey = (event: KeyboardEvent): boolean => {
    const along = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))
      menuAt(current, box.current!.getBoundingClientRect().top + MENU_TOP);
    else if (event.ctrlKey && event.shiftKey && along !== 0)
      onPick(cells.frameAt(Math.max(0, Math.min(cells.count - 1, current + along))), 'range');
    else if (event.key === 'Escape' && selected !== null) onPick(frame, 'only');
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (onSelectionKey(event)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const by: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -10,
      PageUp: 10,
    };
    const step = by[event.key];
    if (step !== undefined) go(current + step * (event.shiftKey && Math.abs(step) === 1 ? 10 : 1));
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(cells.count - 1);
    else return;
    event.preventDefault();
  };
  const indexUnder = (event: { clientX: number }): number =>
    Math.floor((event.clientX - box.current!.getBoundingClientRect().left - STRIP_PAD + at) / cell);
  const onCells = (event: PointerEvent): void => {
    const index = indexUnder(event);
    setHover(index >= 0 && index < cells.count ? { index, x: index * cell + cell / 2 - at + STRIP_PAD } : null);
    if (event.buttons !== 1) return;
    const inside = cells.frameAt(Math.max(0, Math.min(cells.count - 1, index)));
    const pressed = event.type === 'pointerdown';
    if (event.shiftKey) onPick(inside, 'range');
    else if (!event.ctrlKey && !event.metaKey) onPick(inside, 'only');
    else if (pressed) onPick(inside, 'toggle');
  };
  const onOverview = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const part = (event.clientX - box.current!.getBoundingClientRect().left) / width;
    setLeft(Math.max(0, Math.min(most, part * whole - width / 2)));
  };
  const words = (index: number): string => {
    const number = cells.frameAt(index);
    return describeFrame(number, rowOf(table, number), records);
  };

  return (
    <div className={`strip ${scrolls ? 'strip-scrolls' : ''}`} ref={box}>
      {scrolls && (
        <canvas
          className="strip-overview"
          ref={overviewCanvas}
          aria-hidden="true"
          onPointerDown={onOverview}
          onPointerMove={onOverview}
        />
      )}
      <div
        className="strip-cells"
        role="slider"
        tabIndex={0}
        aria-label={t('Frames')}
        aria-valuemin={cells.frameAt(0)}
        aria-valuemax={cells.frameAt(cells.count - 1)}
        aria-haspopup="menu"
        aria-valuenow={playing ? cells.frameAt(0) : frame}
        aria-valuetext={
          playing
            ? t('Playing')
            : known
              ? words(current)
              : t('Frame {frame}, not in this job', { frame: String(frame) })
        }
        onKeyDown={onKeyDown}
        onContextMenu={(event) => {
          event.preventDefault();
          const index = indexUnder(event);
          if (index >= 0 && index < cells.count) onMenu(cells.frameAt(index), event.clientX, event.clientY);
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          onCells(event);
        }}
        onPointerMove={onCells}
        onPointerLeave={() => setHover(null)}
      >
        <canvas ref={cellCanvas} aria-hidden="true" />
      </div>
      {hover && hover.index < cells.count && (
        <p
          className="strip-tip"
          style={{
            left: Math.max(8, Math.min(width - 8, hover.x)),
            transform: `translateX(${hover.x < width / 3 ? '-12px' : hover.x > (width * 2) / 3 ? 'calc(-100% + 12px)' : '-50%'})`,
          }}
          aria-hidden="true"
        >
          {words(hover.index)}
        </p>
      )}
    </div>
  );
}

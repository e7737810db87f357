import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../shared/texts/translate';
import type { AreaSize } from '../model/area-sizes';
import './splitter.css';

/** Pixels that an arrow key moves it; with Shift several times that. */
const STEP = 16;
const LARGE_STEP = 64;

/** Which way the area that is resized grows: its edge is pulled there. */
const GROWS = {
  right: { vertical: true, sign: 1, more: 'ArrowRight', less: 'ArrowLeft' },
  left: { vertical: true, sign: -1, more: 'ArrowLeft', less: 'ArrowRight' },
  up: { vertical: false, sign: -1, more: 'ArrowUp', less: 'ArrowDown' },
} as const;

interface Props {
  label: string;
  /** What to say of dragging it. */
  title: string;
  className: string;
  grows: keyof typeof GROWS;
  size: AreaSize;
  /** @param size in pixels within its limits; null for the usual one */
  onResize: (size: number | null) => void;
}

/**
 * The edge between two areas, by the ARIA window splitter pattern: dragged, or moved with the arrow keys; Home and End
 * for the limits, Enter or a double-click for the usual size. Esc takes a drag back.
 */
export function Splitter({ label, title, className, grows, size, onResize }: Props) {
  const { vertical, sign, more, less } = GROWS[grows];
  /** While it is held: the size that it began with, and that minus the pointer. */
  const grip = useRef<{ size: number; offset: number } | null>(null);
  const along = (event: PointerEvent): number => sign * (vertical ? event.clientX : event.clientY);
  const resize = (to: number): void => onResize(Math.round(Math.min(size.max, Math.max(size.min, to))));
  const letGo = (): void => {
    grip.current = null;
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      className={`splitter ${vertical ? 'splitter-vertical' : 'splitter-horizontal'} ${className}`}
      aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={size.value}
      aria-valuemin={size.min}
      aria-valuemax={size.max}
      aria-valuetext={t('{value} pixels', { value: size.value })}
      title={title}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { size: size.value, offset: size.value - along(event) };
      }}
      onPointerMove={(event) => {
        if (grip.current !== null) resize(along(event) + grip.current.offset);
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onDoubleClick={() => onResize(null)}
      onKeyDown={(event: KeyboardEvent) => {
        const step = event.shiftKey ? LARGE_STEP : STEP;
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key === more) resize(size.value + step);
        else if (event.key === less) resize(size.value - step);
        else if (event.key === 'Home') resize(size.min);
        else if (event.key === 'End') resize(size.max);
        else if (event.key === 'Enter') onResize(null);
        else if (event.key === 'Escape' && grip.current !== null) {
          onResize(grip.current.size);
          letGo();
        } else return;
        event.preventDefault();
      }}
    />
  );
}

import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useApp, useAppState } from '../../app-context';

/** Pixels that the queue can be made as narrow as, and the share of the window that it can take. */
const MIN_WIDTH = 200;
const MAX_SHARE = 0.6;

/** The right edge of the queue, by which it is made wider or narrower. */
export function QueueEdge() {
  const { actions } = useApp();
  const stored = useAppState((state) => state.view.queue.width);
  const edge = useRef<HTMLDivElement>(null);
  const grip = useRef<number | null>(null);
  const here = (): number => edge.current?.parentElement?.getBoundingClientRect().width ?? MIN_WIDTH;
  const resize = (width: number): void =>
    actions.setQueueView({
      width: Math.round(Math.min(window.innerWidth * MAX_SHARE, Math.max(MIN_WIDTH, width))),
    });
  return (
    <div
      ref={edge}
      role="separator"
      tabIndex={0}
      className="queue-edge"
      aria-orientation="vertical"
      aria-label="Width of the queue"
      aria-valuenow={stored ?? 0}
      aria-valuetext={stored === null ? 'A share of the window' : `${stored} pixels`}
      aria-valuemin={0}
      aria-valuemax={4_000}
      title="Drag to resize the queue; double-click for its usual width"
      onPointerDown={(event: PointerEvent) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = here() - event.clientX;
      }}
      onPointerMove={(event: PointerEvent) => {
        if (grip.current !== null) resize(event.clientX + grip.current);
      }}
      onPointerUp={() => (grip.current = null)}
      onPointerCancel={() => (grip.current = null)}
      onDoubleClick={() => actions.setQueueView({ width: null })}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
          resize(here() + (event.key === 'ArrowRight' ? 16 : -16));
        else if (event.key === 'Home') actions.setQueueView({ width: null });
        else return;
        event.preventDefault();
      }}
    />
  );
}

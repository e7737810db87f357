import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../../shared/texts/translate';

const STEP = 0.01;

/** The line between two compared pictures, to be dragged or moved with the arrow keys, ten times as far with Shift. */
export function WipeHandle({ at, onMove }: { at: number; onMove: (at: number) => void }) {
  const dragged = useRef(false);
  const move = (next: number): void => onMove(Math.min(1, Math.max(0, next)));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEP * (event.shiftKey ? 10 : 1);
    const next = {
      ArrowLeft: at - step,
      ArrowDown: at - step,
      ArrowRight: at + step,
      ArrowUp: at + step,
      Home: 0,
      End: 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(next);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const stage = event.currentTarget.parentElement?.getBoundingClientRect();
    if (dragged.current && stage) move((event.clientX - stage.left) / stage.width);
  };
  return (
    <div
      className="wipe-handle"
      style={{ left: `${at * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t('Wipe')}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={`${Math.round(at * 100)} %`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        dragged.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        dragged.current = false;
      }}
      onPointerCancel={() => {
        dragged.current = false;
      }}
    />
  );
}

import { useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import { useApp } from '../../app-context';
import { movedColumn, type ColumnId, type ColumnPlace } from '../../model/queue-columns';

/** Pixels that a pressed heading is moved before it is a drag, and no press. */
const DRAG_FROM = 5;

/**
 * Moves columns by their headings: dragged, or with Alt and the arrow keys.
 *
 * @param columns those that are shown
 */
export function useColumnMoves(columns: readonly ColumnId[]) {
  const { actions } = useApp();
  const start = useRef<{ id: ColumnId; x: number } | null>(null);
  const dragged = useRef(false);
  const [drag, setDrag] = useState<{ id: ColumnId; drop: ColumnPlace | null } | null>(null);
  const end = (): void => {
    start.current = null;
    setDrag(null);
  };
  return {
    /** The heading that is dragged, and where it would go; null for nowhere else. */
    drag,
    /** Handlers of a heading. */
    listenersOf: (id: ColumnId) => ({
      onPointerDown(event: PointerEvent): void {
        dragged.current = false;
        if (event.button !== 0 || (event.target as Element).closest('[role="separator"]')) return;
        start.current = { id, x: event.clientX };
      },
      onPointerMove(event: PointerEvent): void {
        if (start.current === null) return;
        // It was let go where no heading heard of it.
        if ((event.buttons & 1) === 0) return end();
        if (!dragged.current && Math.abs(event.clientX - start.current.x) < DRAG_FROM) return;
        if (!dragged.current) event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = true;
        // A quick pointer may be over another heading by now.
        const { id: moved } = start.current;
        setDrag({ id: moved, drop: dropAt(event.currentTarget.parentElement!, event.clientX, moved, columns) });
      },
      onPointerUp(): void {
        if (drag?.drop) actions.moveColumn(drag.id, drag.drop);
        end();
      },
      onPointerCancel: end,
      onLostPointerCapture: end,
      /** Letting go of a heading is no press on it. */
      onClickCapture(event: MouseEvent): void {
        if (!dragged.current) return;
        dragged.current = false;
        event.stopPropagation();
      },
      onKeyDown(event: KeyboardEvent): void {
        if (event.key === 'Escape' && drag !== null) {
          event.preventDefault();
          return end();
        }
        dragged.current = false;
        if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        // The browser would go back a page.
        event.preventDefault();
        const drop = besideNext(columns, id, event.key === 'ArrowLeft' ? 'left' : 'right');
        if (drop) actions.moveColumn(id, drop);
      },
    }),
  };
}

/** Over the next column on that side; null where there is none. */
export function besideNext(columns: readonly ColumnId[], id: ColumnId, side: ColumnPlace['side']): ColumnPlace | null {
  const beside = columns[columns.indexOf(id) + (side === 'left' ? -1 : 1)];
  return beside === undefined ? null : { beside, side };
}

/** @returns null where the column would stay where it is */
function dropAt(head: Element, x: number, id: ColumnId, columns: readonly ColumnId[]): ColumnPlace | null {
  const boxes = [...head.children].map((cell) => cell.getBoundingClientRect());
  const at = boxes.findIndex(({ right }) => x < right);
  const { left, width } = boxes.at(at)!;
  const drop: ColumnPlace = { beside: columns.at(at)!, side: at !== -1 && x < left + width / 2 ? 'left' : 'right' };
  return movedColumn(columns, id, drop).every((one, index) => one === columns[index]) ? null : drop;
}

import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { COLUMN_LIMITS, COLUMNS, columnWidth, nextSort, type ColumnId } from '../../model/queue-columns';
import { useColumnMoves } from './use-column-moves';

/** The headings of the columns: a press sorts, a drag moves, the edge towards the name resizes. */
export function QueueHead({
  columns,
  onMenu,
}: {
  columns: readonly ColumnId[];
  onMenu: (x: number, y: number, column: ColumnId | null) => void;
}) {
  const { actions } = useApp();
  const sort = useAppState((state) => state.view.queue.sort);
  const { drag, listenersOf } = useColumnMoves(columns);
  return (
    <div
      role="row"
      className="queue-head"
      onContextMenu={(event) => {
        event.preventDefault();
        const cell = event.target instanceof Element ? event.target.closest('[data-column]') : null;
        onMenu(event.clientX, event.clientY, (cell?.getAttribute('data-column') ?? null) as ColumnId | null);
      }}
    >
      {columns.map((id, index) => {
        const { compare, numeric } = COLUMNS[id];
        const label = t(COLUMNS[id].label);
        const sorted = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : undefined;
        return (
          <div
            key={id}
            role="columnheader"
            data-column={id}
            className={`head-cell head-${id} ${numeric ? 'head-numeric' : ''} ${sorted ? `head-${sorted}` : ''} ${drag?.id === id ? 'head-dragged' : ''} ${drag?.drop?.beside === id ? `head-drop-${drag.drop.side}` : ''}`}
            aria-sort={sorted}
            {...listenersOf(id)}
          >
            {compare ? (
              <button
                type="button"
                className="head-sort"
                aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
                title={t('Sort by {column}; a third press goes back to run order. Drag, or Alt+← →, to move it', {
                  column: label,
                })}
                onClick={() => actions.setQueueView({ sort: nextSort(sort, id) })}
              >
                {label}
              </button>
            ) : (
              <span className="visually-hidden">{label}</span>
            )}
            {id !== 'name' && id !== 'thumbnail' && (
              <ResizeEdge id={id} side={index < columns.indexOf('name') ? 'right' : 'left'} />
            )}
          </div>
        );
      })}
    </div>
  );
}

/** The edge of a column towards the name: that takes what the others leave, so a column grows to its side. */
function ResizeEdge({ id, side }: { id: ColumnId; side: 'left' | 'right' }) {
  const { actions, store } = useApp();
  const width = useAppState((state) => columnWidth(id, state.view.queue.widths));
  const start = useRef<{ x: number; width: number } | null>(null);
  const label = t(COLUMNS[id].label);
  const outwards = side === 'left' ? -1 : 1;
  const resize = (to: number): void => {
    const wide = Math.round(Math.min(COLUMN_LIMITS.max, Math.max(COLUMN_LIMITS.min, to)));
    actions.setQueueView({ widths: { ...store.getState().view.queue.widths, [id]: wide } });
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      className={`head-edge head-edge-${side}`}
      aria-orientation="vertical"
      aria-label={t('Width of {label}', { label })}
      aria-valuenow={width}
      aria-valuemin={COLUMN_LIMITS.min}
      aria-valuemax={COLUMN_LIMITS.max}
      title={t('Drag to resize {label}; double-click for its usual width', { label })}
      onPointerDown={(event: PointerEvent) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event: PointerEvent) => {
        if (start.current) resize(start.current.width + outwards * (event.clientX - start.current.x));
      }}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onDoubleClick={() => {
        const { [id]: _, ...widths } = store.getState().view.queue.widths;
        actions.setQueueView({ widths });
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Escape' && start.current) {
          event.preventDefault();
          resize(start.current.width);
          start.current = null;
        }
        if (event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
        event.preventDefault();
        resize(width + outwards * (event.key === 'ArrowLeft' ? -8 : 8));
      }}
    />
  );
}

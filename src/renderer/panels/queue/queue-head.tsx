import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { COLUMN_LIMITS, COLUMNS, columnWidth, nextSort, type ColumnId } from '../../model/queue-columns';

/** The headings of the columns: a press sorts, the edge at their left resizes. */
export function QueueHead({
  columns,
  onMenu,
}: {
  columns: readonly ColumnId[];
  onMenu: (x: number, y: number) => void;
}) {
  const { actions } = useApp();
  const sort = useAppState((state) => state.view.queue.sort);
  return (
    <div
      role="row"
      className="queue-head"
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.clientX, event.clientY);
      }}
    >
      {columns.map((id) => {
        const { compare, numeric } = COLUMNS[id];
        const label = t(COLUMNS[id].label);
        const sorted = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : undefined;
        return (
          <div
            key={id}
            role="columnheader"
            className={`head-cell head-${id} ${numeric ? 'head-numeric' : ''} ${sorted ? `head-${sorted}` : ''}`}
            aria-sort={sorted}
          >
            {compare ? (
              <button
                type="button"
                className="head-sort"
                title={t('Sort by {column}; a third press goes back to run order', { column: label })}
                onClick={() => actions.setQueueView({ sort: nextSort(sort, id) })}
              >
                {label}
              </button>
            ) : (
              <span className="visually-hidden">{label}</span>
            )}
            {id !== 'name' && id !== 'thumbnail' && <ResizeEdge id={id} />}
          </div>
        );
      })}
    </div>
  );
}

/** The left edge of a column. The name takes what the others leave, so a column grows to its left. */
function ResizeEdge({ id }: { id: ColumnId }) {
  const { actions, store } = useApp();
  const width = useAppState((state) => columnWidth(id, state.view.queue.widths));
  const start = useRef<{ x: number; width: number } | null>(null);
  const label = t(COLUMNS[id].label);
  const resize = (to: number): void => {
    const wide = Math.round(Math.min(COLUMN_LIMITS.max, Math.max(COLUMN_LIMITS.min, to)));
    actions.setQueueView({ widths: { ...store.getState().view.queue.widths, [id]: wide } });
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      className="head-edge"
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
        if (start.current) resize(start.current.width + start.current.x - event.clientX);
      }}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onDoubleClick={() => {
        const { [id]: _, ...widths } = store.getState().view.queue.widths;
        actions.setQueueView({ widths });
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        resize(width + (event.key === 'ArrowLeft' ? 8 : -8));
      }}
    />
  );
}

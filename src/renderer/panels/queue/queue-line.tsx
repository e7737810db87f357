import { memo, type CSSProperties, type Ref } from 'react';
import { t } from '../../../shared/texts/translate';
import { useApp } from '../../app-context';
import { Icon } from '../../controls/icon';
import { formatCount, signed } from '../../model/format';
import type { ColumnId } from '../../model/queue-columns';
import { FINISHED, headingPriority, isJobEntry, type QueueEntry } from '../../model/queue-entries';
import { JobCard } from './job-card';
import { JobRow } from './job-row';

interface Props {
  entry: QueueEntry;
  /** Its place in the list, from 0. */
  index: number;
  /** Pixels from the list's top. */
  top: number;
  /** How a job is drawn. */
  form: 'row' | 'card';
  /** Takes its height; null where that is known. */
  measure: Ref<HTMLDivElement>;
  /** The columns of a row. */
  columns: readonly ColumnId[];
  shown: boolean;
  selected: boolean;
  tabStop: boolean;
  today: number;
  dragged: boolean;
  drop: 'above' | 'below' | null;
  /** What letting go here would change beside the rank. */
  dropWords: string | null;
  /** Number of jobs that have ended; 0 for other lines than theirs. */
  finishedCount: number;
  finishedUnfolded: boolean;
  onMenu: (id: number, x: number, y: number) => void;
  onFold: ((id: number) => void) | null;
}

/** One line of the queue. It is drawn again only when something about it has changed. */
export const QueueLine = memo(function QueueLine(props: Props) {
  const { entry, index, top, form, measure, columns, shown, selected, tabStop, dragged, drop, onMenu, onFold } = props;
  const style: CSSProperties = { transform: `translateY(${top}px)` };
  if (!isJobEntry(entry)) {
    return (
      <div role="row" className="queue-row" aria-rowindex={index + 1} data-index={index} style={style} ref={measure}>
        <div role="gridcell">
          {entry === FINISHED ? (
            <FinishedHeading count={props.finishedCount} unfolded={props.finishedUnfolded} />
          ) : (
            <h3 className="queue-priority">{t('Priority {priority}', { priority: signed(headingPriority(entry)) })}</h3>
          )}
        </div>
      </div>
    );
  }
  return (
    <div
      role="row"
      className={`queue-row ${dragged ? 'queue-dragged' : ''} ${drop === null ? '' : `queue-drop-${drop}`} ${selected ? 'queue-selected' : ''}`}
      data-job={entry}
      data-index={index}
      data-drop={props.dropWords ?? undefined}
      aria-rowindex={index + 1}
      aria-selected={selected || shown}
      style={style}
      ref={measure}
    >
      {form === 'row' ? (
        <JobRow
          id={entry}
          columns={columns}
          shown={shown}
          tabStop={tabStop}
          today={props.today}
          onMenu={onMenu}
          onFold={onFold!}
        />
      ) : (
        <div role="gridcell" aria-colspan={columns.length}>
          <JobCard
            id={entry}
            shown={shown}
            unfolded={onFold !== null || shown}
            tabStop={tabStop}
            onMenu={onMenu}
            onFold={onFold}
          />
        </div>
      )}
    </div>
  );
});

function FinishedHeading({ count, unfolded }: { count: number; unfolded: boolean }) {
  const { actions } = useApp();
  return (
    <button
      type="button"
      className="queue-finished"
      aria-expanded={unfolded}
      onClick={() => actions.setView({ finished: !unfolded })}
    >
      <Icon name="chevron" />
      {t('Finished')} <span className="dim">{formatCount(count)}</span>
    </button>
  );
}

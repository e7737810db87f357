import { defaultRangeExtractor, useVirtualizer, type Range, type VirtualItem } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type MouseEvent,
} from 'react';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { shownJob } from '../../app-store';
import { Button } from '../../controls/button';
import { PopupMenu } from '../../controls/popup-menu';
import { isMultiple } from '../../model/job-selection';
import { columnWidth, fittingColumns, type ColumnId } from '../../model/queue-columns';
import { FINISHED, isJobEntry } from '../../model/queue-entries';
import { isFiltering } from '../../model/queue-filter';
import { placeLines, type PlacedLine } from '../../model/row-places';
import { useElementSize } from '../use-element-size';
import { useToday } from '../use-today';
import { bulkMenu } from './bulk-menu';
import { jobMenu } from './job-menu';
import { QueueHead } from './queue-head';
import { QueueLine } from './queue-line';
import { useJobDragging } from './use-job-dragging';
import { useJobFocus } from './use-job-focus';
import { useJobKeys } from './use-job-keys';
import { useQueueEntries } from './use-queue-entries';
import { useUnfoldedInSight } from './use-unfolded-in-sight';
import { columnMenu, queueViewMenu } from './view-menu';

/** Heights in pixels: of a row, of a card that is folded, of a heading, and of the headings of the columns. */
const ROW = 28;
const CARD = 52;
const HEADING = 28;
const COLUMN_HEADS = 24;
/** Pixels of a row beside its columns: margins, padding, and the gap. */
const ROW_SIDES = 16;

/** Pixels of a name below which the job's number beside it goes. */
const TIGHT = 170;

interface OpenMenu {
  /** null: of the columns. */
  readonly id: number | null;
  readonly x: number;
  readonly y: number;
  /** The one whose heading it was opened on. */
  readonly column?: ColumnId | null;
}

/**
 * The jobs, as rows or as cards. Only the ones in sight are drawn, however many there are, and only those that have
 * changed are drawn again.
 *
 * @param rows whether each job is one line
 */
export function JobList({ rows: asRows }: { rows: boolean }) {
  const app = useApp();
  const { actions, store } = app;
  const { entries, filtered, listedNow } = useQueueEntries();
  const listed = useMemo(() => entries.filter(isJobEntry), [entries]);
  const inList = useMemo(() => new Set(listed), [listed]);
  const grouped = useMemo(() => entries.some((entry) => !isJobEntry(entry) && entry !== FINISHED), [entries]);
  const ended = useAppState((state) => state.model.jobs.finished.length);
  const foldedOut = useAppState((state) => state.view.finished || isFiltering(state.filter));
  const shown = useAppState((state) => shownJob(state)?.id ?? null);
  const selection = useAppState((state) => state.selection);
  const sorted = useAppState((state) => state.view.queue.sort !== null);
  const several = isMultiple(selection);
  const unfolded = useAppState((state) => state.unfoldedJobs);
  const [focused, setFocused] = useState<number | null>(null);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const { columns, template, tight, sizeRef } = useColumns();
  const today = useToday();
  const box = useRef<HTMLDivElement | null>(null);
  useEffect(() => {
    // By a filter of a moment ago nothing is taken out of what was selected since.
    if (filtered) actions.keepListed(inList);
  }, [actions, filtered, inList]);

  const drag = useJobDragging((id) =>
    several && selection.ids.has(id) ? listedNow().filter((one) => selection.ids.has(one)) : [id],
  );
  /** Lines that stay however far away they are scrolled: focus and drag would be lost with them. */
  const staying = [focused, drag.source].flatMap((id) => (id !== null && inList.has(id) ? [entries.indexOf(id)] : []));
  const formOf = useCallback(
    (id: number): 'row' | 'card' => (asRows && !unfolded.has(id) ? 'row' : 'card'),
    [asRows, unfolded],
  );
  // A row that is unfolded is another thing to measure than the same one folded. With another function every line of the
  // list is measured anew, with each frame of a scroll.
  const getItemKey = useCallback(
    (index: number) => {
      const entry = entries[index]!;
      return isJobEntry(entry) && formOf(entry) === 'card' ? `card ${entry}` : entry;
    },
    [entries, formOf],
  );
  // It says of itself when what it returns has changed; this component is not memoized.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => {
      const entry = entries[index]!;
      return !isJobEntry(entry) ? HEADING : asRows ? ROW : CARD;
    },
    getItemKey,
    rangeExtractor: (range: Range) => [...new Set([...defaultRangeExtractor(range), ...staying])].sort((a, b) => a - b),
    overscan: asRows ? 4 : 6,
    gap: asRows ? 0 : 2,
    paddingStart: 4,
    paddingEnd: 4,
    scrollMargin: asRows ? COLUMN_HEADS : 0,
    scrollPaddingStart: asRows ? COLUMN_HEADS : 0,
  });

  const placed = useRef<readonly PlacedLine<VirtualItem>[]>([]);
  // What was drawn before decides only which element draws a line, never what it says.
  // oxlint-disable-next-line react/refs
  const lines = placeLines(placed.current, rows.getVirtualItems(), {
    keyOf: ({ key }) => key,
    // A job that left the list had the focus, maybe: its element goes with it. Cards and headings have another form.
    recycles: ({ key }) => typeof key === 'number' && inList.has(key) && formOf(key) === 'row',
    // What is dragged would be let go of.
    inOrder: !rows.isScrolling && drag.source === null,
  });
  useLayoutEffect(() => {
    placed.current = lines;
  });

  const shownOnly = useMemo(() => new Set(shown === null ? [] : [shown]), [shown]);
  useUnfoldedInSight(box, asRows ? unfolded : shownOnly);
  const scrollTo = (id: number): void => {
    if (inList.has(id)) rows.scrollToIndex(entries.indexOf(id));
  };
  const { focusJob, refocus, listeners: focusListeners } = useJobFocus({ box, listed, focused, setFocused, scrollTo });
  const revealed = useAppState((state) => state.revealed);
  useEffect(() => {
    // What was just searched for could take it out of sight again.
    if (revealed === null || !filtered) return;
    const at = entries.indexOf(revealed.job);
    if (at === -1) {
      // It is there, but folded away or filtered out; or it comes with the next change of the list.
      if (store.getState().model.jobs.byId.has(revealed.job)) actions.showListed();
      return;
    }
    actions.endReveal(revealed);
    if (revealed.focus) focusJob(revealed.job);
    else rows.scrollToIndex(at, { align: 'auto' });
    // It is brought into sight once, not with every change of the list.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [revealed, entries, filtered]);

  const { foldJob } = actions;
  const onFold = useCallback((id: number) => foldJob(id), [foldJob]);
  const onKeyDown = useJobKeys({
    listedNow,
    focusJob,
    fold: asRows
      ? (id, unfold) => {
          refocus(id);
          foldJob(id, unfold);
        }
      : null,
  });
  const jobAt = (event: MouseEvent, within: string): number | null => {
    const element = event.target instanceof Element ? event.target.closest(within) : null;
    const row = element?.closest('[data-job]');
    return row ? Number(row.getAttribute('data-job')) : null;
  };
  const openMenu = useCallback(
    (id: number, x: number, y: number): void => {
      const { selection: now } = store.getState();
      if (!isMultiple(now) || !now.ids.has(id)) actions.pickJob(id, 'only', []);
      setMenu({ id, x, y });
    },
    [actions, store],
  );
  const onClick = (event: MouseEvent): void => {
    const id = jobAt(event, '.job-select');
    if (id === null) return;
    const how = event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';
    actions.pickJob(id, how, listedNow());
  };
  const onContextMenu = (event: MouseEvent): void => {
    const id = jobAt(event, '[data-job]');
    const onText = event.target instanceof Element && event.target.closest('.selectable') !== null;
    if (id === null || (onText && !window.getSelection()?.isCollapsed)) return;
    event.preventDefault();
    const { left, top } = (event.target as Element).closest('[data-job]')!.getBoundingClientRect();
    // The keyboard's menu key has no position.
    const byKey = event.clientX === 0 && event.clientY === 0;
    openMenu(id, byKey ? left + 16 : event.clientX, byKey ? top + 24 : event.clientY);
  };
  const menuJob = useAppState((state) => (menu?.id == null ? undefined : state.model.jobs.byId.get(menu.id)));
  const stop = [focused, shown].find((id) => id !== null && inList.has(id)) ?? listed[0];

  return (
    <div
      role="grid"
      aria-label={t('Jobs')}
      aria-multiselectable="true"
      aria-rowcount={entries.length}
      className={`queue-list scroll ${grouped ? 'queue-grouped' : ''} ${asRows ? 'queue-as-rows' : ''} ${tight ? 'queue-tight' : ''}`}
      style={{ '--queue-columns': template } as CSSProperties}
      ref={(element) => {
        box.current = element;
        return sizeRef(element);
      }}
    >
      {asRows && <QueueHead columns={columns} onMenu={(x, y, column) => setMenu({ id: null, x, y, column })} />}
      <div
        role="rowgroup"
        className="queue-rows"
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDoubleClick={(event) => {
          const id = asRows ? jobAt(event, '.job-select') : null;
          if (id !== null) foldJob(id);
        }}
        onContextMenu={onContextMenu}
        {...focusListeners}
        {...(sorted ? {} : drag.listeners)}
      >
        {lines.map(({ line: { index, start }, slot }) => {
          const entry = entries[index]!;
          const job = isJobEntry(entry) ? entry : null;
          const form = job === null ? 'card' : formOf(job);
          const drop = job !== null && drag.target?.id === job ? drag.target : null;
          return (
            <QueueLine
              key={slot}
              entry={entry}
              index={index}
              top={start - rows.options.scrollMargin}
              form={form}
              measure={form === 'row' ? null : rows.measureElement}
              columns={columns}
              shown={job !== null && job === shown}
              selected={several && job !== null && selection.ids.has(job)}
              tabStop={job !== null && job === stop}
              today={today}
              dragged={job !== null && drag.dragged.includes(job)}
              drop={drop && (drop.below ? 'below' : 'above')}
              dropWords={drop?.words ?? null}
              finishedCount={entry !== FINISHED ? 0 : foldedOut ? entries.length - index - 1 : ended}
              finishedUnfolded={foldedOut}
              onMenu={openMenu}
              onFold={asRows ? onFold : null}
            />
          );
        })}
      </div>
      {entries.length === 0 && <NothingFound />}
      {menu && menu.id === null && (
        <PopupMenu
          label={t('View')}
          at={menu}
          items={[...(menu.column ? columnMenu(menu.column, columns, app) : []), ...queueViewMenu(app)]}
          onClose={() => setMenu(null)}
        />
      )}
      {menu && menuJob && (
        <PopupMenu
          label={
            several
              ? t('Actions for {count} jobs', { count: selection.ids.size })
              : t('Actions for {name}, job {id}', { name: menuJob.name, id: String(menuJob.id) })
          }
          at={menu}
          items={several ? bulkMenu([...selection.ids], app) : jobMenu(menuJob, app)}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

/** In place of jobs, where none is what is looked for. */
function NothingFound() {
  const { actions } = useApp();
  const text = useAppState((state) => state.filter.text.trim());
  const machine = useAppState((state) => (state.filter.states.length === 0 ? state.filter.machine : null));
  return (
    <div role="row" className="queue-nothing">
      <div role="gridcell">
        <p>
          {text !== ''
            ? t('No job has “{text}” in its name, scene, number or reason.', { text })
            : machine === null
              ? t('No job is in such a state.')
              : t('No job has had frames on {machine}.', { machine })}
        </p>
        <Button onClick={() => actions.setFilter({ text: '', states: [], machine: null })}>{t('Show All Jobs')}</Button>
      </div>
    </div>
  );
}

/** The columns that there is room for, and the grid that they make. */
function useColumns() {
  const chosen = useAppState((state) => state.view.queue.columns);
  const order = useAppState((state) => state.view.queue.order);
  const widths = useAppState((state) => state.view.queue.widths);
  const { ref: sizeRef, size } = useElementSize();
  const room = (size?.width ?? 0) - ROW_SIDES;
  const columns = useMemo(() => fittingColumns(chosen, order, widths, room), [chosen, order, widths, room]);
  const template = columns.map((id) => (id === 'name' ? 'minmax(0, 1fr)' : `${columnWidth(id, widths)}px`)).join(' ');
  const name = columns.reduce((left, id) => left - columnWidth(id, widths), room);
  return { columns, template, tight: name < TIGHT, sizeRef };
}

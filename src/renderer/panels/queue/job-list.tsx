import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type DragEvent,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import { useApp, useAppState } from '../../app-context';
import { shownJob } from '../../app-store';
import { Icon } from '../../controls/icon';
import { PopupMenu } from '../../controls/popup-menu';
import { formatCount, signed } from '../../model/format';
import { priorityGroups } from '../../model/job-table';
import { JobCard } from './job-card';
import { jobMenu } from './job-menu';

/** As high as a card is that is not unfolded, in pixels; others are measured. */
const CARD = 52;
const HEAD = 28;

/** The line between the jobs to come and those that have ended. */
const FINISHED = 'finished';
/** The line above the jobs of one priority, where there are several. */
type PriorityLine = `priority ${number}`;
type Entry = number | PriorityLine | typeof FINISHED;

const isJob = (entry: Entry): entry is number => typeof entry === 'number';

/**
 * Jobs to come in the order in which they are rendered, those that have ended below. Only the ones in sight are drawn,
 * however many there are. Jobs to come are moved by dragging, or with Alt and the arrow keys.
 */
export function JobList() {
  const app = useApp();
  const { actions, store } = app;
  const jobs = useAppState((state) => state.model.jobs);
  const { open } = jobs;
  const finished = useAppState((state) => state.model.jobs.finished);
  const unfolded = useAppState((state) => state.view.finished);
  const shown = useAppState((state) => shownJob(state)?.id ?? null);
  const entries = useMemo((): readonly Entry[] => {
    const ended: readonly Entry[] = finished.length === 0 ? [] : unfolded ? [FINISHED, ...finished] : [FINISHED];
    const groups = priorityGroups(jobs);
    const toCome: readonly Entry[] =
      groups.length < 2 ? open : groups.flatMap(({ priority, ids }): Entry[] => [`priority ${priority}`, ...ids]);
    return [...toCome, ...ended];
    // The table is new with every change of any job; which jobs there are in which order, only the lists say.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [open, finished, unfolded]);
  const positionOf = useMemo(() => new Map(entries.filter(isJob).map((id, index) => [id, index + 1])), [entries]);
  const box = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ id: number; x: number; y: number } | null>(null);
  const drag = useDragging(actions.dropJob, open);

  // It says of itself when what it returns has changed; this component is not memoized.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (isJob(entries[index]!) ? CARD : HEAD),
    getItemKey: (index) => entries[index]!,
    overscan: 6,
    gap: 2,
    paddingStart: 4,
    paddingEnd: 4,
  });

  /** Focus goes to this job once it is drawn. */
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const button = box.current?.querySelector<HTMLElement>(`[data-job="${wanted.current}"] .job-select`);
    if (!button) return;
    wanted.current = null;
    button.focus();
  });
  const revealed = useAppState((state) => state.revealed);
  useEffect(() => {
    if (revealed === null) return;
    const at = entries.indexOf(revealed.job);
    if (at !== -1) rows.scrollToIndex(at, { align: 'auto' });
    else if (finished.includes(revealed.job)) actions.setView({ finished: true });
    // It is brought into sight once, not with every change of the list; but again when the list was unfolded for it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [revealed, unfolded]);
  const goTo = (id: number): void => {
    wanted.current = id;
    actions.selectJob(id);
    rows.scrollToIndex(entries.indexOf(id));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const card = event.target instanceof Element ? event.target.closest('[data-job]') : null;
    const id = Number(card?.getAttribute('data-job'));
    const job = store.getState().model.jobs.byId.get(id);
    if (!job || event.ctrlKey || event.metaKey) return;
    const onButton = event.target instanceof Element && event.target.matches('.job-select');
    if (event.altKey) {
      const to = ({ ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last' } as const)[event.key];
      if (to === undefined) return;
      wanted.current = id;
      void actions.stepJob(id, to);
    } else if (event.key === 'Delete') {
      if (!jobMenu(job, app).some((item) => item && 'keys' in item && item.keys === 'Del' && !item.disabled)) return;
      actions.askToDelete(job);
    } else if (event.key === 'F2') actions.editJob(job);
    else if (onButton) {
      const listed = entries.filter(isJob);
      const at = listed.indexOf(id);
      const next = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        PageDown: Math.min(listed.length - 1, at + 10),
        PageUp: Math.max(0, at - 10),
        Home: 0,
        End: listed.length - 1,
      }[event.key];
      if (next === undefined) return;
      if (listed[next] !== undefined) goTo(listed[next]);
    } else return;
    event.preventDefault();
  };
  const openMenu = useCallback(
    (id: number, x: number, y: number): void => {
      actions.selectJob(id);
      setMenu({ id, x, y });
    },
    [actions],
  );
  const onContextMenu = (event: MouseEvent): void => {
    const card = event.target instanceof Element ? event.target.closest('[data-job]') : null;
    if (
      !card ||
      (event.target instanceof Element && event.target.closest('.selectable') && !window.getSelection()?.isCollapsed)
    )
      return;
    event.preventDefault();
    const bounds = card.getBoundingClientRect();
    // The keyboard's menu key has no position.
    const byKey = event.clientX === 0 && event.clientY === 0;
    openMenu(
      Number(card.getAttribute('data-job')),
      byKey ? bounds.left + 16 : event.clientX,
      byKey ? bounds.top + 24 : event.clientY,
    );
  };
  const menuJob = useAppState((state) => (menu === null ? undefined : state.model.jobs.byId.get(menu.id)));
  const first = entries.find(isJob);
  const stop = shown !== null && entries.includes(shown) ? shown : first;

  return (
    <div
      className={`queue-list scroll ${entries.some((entry) => typeof entry === 'string' && entry !== FINISHED) ? 'queue-grouped' : ''}`}
      ref={box}
    >
      <ol
        className="queue-rows"
        aria-label="Jobs"
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
        {...drag.listeners}
      >
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const entry = entries[index]!;
          const row = {
            'data-index': index,
            ref: rows.measureElement,
            style: { transform: `translateY(${start}px)` },
          };
          if (entry === FINISHED) {
            return (
              <li key={key} role="none" className="queue-row" {...row}>
                <button
                  type="button"
                  className="queue-finished"
                  aria-expanded={unfolded}
                  onClick={() => actions.setView({ finished: !unfolded })}
                >
                  <Icon name="chevron" />
                  Finished <span className="dim">{formatCount(finished.length)}</span>
                </button>
              </li>
            );
          }
          if (!isJob(entry)) {
            return (
              <li key={key} role="none" className="queue-row" {...row}>
                <h3 className="queue-priority">Priority {signed(Number(entry.slice('priority '.length)))}</h3>
              </li>
            );
          }
          return (
            <li
              key={key}
              className={`queue-row ${drag.classOf(entry)}`}
              data-job={entry}
              aria-posinset={positionOf.get(entry)}
              aria-setsize={positionOf.size > 1 ? open.length + finished.length : undefined}
              {...row}
            >
              <JobCard id={entry} shown={entry === shown} tabStop={entry === stop} onMenu={openMenu} />
            </li>
          );
        })}
      </ol>
      {menu && menuJob && (
        <PopupMenu
          label={`Actions for ${menuJob.name}, job ${menuJob.id}`}
          at={menu}
          items={jobMenu(menuJob, app)}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

/** Dragging a job to another rank among the queued ones. */
function useDragging(drop: (id: number, target: number, below: boolean) => Promise<void>, open: readonly number[]) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<{ id: number; below: boolean } | null>(null);
  const jobOf = (event: DragEvent): { id: number; card: Element } | null => {
    const card = event.target instanceof Element ? event.target.closest('[data-job]') : null;
    return card ? { id: Number(card.getAttribute('data-job')), card } : null;
  };
  const stop = (): void => {
    setDragged(null);
    setTarget(null);
  };
  return {
    classOf: (id: number): string =>
      `${id === dragged ? 'queue-dragged' : ''} ${id === target?.id ? (target.below ? 'queue-drop-below' : 'queue-drop-above') : ''}`,
    listeners: {
      onDragStart(event: DragEvent): void {
        const over = jobOf(event);
        if (!over || !open.includes(over.id)) {
          event.preventDefault();
          return;
        }
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('application/x-framegauge-job', String(over.id));
        event.dataTransfer.setDragImage(over.card, 16, 16);
        setDragged(over.id);
      },
      onDragOver(event: DragEvent): void {
        if (dragged === null) return;
        const over = jobOf(event);
        if (!over || !open.includes(over.id)) {
          setTarget(null);
          return;
        }
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        const { top, height } = over.card.getBoundingClientRect();
        const below = event.clientY > top + height / 2;
        if (target?.id !== over.id || target.below !== below) setTarget({ id: over.id, below });
      },
      onDrop(event: DragEvent): void {
        if (dragged === null || target === null) return;
        event.preventDefault();
        void drop(dragged, target.id, target.below);
        stop();
      },
      onDragEnd: stop,
    },
  };
}

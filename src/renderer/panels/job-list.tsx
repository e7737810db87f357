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
import { useApp, useAppState } from '../app-context';
import { shownJob } from '../app-store';
import { Icon } from '../controls/icon';
import { PopupMenu } from '../controls/popup-menu';
import { formatCount } from '../model/format';
import { JobCard } from './job-card';
import { jobMenu } from './job-menu';

/** As high as a card is that is not unfolded, in pixels; others are measured. */
const CARD = 52;
const HEAD = 28;

/** The line between the jobs to come and those that have ended. */
const FINISHED = 'finished';
type Entry = number | typeof FINISHED;

/** Only the jobs in sight are drawn, however many there are. Jobs to come are moved by dragging, or with Alt and the arrow keys. */
export function JobList() {
  const app = useApp();
  const { actions, store } = app;
  const open = useAppState((state) => state.model.jobs.open);
  const finished = useAppState((state) => state.model.jobs.finished);
  const unfolded = useAppState((state) => state.view.finished);
  const shown = useAppState((state) => shownJob(state)?.id ?? null);
  const entries = useMemo((): readonly Entry[] => {
    const ended: readonly Entry[] = finished.length === 0 ? [] : unfolded ? [FINISHED, ...finished] : [FINISHED];
    return [...open, ...ended];
  }, [open, finished, unfolded]);
  const box = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ id: number; x: number; y: number } | null>(null);
  const drag = useDragging(actions.moveJob, open);

  // It says of itself when what it returns has changed; this component is not memoized.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (entries[index] === FINISHED ? HEAD : CARD),
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
      if (!jobMenu(job, app).some((item) => item?.keys === 'Del' && !item.disabled)) return;
      actions.askToDelete(job);
    } else if (event.key === 'F2') actions.editJob(job);
    else if (onButton) {
      const jobs = entries.filter((entry) => entry !== FINISHED);
      const at = jobs.indexOf(id);
      const next = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        PageDown: Math.min(jobs.length - 1, at + 10),
        PageUp: Math.max(0, at - 10),
        Home: 0,
        End: jobs.length - 1,
      }[event.key];
      if (next === undefined) return;
      if (jobs[next] !== undefined) goTo(jobs[next]);
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
    const place = card.getBoundingClientRect();
    // The keyboard's own key has no place.
    const byKey = event.clientX === 0 && event.clientY === 0;
    openMenu(
      Number(card.getAttribute('data-job')),
      byKey ? place.left + 16 : event.clientX,
      byKey ? place.top + 24 : event.clientY,
    );
  };
  const menuJob = useAppState((state) => (menu === null ? undefined : state.model.jobs.byId.get(menu.id)));
  const first = entries.find((entry) => entry !== FINISHED);
  const stop = shown !== null && entries.includes(shown) ? shown : first;

  return (
    <div className="queue-list scroll" ref={box}>
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
          const place = {
            'data-index': index,
            ref: rows.measureElement,
            style: { transform: `translateY(${start}px)` },
          };
          if (entry === FINISHED) {
            return (
              <li key={key} role="none" className="queue-row" {...place}>
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
          return (
            <li
              key={key}
              className={`queue-row ${drag.classOf(entry)}`}
              data-job={entry}
              aria-posinset={entries.length > 1 ? (index > open.length ? index : index + 1) : undefined}
              aria-setsize={entries.length > 1 ? open.length + finished.length : undefined}
              {...place}
            >
              <JobCard id={entry} shown={entry === shown} tabStop={entry === stop} onMenu={openMenu} />
            </li>
          );
        })}
      </ol>
      {menu && menuJob && (
        <PopupMenu
          label={`What can be done with ${menuJob.name}, job ${menuJob.id}`}
          at={menu}
          items={jobMenu(menuJob, app)}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

/** Dragging a job to another place among those to come. */
function useDragging(move: (id: number, before: number | null) => Promise<void>, open: readonly number[]) {
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
        const before = target.below ? (open[open.indexOf(target.id) + 1] ?? null) : target.id;
        const stays =
          before === dragged ||
          open[open.indexOf(dragged) + 1] === before ||
          (before === null && open.at(-1) === dragged);
        if (!stays) void move(dragged, before);
        stop();
      },
      onDragEnd: stop,
    },
  };
}

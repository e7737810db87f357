import { useState, type DragEvent } from 'react';
import { useApp } from '../../app-context';
import { isFinished } from '../../model/job-table';
import { becomesPriority } from '../../model/job-sentences';

/** What says of a drag that it is one of jobs, and not of files. */
const JOB = 'application/x-framegauge-job';

interface DropTarget {
  readonly id: number;
  readonly below: boolean;
  /** What would change beside the rank, in words; null for nothing. */
  readonly words: string | null;
}

/**
 * Dragging jobs to another rank among those to come. Over jobs of another priority it says, before they are let go, that
 * theirs would change.
 *
 * @param dragging ids of the jobs that go along with one
 */
export function useJobDragging(dragging: (id: number) => readonly number[]) {
  const { actions, store } = useApp();
  const [dragged, setDragged] = useState<readonly number[]>([]);
  const [source, setSource] = useState<number | null>(null);
  const [target, setTarget] = useState<DropTarget | null>(null);
  const openJobOf = (event: DragEvent): { id: number; element: Element } | null => {
    const element = event.target instanceof Element ? event.target.closest('[data-job]') : null;
    const id = Number(element?.getAttribute('data-job'));
    const job = store.getState().model.jobs.byId.get(id);
    return element && job && !isFinished(job) ? { id, element } : null;
  };
  const stop = (): void => {
    setDragged([]);
    setSource(null);
    setTarget(null);
  };
  /** The end of a drag is not always told: another one may have begun since. */
  const isOurs = (event: DragEvent): boolean => dragged.length > 0 && event.dataTransfer.types.includes(JOB);
  return {
    dragged,
    /** The one that was taken hold of. */
    source,
    target,
    listeners: {
      onDragStart(event: DragEvent): void {
        const over = openJobOf(event);
        if (!over) {
          event.preventDefault();
          return;
        }
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData(JOB, String(over.id));
        event.dataTransfer.setDragImage(over.element, 16, 12);
        setDragged(dragging(over.id));
        setSource(over.id);
      },
      onDragOver(event: DragEvent): void {
        if (!isOurs(event)) {
          if (dragged.length > 0) stop();
          return;
        }
        const over = openJobOf(event);
        if (!over || dragged.includes(over.id)) {
          setTarget(null);
          return;
        }
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        const { top, height } = over.element.getBoundingClientRect();
        const below = event.clientY > top + height / 2;
        if (target?.id === over.id && target.below === below) return;
        const { byId } = store.getState().model.jobs;
        const jobs = dragged.flatMap((id) => byId.get(id) ?? []);
        setTarget({ id: over.id, below, words: becomesPriority(jobs, byId.get(over.id)!.priority) });
      },
      onDrop(event: DragEvent): void {
        if (!isOurs(event) || target === null) return;
        event.preventDefault();
        void actions.moveJobs(dragged, target.id, target.below);
        stop();
      },
      onDragEnd: stop,
    },
  };
}

import { useState, type DragEvent } from 'react';
import { useApp } from '../../app-context';
import { isFinished } from '../../model/job-table';
import { becomesPriority } from '../../model/job-sentences';

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
  const [target, setTarget] = useState<DropTarget | null>(null);
  const openJobOf = (event: DragEvent): { id: number; element: Element } | null => {
    const element = event.target instanceof Element ? event.target.closest('[data-job]') : null;
    const id = Number(element?.getAttribute('data-job'));
    const job = store.getState().model.jobs.byId.get(id);
    return element && job && !isFinished(job) ? { id, element } : null;
  };
  const stop = (): void => {
    setDragged([]);
    setTarget(null);
  };
  return {
    dragged,
    target,
    listeners: {
      onDragStart(event: DragEvent): void {
        const over = openJobOf(event);
        if (!over) {
          event.preventDefault();
          return;
        }
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('application/x-framegauge-job', String(over.id));
        event.dataTransfer.setDragImage(over.element, 16, 12);
        setDragged(dragging(over.id));
      },
      onDragOver(event: DragEvent): void {
        if (dragged.length === 0) return;
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
        if (dragged.length === 0 || target === null) return;
        event.preventDefault();
        void actions.moveJobs(dragged, target.id, target.below);
        stop();
      },
      onDragEnd: stop,
    },
  };
}

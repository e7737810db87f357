import type { KeyboardEvent } from 'react';
import { useApp } from '../../app-context';
import { isMultiple } from '../../model/job-selection';
import { jobMenu } from './job-menu';

interface Options {
  /** Ids in the order of the list, as the filter is now. */
  listedNow: () => readonly number[];
  /** Brings a job into sight and gives it the focus. */
  focusJob: (id: number) => void;
  /** Unfolds or folds a row; null where jobs are cards anyway. */
  fold: ((id: number, unfold: boolean) => void) | null;
}

/** Everything that can be done in the list with the keyboard. */
export function useJobKeys({ listedNow, focusJob, fold }: Options): (event: KeyboardEvent) => void {
  const app = useApp();
  const { actions, store } = app;

  function move(event: KeyboardEvent, id: number): boolean {
    const to = ({ ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last' } as const)[event.key];
    if (to === undefined) return false;
    const { selection } = store.getState();
    focusJob(id);
    void actions.stepJobs(isMultiple(selection) && selection.ids.has(id) ? [...selection.ids] : [id], to);
    return true;
  }

  function walk(event: KeyboardEvent, id: number): boolean {
    const listed = listedNow();
    const at = listed.indexOf(id);
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: listed.length - 1,
    }[event.key];
    if (next === undefined) return false;
    // At an end the focus stays where it is, and is brought into sight.
    const to = listed[Math.max(0, Math.min(listed.length - 1, next))];
    if (to === undefined) return true;
    if (event.shiftKey) actions.pickJob(to, 'range', listed);
    else if (!event.ctrlKey && !event.metaKey) actions.pickJob(to, 'only', listed);
    focusJob(to);
    return true;
  }

  /** @returns whether the key means something here */
  function press(event: KeyboardEvent): boolean {
    const row = event.target instanceof Element ? event.target.closest('[data-job]') : null;
    const id = Number(row?.getAttribute('data-job'));
    const state = store.getState();
    const job = state.model.jobs.byId.get(id);
    if (!job) return false;
    const several = isMultiple(state.selection);
    const onJob = event.target instanceof Element && event.target.matches('.job-select');
    // Several are moved one after another: the key repeats sooner than that.
    if (event.altKey) return (event.repeat && several) || move(event, id);
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === 'a') actions.selectAll(listedNow());
      else if (event.key === 'Enter' && onJob) actions.pickJob(id, 'toggle', listedNow());
      // Ctrl+Page Down and Up are the window's: they change the workspace.
      else return onJob && !event.key.startsWith('Page') && walk(event, id);
      return true;
    }
    if (event.key === 'Delete' && several) actions.askToDeleteJobs([...state.selection.ids]);
    else if (event.key === 'Delete') {
      if (jobMenu(job, app).some((item) => item && 'keys' in item && item.keys === 'Del' && !item.disabled))
        actions.askToDelete(job);
      else return false;
    } else if (event.key === 'F2') actions.editJob(job);
    else if (fold && onJob && (event.key === 'ArrowRight' || event.key === 'ArrowLeft'))
      fold(id, event.key === 'ArrowRight');
    else return onJob && walk(event, id);
    return true;
  }

  return (event) => {
    if (press(event)) event.preventDefault();
  };
}

import { t } from '../../shared/texts/translate';
import { areaInSight, shownFrame, shownJob, switchJob, type AppState } from '../app-store';
import { isMultiple, keepListed, NO_SELECTION, selectRange, toggleSelected } from '../model/job-selection';
import { renderingJob } from '../model/job-table';
import { NO_FILTER, type QueueFilter } from '../model/queue-filter';
import { jobFrames } from '../model/timeline-cells';
import type { ActionContext } from './action-context';

/** What is shown, the open scene or a job; which jobs of the queue are listed, and which are selected. */
export function createSelectionActions({ store, set, tell }: ActionContext) {
  const show = (id: number): void => set({ subject: { kind: 'job', id }, pinnedFrame: null });
  /** Shows a job that may be anywhere in the list. */
  const revealJob = (id: number): void => {
    show(id);
    set({ selection: NO_SELECTION, revealed: { job: id } });
  };
  const showInQueue = (id: number): void => {
    revealJob(id);
    set(areaInSight(store.getState(), 'queue'));
  };
  const clearSelection = (): void => set({ selection: NO_SELECTION });

  return {
    revealJob,
    /** The list has brought a job into sight, and does not do so again. */
    endReveal(done: AppState['revealed']): void {
      if (store.getState().revealed === done) set({ revealed: null });
    },
    /** The same, and the list itself is brought into sight. */
    showInQueue,
    clearSelection,
    /** Makes the open scene the subject, at the frame that was shown of it. */
    showScene(): void {
      const state = store.getState();
      const scene = state.model.host?.scene;
      if (!scene || state.subject.kind === 'scene') return;
      const job = shownJob(state);
      set({
        subject: job ? { kind: 'scene', from: job.id } : { kind: 'scene' },
        pinnedFrame: job === null || job.settings.scene === scene.path ? shownFrame(state) : null,
        selection: NO_SELECTION,
      });
    },
    /** Makes the job beside the scene the subject, at the frame that was shown where the job has it. */
    showSwitchJob(): void {
      const state = store.getState();
      const job = switchJob(state);
      if (!job || shownJob(state)) return;
      const { pinnedFrame } = state;
      const own = job.settings.scene === state.model.host?.scene?.path;
      revealJob(job.id);
      if (own && pinnedFrame !== null && jobFrames(job.settings.frames).includes(pinnedFrame)) set({ pinnedFrame });
    },
    /**
     * What a click does: shows a job alone, takes it in or out of the selection, or selects all as far as it.
     *
     * @param listed ids in the order of the list
     */
    pickJob(id: number, how: 'only' | 'toggle' | 'range', listed: readonly number[]): void {
      const state = store.getState();
      const shown = shownJob(state)?.id ?? null;
      if (how === 'only') {
        show(id);
        if (state.selection !== NO_SELECTION) clearSelection();
        return;
      }
      const selection =
        how === 'toggle' ? toggleSelected(state.selection, id, shown) : selectRange(state.selection, id, listed, shown);
      set({ selection });
      const [first] = selection.ids;
      if (selection.ids.has(id)) show(id);
      else if (selection.ids.size === 1) show(first!);
    },
    selectAll(listed: readonly number[]): void {
      set({ selection: { ids: new Set(listed), anchor: listed[0] ?? null } });
    },
    /** Selects these jobs and brings the first into sight, whatever is listed. */
    selectJobs(ids: readonly number[]): void {
      const [first] = ids;
      if (first === undefined) return;
      showInQueue(first);
      if (ids.length > 1) set({ filter: NO_FILTER, selection: { ids: new Set(ids), anchor: first } });
    },
    /** Jobs that are listed no more are selected no more. */
    keepListed(listed: ReadonlySet<number>): void {
      const { selection } = store.getState();
      const kept = keepListed(selection, listed);
      if (kept !== selection) set({ selection: kept });
    },
    /** Unfolds the row of a job into a card, or folds that. @param unfold the other way where it is not given */
    foldJob(id: number, unfold = !store.getState().unfoldedJobs.has(id)): void {
      const unfoldedJobs = new Set(store.getState().unfoldedJobs);
      if (unfold) unfoldedJobs.add(id);
      else unfoldedJobs.delete(id);
      set({ unfoldedJobs });
    },
    /** Lists every job, those that have ended too. */
    showListed(): void {
      const { view } = store.getState();
      set({ filter: NO_FILTER, view: { ...view, finished: true } });
    },
    setFilter(change: Partial<QueueFilter>): void {
      const { filter, selection } = store.getState();
      set({ filter: { ...filter, ...change }, selection: isMultiple(selection) ? NO_SELECTION : selection });
    },
    /** Shows the field to search the queue with, and puts the cursor there. */
    searchJobs(): void {
      const state = store.getState();
      const { filter } = state;
      set({ ...areaInSight(state, 'queue'), filter: { ...filter, open: true } });
      const focusField = (): boolean => {
        const field = document.querySelector<HTMLInputElement>('.queue-search input');
        field?.focus();
        field?.select();
        return field !== null;
      };
      // Where it is not drawn yet, it is by the next frame.
      if (!focusField()) requestAnimationFrame(focusField);
    },
    /** Shows what is being rendered; of several jobs the next one, each time. */
    goToRendering(): void {
      const state = store.getState();
      const { rendering } = state.model.jobs;
      const at = rendering.indexOf(shownJob(state)?.id ?? -1);
      const id = rendering[at + 1] ?? renderingJob(state.model.jobs)?.id;
      if (id === undefined) {
        tell('info', t('Nothing is rendering now.'), { topic: 'rendering', passing: true });
        return;
      }
      show(id);
      set({ workspace: 'render', maximized: null, selection: NO_SELECTION, revealed: { job: id, focus: true } });
    },
  };
}

import { areaInSight, shownWorkspace, workspacesOf, type DialogName, type Workspace } from '../app-store';
import type { AreaId } from '../model/area-sizes';
import type { ComparedFrame } from '../model/compare-frames';
import type { ImageViewing } from '../model/image-viewing';
import { movedColumn, type ColumnId, type ColumnPlace } from '../model/queue-columns';
import { saveViewSettings, type QueueView, type ViewSettings } from '../model/view-settings';
import { t } from '../../shared/texts/translate';
import type { ActionContext } from './action-context';

/** What the window shows: messages, dialogs, workspaces, the frame in the viewer. */
export function createWindowActions({ store, set, tell }: ActionContext) {
  /** How the queue is laid out. */
  function setQueueView(change: Partial<QueueView>): void {
    const { view } = store.getState();
    const next = { ...view, queue: { ...view.queue, ...change } };
    saveViewSettings(next, localStorage);
    set({ view: next });
  }

  function setView(change: Partial<ViewSettings>): void {
    const view = { ...store.getState().view, ...change };
    saveViewSettings(view, localStorage);
    set({ view });
  }

  return {
    tell,
    /** @param id of a message of ours, or of a notice of the host's */
    dismiss(id: string): void {
      const { messages, dismissedNotices } = store.getState();
      if (id.startsWith('notice-')) set({ dismissedNotices: new Set([...dismissedNotices, Number(id.slice(7))]) });
      else set({ messages: messages.filter((message) => message.id !== id) });
    },
    showDialog(dialog: DialogName | null): void {
      set({ dialog, dialogJob: null, preferencesSection: 'addons' });
    },
    showPreferences(section: string): void {
      set({ dialog: 'preferences', preferencesSection: section });
    },
    showWorkspace(workspace: Workspace): void {
      set({ workspace });
    },
    /** The next workspace, or the one before; after the last comes the first. */
    stepWorkspace(by: 1 | -1): void {
      const workspaces = workspacesOf(store.getState());
      const at = workspaces.indexOf(shownWorkspace(store.getState()));
      set({ workspace: workspaces[(at + by + workspaces.length) % workspaces.length]! });
    },
    /** Folds the properties away, or brings them back. */
    toggleProperties(): void {
      const { view } = store.getState();
      const next = { ...view, properties: !view.properties };
      saveViewSettings(next, localStorage);
      set({ view: next, maximized: null });
    },
    /** Gives an area the whole workspace, or brings back all of them. */
    maximize(area: AreaId | null): void {
      set({ maximized: area });
    },
    /** Compares the shown frame with another one; null ends it. */
    compareWith(compared: ComparedFrame | null): void {
      set({ compared, ...(compared === null ? {} : areaInSight(store.getState(), 'viewer')) });
    },
    /** Changes how images are looked at, until the window is closed. */
    setImageView({
      zoom,
      look,
      development,
    }: {
      readonly zoom?: ImageViewing['zoom'];
      readonly look?: Partial<ImageViewing['look']>;
      readonly development?: Partial<ImageViewing['development']>;
    }): void {
      const { imageView: before } = store.getState();
      set({
        imageView: {
          zoom: zoom === undefined ? before.zoom : zoom,
          look: { ...before.look, ...look },
          development: { ...before.development, ...development },
        },
      });
    },
    /** Takes back what was done last, of what is still told. */
    undo(): void {
      const last = store.getState().messages.findLast(({ action }) => action?.label === t('Undo'));
      if (!last) return;
      set({ messages: store.getState().messages.filter((message) => message !== last) });
      last.action?.run();
    },
    /** Shows time, memory, files and log of the frame, below its image. */
    showDetails(): void {
      const state = store.getState();
      setView({ details: true });
      set(areaInSight(state, 'viewer'));
    },
    setQueueView,
    /** Takes a column of the queue to a side of another. */
    moveColumn(id: ColumnId, to: ColumnPlace): void {
      const { order } = store.getState().view.queue;
      setQueueView({ order: movedColumn(order, id, to) });
    },
    setView,
  };
}

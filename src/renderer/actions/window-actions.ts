import { WORKSPACES, type DialogName, type Workspace } from '../app-store';
import { saveViewSettings, type ViewSettings } from '../model/view-settings';
import type { ActionContext } from './action-context';

/** What the window shows: messages, dialogs, workspaces, the frame in the viewer. */
export function createWindowActions({ store, set, tell }: ActionContext) {
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
      const at = WORKSPACES.indexOf(store.getState().workspace);
      set({ workspace: WORKSPACES[(at + by + WORKSPACES.length) % WORKSPACES.length]! });
    },
    /** null follows the frame last written. */
    showFrame(frame: number | null): void {
      set({ pinnedFrame: frame });
    },
    setView(change: Partial<ViewSettings>): void {
      const view = { ...store.getState().view, ...change };
      saveViewSettings(view, localStorage);
      set({ view });
    },
  };
}

import { WORKSPACES, type AppState } from '../app-store';
import type { HostModel } from '../model/host-model';
import {
  loadWindow,
  restoredDismissals,
  restoredSelection,
  savedDismissals,
  savedSelection,
  saveWindow,
} from '../model/saved-window';

/** Keeps how the window stands across reloads and restarts. */
export function createWindowKeeper() {
  const storages = [sessionStorage, localStorage];

  return {
    /**
     * What is shown as it was before.
     *
     * @param isNew whether the page was loaded just now: otherwise only what depends on the host is found again
     */
    restored({ host, jobs }: HostModel, isNew: boolean): Partial<AppState> {
      const saved = loadWindow(storages);
      const dismissedNotices = restoredDismissals(saved.dismissed, host?.notices ?? []);
      if (!isNew) return { dismissedNotices };
      return {
        dismissedNotices,
        workspace: WORKSPACES.find((workspace) => workspace === saved.workspace) ?? 'render',
        maximized: saved.maximized,
        selection: restoredSelection(saved.selected, jobs.byId),
      };
    },
    save(now: AppState, before: AppState): void {
      const { workspace, maximized, selection, dismissedNotices, model } = now;
      if (
        model.host === null ||
        (workspace === before.workspace &&
          maximized === before.maximized &&
          selection === before.selection &&
          dismissedNotices === before.dismissedNotices)
      )
        return;
      saveWindow(
        {
          workspace,
          maximized,
          selected: savedSelection(selection, model.jobs.byId),
          dismissed: savedDismissals(dismissedNotices, model.host.notices),
        },
        storages,
      );
    },
  };
}

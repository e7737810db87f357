import type { AppStore } from '../app-store';
import type { HostClient } from '../host-client';
import { createActionContext } from './action-context';
import { createAddonActions } from './addon-actions';
import { createHostFollower } from './follow-host';
import { createDeletionActions } from './deletion-actions';
import { createFrameActions } from './frame-actions';
import { createFolderActions } from './folder-actions';
import { createFormActions } from './form-actions';
import { createJobActions } from './job-actions';
import { createLoadActions } from './load-actions';
import { createMachineActions } from './machine-actions';
import { createOperatorActions } from './operator-actions';
import { createPlaybackActions } from './playback-actions';
import { createRankActions } from './rank-actions';
import { createRemedyActions } from './remedy-actions';
import { createRenderActions } from './render-actions';
import { createSceneActions } from './scene-actions';
import { createSelectionActions } from './selection-actions';
import { createStatisticsActions } from './statistics-actions';
import { createWindowActions } from './window-actions';
import type { PictureFeed } from '../playback/played-pictures';
import { holdsAddon } from '../transport/dropped-files';

/**
 * Everything a person can do, by whatever way: menu, key, button, drop. None of them rejects; what fails becomes a
 * message.
 */
export type Actions = ReturnType<typeof createActions>;

export function createActions(client: HostClient, store: AppStore, pictures: PictureFeed) {
  const context = createActionContext(client, store);
  const selection = createSelectionActions(context);
  const addons = createAddonActions(context);
  const playback = createPlaybackActions(context, pictures);
  const scenes = createSceneActions(context, selection.revealJob);
  return {
    ...createHostFollower(context, scenes.needEngines, selection.selectJobs, scenes.reloadScene),
    ...createWindowActions(context),
    ...playback,
    ...createLoadActions(context),
    ...createStatisticsActions(context, selection.revealJob, playback.openFrame),
    ...createFormActions(context),
    ...createFolderActions(context),
    ...scenes,
    ...addons,
    /** Opens the scene, or installs the add-on, that was dropped on the window. */
    dropFiles: (files: readonly File[], isFolder: boolean): Promise<void> =>
      holdsAddon(files, isFolder) ? addons.installAddonFile(files[0]!) : scenes.dropScene(files),
    ...createOperatorActions(context),
    ...createRenderActions(context, selection.revealJob, scenes.openSceneOf),
    ...selection,
    ...createJobActions(context, selection.revealJob),
    ...createRankActions(context),
    ...createDeletionActions(context),
    ...createMachineActions(context),
    ...createFrameActions(context, playback),
    ...createRemedyActions(context, selection.revealJob),
  };
}

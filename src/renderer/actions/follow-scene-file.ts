import { t } from '../../shared/texts/translate';
import { nameOf } from '../model/host-path';
import { whyReadOnly } from '../read-only';
import type { ActionContext } from './action-context';

/** Of the message that the open scene's file has changed. */
export const SCENE_FILE = 'scene file';

/** Follows the open scene's file on disk, and what could be opened again. */
export function createSceneFileFollower(
  { client, store, set, tell, settle }: ActionContext,
  reloadScene: () => Promise<void>,
) {
  return {
    /** Nobody is troubled where the list is not known: a page that may only look can open nothing anyway. */
    async needRecent(): Promise<void> {
      if (whyReadOnly(store.getState()) !== null) return;
      const recentScenes = await client.call('scene.recent', {}).catch(() => null);
      if (recentScenes) set({ recentScenes });
    },
    /** Says quietly that the file has changed, for as long as that is so; who may only look can't read it again. */
    tellChange(changed: boolean): void {
      const scene = store.getState().model.host?.scene;
      settle(SCENE_FILE);
      if (!changed || !scene) return;
      tell('info', t('{name} has changed on disk.', { name: nameOf(scene.path) }), {
        topic: SCENE_FILE,
        action:
          whyReadOnly(store.getState()) === null ? { label: t('Reload Scene'), run: () => void reloadScene() } : null,
      });
    },
  };
}

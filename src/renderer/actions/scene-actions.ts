import type { Job } from '../../shared/jobs';
import { messageOf } from '../../shared/user-error';
import { nameOf } from '../model/host-path';
import { whyReadOnly } from '../read-only';
import type { ActionContext } from './action-context';

/** Opening scenes, by whatever way, and what renders them. */
export function createSceneActions(context: ActionContext, revealJob: (id: number) => void) {
  const { client, store, set, tell, refused, call, withBusy } = context;

  async function needEngines(refresh = false): Promise<void> {
    if (store.getState().engines !== null && !refresh) return;
    const engines = await call('engines.list', { refresh });
    if (engines) set({ engines });
  }

  async function openScene(path: string): Promise<string | null> {
    const why = whyReadOnly(store.getState());
    if (why !== null) return why;
    return withBusy(`Opening ${nameOf(path)}`, async () => {
      try {
        await client.call('scene.open', { path });
        return null;
      } catch (error) {
        return messageOf(error);
      }
    });
  }

  return {
    /** Asks what can render, once. */
    needEngines: (): Promise<void> => needEngines(),
    /** Looks for what was installed meanwhile, and reads the open scene again. */
    async searchAgain(): Promise<void> {
      await withBusy('Searching for Blender', () => needEngines(true));
      const scene = store.getState().model.host?.scene;
      if (scene?.engine !== 'blender') return;
      const wrong = await openScene(scene.path);
      if (wrong !== null) tell('error', wrong, { topic: 'scene' });
    },
    /** Lets the person choose a scene: with the system's dialog where there is one, else with ours. */
    async chooseScene(): Promise<void> {
      if (refused()) return;
      if (client.pickScene === null) {
        set({ dialog: 'open' });
        return;
      }
      try {
        const path = await client.pickScene();
        const wrong = path === null ? null : await openScene(path);
        if (wrong !== null) tell('error', wrong, { topic: 'scene' });
      } catch (error) {
        tell('error', messageOf(error));
      }
    },
    /** @returns null, or the sentence that says why not */
    openScene,
    /** Opens the scene that a job is of, and goes on showing the job. */
    async openSceneOf(job: Job): Promise<void> {
      const wrong = await openScene(job.settings.scene);
      if (wrong !== null) tell('error', wrong, { topic: 'scene' });
      else revealJob(job.id);
    },
    async dropScene(files: readonly File[]): Promise<void> {
      if (refused()) return;
      try {
        const path = await withBusy(
          `Reading ${files
            .map((file) => file.name)
            .slice(0, 2)
            .join(', ')}`,
          () => client.scenePath(files),
        );
        const wrong = await openScene(path);
        if (wrong !== null) tell('error', wrong, { topic: 'scene' });
      } catch (error) {
        tell('error', messageOf(error));
      }
    },
  };
}

import type { Job, JobRequest } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import { nameOf } from '../model/host-path';
import { withoutOptions } from '../model/job-sentences';
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
    return withBusy(t('Opening {name}', { name: nameOf(path) }), async () => {
      try {
        await client.call('scene.open', { path });
        return null;
      } catch (error) {
        return messageOf(error);
      }
    });
  }

  async function openOrTell(path: string): Promise<void> {
    const wrong = await openScene(path);
    if (wrong !== null) tell('error', wrong, { topic: 'scene' });
  }

  return {
    /** Reads the open scene's file again, and keeps what the person has set. */
    async reloadScene(): Promise<void> {
      const scene = store.getState().model.host?.scene;
      if (scene && !refused()) await openOrTell(scene.path);
    },
    async openRecent(path: string): Promise<void> {
      if (!refused()) await openOrTell(path);
    },
    /** Asks what can render, once. */
    needEngines: (): Promise<void> => needEngines(),
    /** Looks for what was installed meanwhile, and reads the open scene again. */
    async searchAgain(): Promise<void> {
      await withBusy(t('Searching for Blender'), () => needEngines(true));
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
        const paths = await withBusy(
          t('Reading {files}', {
            files: files
              .map((file) => file.name)
              .slice(0, 2)
              .join(', '),
          }),
          () => client.scenePaths(files),
        );
        if (paths.length > 1) {
          set({ dialog: 'queue-scenes', droppedScenes: paths });
          return;
        }
        const wrong = await openScene(paths[0]!);
        if (wrong !== null) tell('error', wrong, { topic: 'scene' });
      } catch (error) {
        tell('error', messageOf(error));
      }
    },
    /** Makes jobs of scenes, in their order; what fails is told, and the others are queued all the same. */
    async queueScenes(requests: readonly JobRequest[]): Promise<void> {
      if (refused()) return;
      let last: number | null = null;
      const failures: string[] = [];
      await withBusy(
        t('Queueing {count, plural, one {# job} other {# jobs}}', { count: requests.length }),
        async () => {
          for (const request of requests) {
            try {
              last = (await client.call('job.submit', request)).id;
            } catch (error) {
              failures.push(`${nameOf(request.scene)}: ${withoutOptions(messageOf(error))}`);
            }
          }
        },
      );
      set({ dialog: null, droppedScenes: [] });
      for (const sentence of failures) tell('error', sentence);
      if (last !== null) revealJob(last);
    },
  };
}

import type { HostEvent } from '../../shared/host-api';
import type { SceneInfo } from '../../shared/scene';
import { LEADING, type AppState } from '../app-store';
import { acceptState, applyEvent, awaitState } from '../model/host-model';
import { jobOfScene } from '../model/job-table';
import { formWithOwn, loadSession } from '../model/saved-session';
import type { ActionContext } from './action-context';
import { topicOf } from './job-actions';
import { createSessionKeeper } from './keep-session';
import { QUEUE_PAUSED } from './render-actions';
import { createEndTeller } from './tell-ends';

/**
 * Keeps the store true to the host: its state on every new connection, its events from then on.
 *
 * @param needEngines asks what can render, once a scene needs an installed engine
 * @param selectJobs shows several jobs
 */
export function createHostFollower(
  context: ActionContext,
  needEngines: () => Promise<void>,
  selectJobs: (ids: readonly number[]) => void,
) {
  const { client, store, set, settle, call, factoryStartup } = context;
  const ends = createEndTeller(context, selectJobs);
  const session = createSessionKeeper(context);

  /** What changes with the open scene; the state still holds the one before. */
  function takenScene(scene: SceneInfo | null): Partial<AppState> {
    const { form, model } = store.getState();
    const known = model.host?.scene;
    const same = form !== null && scene !== null && known != null && JSON.stringify(known) === JSON.stringify(scene);
    if (same) return {};
    return {
      form: scene && formWithOwn(scene, session.ownFieldsOf(scene), form, factoryStartup()),
      touched: new Set(),
      ...(scene !== null && known?.path === scene.path ? {} : { pinnedFrame: null }),
    };
  }

  /** The cause of what was told about the scene before is gone. */
  function sceneTaken(scene: SceneInfo | null): void {
    settle('scene', 'scene.open');
    if (scene?.engine === 'blender') void needEngines();
  }

  function take(event: HostEvent): void {
    const before = store.getState();
    const jobBefore = event.type === 'job' ? before.model.jobs.byId.get(event.job.id) : undefined;
    const openBefore = before.model.jobs.open.length;
    const scene =
      event.type === 'scene' && before.model.early === null
        ? { ...takenScene(event.scene), ...shownScene(event.scene) }
        : {};
    set({ model: applyEvent(before.model, event), ...scene });
    if (before.model.early !== null) return;
    if (event.type === 'scene') sceneTaken(event.scene);
    if (event.type === 'queue' && event.queue.state === 'running') settle(QUEUE_PAUSED);
    if (event.type === 'job') {
      // What was told of its end is over once it goes on, or ends otherwise.
      if (jobBefore?.state !== event.job.state) {
        settle(topicOf(event.job.id));
        ends.over(event.job.id);
      }
      ends.jobChanged(jobBefore, event.job, openBefore > 0 && store.getState().model.jobs.open.length === 0);
    }
    if (event.type === 'job-removed') {
      settle(topicOf(event.id));
      ends.over(event.id);
      if (before.subject.kind === 'job' && before.subject.id === event.id) set({ subject: LEADING, pinnedFrame: null });
    }
  }

  /**
   * Image and timeline show the scene that was opened, by its last job where there is one: all areas speak of the same
   * thing.
   */
  function shownScene(scene: SceneInfo | null): Partial<AppState> {
    const { model } = store.getState();
    if (scene?.path === model.host?.scene?.path) return {};
    const job = scene && jobOfScene(model.jobs, scene.path);
    return {
      subject: job ? { kind: 'job', id: job.id } : scene ? { kind: 'scene' } : LEADING,
      pinnedFrame: null,
      revealed: job ? { job: job.id } : null,
    };
  }

  /** Asks for the whole state, on every new connection. */
  async function load(): Promise<void> {
    set({ model: awaitState(store.getState().model), engines: null });
    const host = await call('host.state', {});
    if (!host) return;
    const before = store.getState();
    const model = acceptState(before.model, host);
    // Before it is kept anew.
    const kept = before.model.host === null ? loadSession(localStorage) : null;
    const scene = model.host?.scene ?? null;
    set({ model, ...takenScene(scene) });
    sceneTaken(scene);
    session.restore(kept);
  }

  return {
    /** Connects client and store. @returns stops it */
    start(): () => void {
      const stops = [
        client.subscribe(take),
        store.subscribe((now, before) => {
          if (now.form !== before.form || now.subject !== before.subject || now.pinnedFrame !== before.pinnedFrame)
            session.save();
        }),
        client.onConnection((connection) => {
          const before = store.getState().connection;
          set({ connection });
          if (connection.kind === 'connected' && before.kind !== 'connected') void load();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

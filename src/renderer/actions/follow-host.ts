import type { HostEvent } from '../../shared/host-api';
import type { SceneInfo } from '../../shared/scene';
import { shownJob, type AppState } from '../app-store';
import { acceptState, applyEvent, awaitState, type HostModel } from '../model/host-model';
import { formWithOwn, loadSession } from '../model/saved-session';
import { LEADING } from '../model/subject';
import { whyReadOnly } from '../read-only';
import { READ_ONLY, type ActionContext } from './action-context';
import { createSceneFileFollower, SCENE_FILE } from './follow-scene-file';
import { topicOf } from './job-actions';
import { createSessionKeeper } from './keep-session';
import { createWindowKeeper } from './keep-window';
import { FRAMES } from './load-actions';
import { QUEUE_PAUSED } from './render-actions';
import { createEndTeller } from './tell-ends';

/**
 * Keeps the store true to the host: its state on every new connection, its events from then on.
 *
 * @param needEngines asks what can render, once a scene needs an installed engine
 * @param selectJobs shows several jobs
 * @param reloadScene reads the open scene again
 */
export function createHostFollower(
  context: ActionContext,
  needEngines: () => Promise<void>,
  selectJobs: (ids: readonly number[]) => void,
  reloadScene: () => Promise<void>,
) {
  const { client, store, set, settle, call, factoryStartup } = context;
  const ends = createEndTeller(context, selectJobs);
  const session = createSessionKeeper(context);
  const windowKeeper = createWindowKeeper();
  const sceneFile = createSceneFileFollower(context, reloadScene);

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
    settle('scene', 'scene.open', SCENE_FILE);
    void sceneFile.needRecent();
    if (scene?.engine === 'blender') void needEngines();
  }

  /** What was told of a job's end is over once it goes on, or ends otherwise. */
  function jobOver(id: number): void {
    settle(topicOf(id));
    ends.over(id);
  }

  /** Jobs and the queue may have gone on, and the person been given another right, while there was no connection. */
  function settleOver(before: HostModel, { jobs, host }: HostModel): void {
    for (const [id, old] of before.jobs.byId) {
      const job = jobs.byId.get(id);
      if (job?.state === old.state) continue;
      jobOver(id);
      if (job) ends.jobChanged(old, job, false);
    }
    if (host?.queue.state === 'running') settle(QUEUE_PAUSED);
    if (whyReadOnly(store.getState()) === null) settle(READ_ONLY);
    settle(FRAMES);
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
    if (event.type === 'scene-file') sceneFile.tellChange(event.changed);
    if (event.type === 'queue' && event.queue.state === 'running') settle(QUEUE_PAUSED);
    if (event.type === 'job') {
      if (jobBefore?.state !== event.job.state) jobOver(event.job.id);
      ends.jobChanged(jobBefore, event.job, openBefore > 0 && store.getState().model.jobs.open.length === 0);
    }
    if (event.type === 'job-removed') {
      jobOver(event.id);
      if (before.subject.kind === 'job' && before.subject.id === event.id) set({ subject: LEADING, pinnedFrame: null });
    }
  }

  /** A scene that was opened is the subject at once; a job that was shown is still one click away. */
  function shownScene(scene: SceneInfo | null): Partial<AppState> {
    const { model, subject } = store.getState();
    if (scene?.path === model.host?.scene?.path) return {};
    const from = shownJob(store.getState())?.id ?? (subject.kind === 'scene' ? subject.from : undefined);
    const of = from === undefined ? undefined : model.jobs.byId.get(from)?.settings.scene;
    return {
      // The scene's own job is offered before another's.
      subject: scene ? { kind: 'scene', ...(of === scene.path ? { from } : {}) } : LEADING,
      pinnedFrame: null,
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
    set({ model, ...takenScene(scene), ...windowKeeper.restored(model, before.model.host === null) });
    if (before.subject.kind === 'job' && !model.jobs.byId.has(before.subject.id))
      set({ subject: LEADING, pinnedFrame: null });
    sceneTaken(scene);
    sceneFile.tellChange(model.host?.sceneChanged ?? false);
    settleOver(before.model, model);
    // Opened since this window was last there: it is shown as any scene that is opened.
    if (kept !== null && scene !== null && kept.scene !== scene.path && model.jobs.rendering.length === 0)
      set({ subject: { kind: 'scene' } });
    session.restore(kept);
  }

  return {
    /** Connects client and store. @returns stops it */
    start(): () => void {
      const stops = [
        client.subscribe(take),
        store.subscribe((now, before) => {
          windowKeeper.save(now, before);
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

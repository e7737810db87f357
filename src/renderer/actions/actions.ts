import type { HostEvent } from '../../shared/host-api';
import type { Job, JobRequest } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';
import { messageOf } from '../../shared/user-error';
import { createActionContext } from './action-context';
import { shownFrame, WORKSPACES, type AppStore, type DialogName, type Workspace } from '../app-store';
import type { HostClient } from '../host-client';
import { createJobActions } from './job-actions';
import { acceptFrames, acceptState, applyEvent, awaitFrames, awaitState, forgetFrames } from '../model/host-model';
import { endOf } from '../model/job-sentences';
import {
  blenderSceneOf,
  checkForm,
  formForOutputFormat,
  formForScene,
  formWithScene,
  jobRequest,
  samplesFor,
  type RenderField,
  type RenderForm,
} from '../model/render-form';
import { renderObstacle } from '../model/render-obstacle';
import { acceptStatistics, AWAITED_STATISTICS } from '../model/statistics-model';
import { saveViewSettings, type ViewSettings } from '../model/view-settings';
import { notify } from '../notify';

/** Everything a person can do, by whatever way: menu, key, button, drop. None of them rejects; what fails becomes a message. */
export type Actions = ReturnType<typeof createActions>;

export function createActions(client: HostClient, store: AppStore) {
  const context = createActionContext(client, store);
  const { set, tell, call } = context;
  const startsFromFactory = (): boolean => store.getState().model.host?.preferences['blender.factoryStartup'] === true;

  function takeScene(scene: SceneInfo | null): void {
    const { form, model } = store.getState();
    const known = model.host?.scene;
    const same = form !== null && scene !== null && known != null && JSON.stringify(known) === JSON.stringify(scene);
    if (same) return;
    set({ form: scene && formForScene(scene, form, startsFromFactory()), touched: new Set(), pinnedFrame: null });
    if (scene?.engine === 'blender') void needEngines();
  }

  function take(event: HostEvent): void {
    const before = store.getState();
    const jobBefore = event.type === 'job' ? before.model.jobs.byId.get(event.job.id) : undefined;
    const openBefore = before.model.jobs.open.length;
    if (event.type === 'scene' && before.model.early === null) takeScene(event.scene);
    set({ model: applyEvent(before.model, event) });
    if (before.model.early !== null) return;
    if (event.type === 'job')
      tellEnd(jobBefore, event.job, openBefore > 0 && store.getState().model.jobs.open.length === 0);
    if (event.type === 'job-removed' && before.selectedJob === event.id) set({ selectedJob: null, pinnedFrame: null });
  }

  function tellEnd(before: Job | undefined, job: Job, wasLast: boolean): void {
    const end = endOf(before, job);
    if (!end) return;
    tell(end.level, end.text);
    if (store.getState().view.notify) notify(client.shell, wasLast ? 'The queue is done' : job.name, end.text);
  }

  /** Asks for the whole state, on every new connection. */
  async function load(): Promise<void> {
    set({ model: awaitState(store.getState().model), engines: null });
    const host = await call('host.state', {});
    if (!host) return;
    const before = store.getState();
    const model = acceptState(before.model, host);
    takeScene(model.host?.scene ?? null);
    set({ model });
    if (model.host?.scene?.engine === 'blender') void needEngines();
  }

  async function submit(request: JobRequest): Promise<void> {
    const job = await call('job.submit', request);
    if (job) set({ selectedJob: job.id, pinnedFrame: null });
  }

  async function render(frame?: number): Promise<void> {
    const { form, model, engines } = store.getState();
    const scene = model.host?.scene;
    const obstacle = renderObstacle(scene ?? null, engines);
    if (!scene || !form || obstacle !== null) {
      tell('warning', obstacle ?? 'The scene is still being read: try again in a moment.');
      return;
    }
    const request = jobRequest(form, scene, frame, startsFromFactory());
    if (request) {
      await submit(request);
      return;
    }
    const wrong = Object.keys(checkForm(form, scene.engine === 'blender')) as RenderField[];
    // The fields are to be seen.
    set({ workspace: 'render', touched: new Set([...store.getState().touched, ...wrong]) });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-field][aria-invalid="true"]')?.focus());
  }

  async function needEngines(refresh = false): Promise<void> {
    if (store.getState().engines !== null && !refresh) return;
    const engines = await call('engines.list', { refresh });
    if (engines) set({ engines });
  }

  async function withBusy<T>(busy: string, work: () => Promise<T>): Promise<T> {
    set({ busy });
    try {
      return await work();
    } finally {
      set({ busy: null });
    }
  }

  async function openScene(path: string): Promise<string | null> {
    return withBusy(`Opening ${path.split(/[/\\]/).at(-1)}`, async () => {
      try {
        await client.call('scene.open', { path });
        return null;
      } catch (error) {
        return messageOf(error);
      }
    });
  }

  return {
    ...createJobActions(context),
    /** Connects client and store. @returns stops it */
    start(): () => void {
      const stops = [
        client.subscribe(take),
        client.onConnection((connection) => {
          const before = store.getState().connection;
          set({ connection });
          if (connection.kind === 'connected' && (before.kind !== 'connected' || store.getState().model.host === null))
            void load();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
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
    /** Asks what can render, once. */
    needEngines: (): Promise<void> => needEngines(),
    /** Looks for what was installed meanwhile, and reads the open scene again. */
    async lookAgain(): Promise<void> {
      await withBusy('Looking for Blender', () => needEngines(true));
      const scene = store.getState().model.host?.scene;
      if (scene?.engine !== 'blender') return;
      const wrong = await openScene(scene.path);
      if (wrong !== null) tell('error', wrong);
    },
    showWorkspace(workspace: Workspace): void {
      set({ workspace });
    },
    /** The next workspace, or the one before; after the last comes the first. */
    stepWorkspace(by: 1 | -1): void {
      const at = WORKSPACES.indexOf(store.getState().workspace);
      set({ workspace: WORKSPACES[(at + by + WORKSPACES.length) % WORKSPACES.length]! });
    },
    /** Lets the person choose a scene: with the system's dialog where there is one, else with ours. */
    async chooseScene(): Promise<void> {
      if (client.pickScene === null) {
        set({ dialog: 'open' });
        return;
      }
      try {
        const path = await client.pickScene();
        const wrong = path === null ? null : await openScene(path);
        if (wrong !== null) tell('error', wrong);
      } catch (error) {
        tell('error', messageOf(error));
      }
    },
    /** @returns null, or the sentence that says why not */
    openScene,
    async dropFiles(files: readonly File[]): Promise<void> {
      try {
        const path = await withBusy(
          `Reading ${files
            .map((file) => file.name)
            .slice(0, 2)
            .join(', ')}`,
          () => client.scenePath(files),
        );
        const wrong = await openScene(path);
        if (wrong !== null) tell('error', wrong);
      } catch (error) {
        tell('error', messageOf(error));
      }
    },
    renderAnimation: (): Promise<void> => render(),
    async renderImage(): Promise<void> {
      await render(shownFrame(store.getState()) ?? store.getState().model.host?.scene?.frameStart ?? 1);
    },
    /** null follows the frame last written. */
    showFrame(frame: number | null): void {
      set({ pinnedFrame: frame });
    },
    setField<F extends RenderField>(field: F, value: RenderForm[F]): void {
      const { form } = store.getState();
      if (form)
        set({
          form:
            field === 'format' || field === 'output'
              ? formForOutputFormat({ ...form, [field]: value }, field)
              : { ...form, [field]: value },
        });
    },
    /** Another scene of the same .blend: the form says what that one says. */
    chooseSceneName(name: string): void {
      const { form, model } = store.getState();
      const scene = model.host?.scene;
      if (form && scene) set({ form: formWithScene(form, scene, name), touched: new Set() });
    },
    /** Another render engine for this job, with the samples that the file has for it. */
    chooseRenderEngine(renderEngine: string): void {
      const { form, model } = store.getState();
      const scene = model.host?.scene;
      const blender = scene && form && blenderSceneOf(scene, form.sceneName);
      if (!form || !blender) return;
      const samples = samplesFor(blender, renderEngine);
      set({ form: { ...form, renderEngine, samples: samples === null ? '' : String(samples) } });
    },
    /** Brings back what scene and host propose, for some fields. */
    resetFields(fields: readonly RenderField[]): void {
      const { form, model, touched } = store.getState();
      const scene = model.host?.scene;
      if (!form || !scene) return;
      const own = formWithScene(formForScene(scene, null, startsFromFactory()), scene, form.sceneName);
      set({
        form: { ...form, ...Object.fromEntries(fields.map((field) => [field, own[field]])) },
        touched: new Set([...touched].filter((field) => !fields.includes(field))),
      });
    },
    touchField(field: RenderField): void {
      const { touched } = store.getState();
      if (!touched.has(field)) set({ touched: new Set([...touched, field]) });
    },
    setView(change: Partial<ViewSettings>): void {
      const view = { ...store.getState().view, ...change };
      saveViewSettings(view, localStorage);
      set({ view });
    },
    /** Asks for the host's statistics once; from then on events keep them true. */
    async needStatistics(): Promise<void> {
      const { model } = store.getState();
      if (model.early !== null || model.statistics !== null) return;
      set({ model: { ...model, statistics: AWAITED_STATISTICS } });
      const statistics = await call('statistics.get', {});
      const now = store.getState().model;
      // The connection was lost meanwhile, and they are asked for again.
      if (!now.statistics?.loading) return;
      set({
        model: {
          ...now,
          statistics: statistics
            ? acceptStatistics(now.statistics, statistics, Date.now())
            : { ...now.statistics, loading: false },
        },
      });
    },
    /** Asks for a job's frames once; from then on events keep them true. */
    async needFrames(jobId: number): Promise<void> {
      const { model } = store.getState();
      if (model.early !== null || model.frames.has(jobId)) return;
      set({ model: awaitFrames(model, jobId) });
      try {
        const list = await client.call('job.frames', { id: jobId });
        set({ model: acceptFrames(store.getState().model, jobId, list) });
      } catch (error) {
        set({ model: forgetFrames(store.getState().model, jobId) });
        tell('error', messageOf(error));
      }
    },
  };
}

import type { HostEvent, OperationInput, OperationName, OperationOutput } from '../shared/host-api';
import { FINAL_JOB_STATES, type Job, type JobRequest } from '../shared/jobs';
import type { SceneInfo } from '../shared/scene';
import { messageOf } from '../shared/user-error';
import { shownFrame, shownJob, WORKSPACES, type AppState, type AppStore, type DialogName, type Message, type Workspace } from './app-store';
import type { HostClient } from './host-client';
import { formatDuration, frames } from './model/format';
import { acceptFrames, acceptState, applyEvent, awaitFrames, awaitState, forgetFrames, isFinished } from './model/host-model';
import { checkForm, formForScene, jobRequest, type RenderField, type RenderForm } from './model/render-form';
import { acceptStatistics, AWAITED_STATISTICS } from './model/statistics-model';
import { saveViewSettings, type ViewSettings } from './model/view-settings';

/** Everything a person can do, by whatever way: menu, key, button, drop. None of them rejects; what fails becomes a message. */
export type Actions = ReturnType<typeof createActions>;

export function createActions(client: HostClient, store: AppStore) {
  const set = (change: Partial<AppState>): void => store.setState(change);
  let lastMessage = 0;

  function tell(level: Message['level'], text: string): void {
    // The same sentence twice is one that is still true.
    const others = store.getState().messages.filter((message) => message.text !== text);
    set({ messages: [...others, { id: `own-${++lastMessage}`, level, text }] });
  }

  /** @returns undefined when it failed; the person has been told then */
  async function call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N> | undefined> {
    try {
      return await client.call(operation, input);
    } catch (error) {
      tell('error', messageOf(error));
      return undefined;
    }
  }

  function takeScene(scene: SceneInfo | null): void {
    const { form, model } = store.getState();
    const known = model.host?.scene;
    const same = form !== null && scene !== null && known != null && JSON.stringify(known) === JSON.stringify(scene);
    if (same) return;
    set({ form: scene && formForScene(scene, form), touched: new Set(), pinnedFrame: null });
  }

  function take(event: HostEvent): void {
    const before = store.getState();
    if (event.type === 'scene' && before.model.early === null) takeScene(event.scene);
    set({ model: applyEvent(before.model, event) });
    if (before.model.early !== null) return;
    if (event.type === 'job') tellEnd(before.model.host?.jobs.find((job) => job.id === event.job.id), event.job);
    if (event.type === 'job-removed' && before.selectedJob === event.id) set({ selectedJob: null, pinnedFrame: null });
  }

  function tellEnd(before: Job | undefined, job: Job): void {
    if (!before || isFinished(before) || !isFinished(job)) return;
    const { done, failed, skipped, total } = job.frames;
    if (job.state === 'completed' && skipped === total) tell('warning', allSkipped(job));
    else if (job.state === 'completed') {
      const took = job.startedAt === null || job.finishedAt === null ? '' : ` in ${formatDuration((job.finishedAt - job.startedAt) / 1_000)}`;
      tell('success', `${job.name} is done: ${frames(done)} rendered${took}${skipped > 0 ? `, ${skipped} skipped because their images were there` : ''}.`);
    } else if (job.state === 'failed') tell('error', `${job.name} failed: ${job.reason ?? `${frames(failed)} could not be rendered`}`);
  }

  /** Asks for the whole state, on every new connection. */
  async function load(): Promise<void> {
    set({ model: awaitState(store.getState().model) });
    const host = await call('host.state', {});
    if (!host) return;
    const before = store.getState();
    const model = acceptState(before.model, host);
    takeScene(model.host?.scene ?? null);
    set({ model });
  }

  async function submit(request: JobRequest): Promise<void> {
    const job = await call('job.submit', request);
    if (job) set({ selectedJob: job.id, pinnedFrame: null });
  }

  async function render(frame?: number): Promise<void> {
    const { form, model } = store.getState();
    const scene = model.host?.scene;
    if (!scene || !form) {
      tell('warning', 'No scene is open: open one with File › Open, or drop it on this window.');
      return;
    }
    const request = jobRequest(form, scene.path, frame);
    if (request) {
      await submit(request);
      return;
    }
    const wrong = Object.keys(checkForm(form)) as RenderField[];
    // The fields are to be seen.
    set({ workspace: 'render', touched: new Set([...store.getState().touched, ...wrong]) });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-field][aria-invalid="true"]')?.focus());
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
    /** Connects client and store. @returns stops it */
    start(): () => void {
      const stops = [
        client.subscribe(take),
        client.onConnection((connection) => {
          const before = store.getState().connection;
          set({ connection });
          if (connection.kind === 'connected' && (before.kind !== 'connected' || store.getState().model.host === null)) void load();
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
      set({ dialog });
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
        const path = await withBusy(`Reading ${files.map((file) => file.name).slice(0, 2).join(', ')}`, () => client.scenePath(files));
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
    /** The same job once more, over the images that are there. */
    async renderAgain(job: Job): Promise<void> {
      const { installation, views: _, ...settings } = job.settings;
      const set = Object.fromEntries(Object.entries({ ...settings, engine: installation }).filter(([, value]) => value !== null));
      await submit({ ...set, scene: settings.scene, overwrite: true } as JobRequest);
    },
    async cancel(job: Job): Promise<void> {
      await call('job.cancel', { id: job.id });
    },
    /** Cancels what is shown if it is still going, else what is rendering. */
    async cancelCurrent(): Promise<void> {
      const state = store.getState();
      const shown = shownJob(state);
      const job = shown && !FINAL_JOB_STATES.includes(shown.state) ? shown : state.model.host?.jobs.find((other) => other.state === 'rendering');
      if (job) await call('job.cancel', { id: job.id });
    },
    async remove(job: Job): Promise<void> {
      await call('job.remove', { id: job.id });
    },
    selectJob(id: number): void {
      set({ selectedJob: id, pinnedFrame: null });
    },
    /** null follows the frame last written. */
    showFrame(frame: number | null): void {
      set({ pinnedFrame: frame });
    },
    setField<F extends RenderField>(field: F, value: RenderForm[F]): void {
      const { form } = store.getState();
      if (form) set({ form: { ...form, [field]: value } });
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
      set({ model: { ...now, statistics: statistics ? acceptStatistics(now.statistics, statistics, Date.now()) : { ...now.statistics, loading: false } } });
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

/** Blender says nothing here, and people wonder why nothing happened. */
export function allSkipped(job: Job): string {
  const { total } = job.frames;
  return `Nothing was rendered for ${job.name}: ${total === 1 ? 'its image was' : `all ${frames(total)} were`} there already. Tick Overwrite to render ${total === 1 ? 'it' : 'them'} again.`;
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineInfo } from '../shared/engines';
import type { Job } from '../shared/jobs';
import type { ConnectionState } from './host-client';
import { EMPTY_MODEL, type HostModel } from './model/host-model';
import { leadingJob } from './model/job-table';
import { firstFrame } from './model/timeline-cells';
import type { RenderField, RenderForm } from './model/render-form';
import { loadViewSettings, type ViewSettings } from './model/view-settings';

/** The parts of the program that share the window, as Blender's workspaces do; in the order of their tabs. */
export const WORKSPACES = ['render', 'statistics'] as const;
export type Workspace = (typeof WORKSPACES)[number];

export type DialogName = 'open' | 'preferences' | 'shortcuts' | 'about' | 'edit-job' | 'delete-job';

/** Something to tell the person; errors stay until dismissed. */
export interface Message {
  readonly id: string;
  readonly level: 'info' | 'success' | 'warning' | 'error';
  readonly text: string;
}

export interface AppState {
  readonly connection: ConnectionState;
  readonly model: HostModel;
  /** null while no scene is open. */
  readonly form: RenderForm | null;
  /** Fields whose errors may be shown: the person has left them, or tried to render. */
  readonly touched: ReadonlySet<RenderField>;
  /** null: the leading job, whichever that is. */
  readonly selectedJob: number | null;
  /** null: the frame last written. */
  readonly pinnedFrame: number | null;
  readonly workspace: Workspace;
  readonly dialog: DialogName | null;
  /** The job that the dialog is about, where it is about one. */
  readonly dialogJob: number | null;
  /** The section that Preferences begins at. */
  readonly preferencesSection: string;
  /** What can render on the host's machine; null until somebody needs to know. */
  readonly engines: readonly EngineInfo[] | null;
  readonly messages: readonly Message[];
  /** Of the host's notices. */
  readonly dismissedNotices: ReadonlySet<number>;
  /** What is under way and may take a while, in words. */
  readonly busy: string | null;
  readonly view: ViewSettings;
}

export type AppStore = StoreApi<AppState>;

export function createAppStore(): AppStore {
  return createStore<AppState>(() => ({
    connection: { kind: 'connecting' },
    model: EMPTY_MODEL,
    form: null,
    touched: new Set(),
    selectedJob: null,
    pinnedFrame: null,
    workspace: 'render',
    dialog: null,
    dialogJob: null,
    preferencesSection: 'addons',
    engines: null,
    messages: [],
    dismissedNotices: new Set(),
    busy: null,
    view: loadViewSettings(localStorage),
  }));
}

/** The job that image and timeline show. */
export function shownJob({ model, selectedJob }: AppState): Job | null {
  return (selectedJob === null ? undefined : model.jobs.byId.get(selectedJob)) ?? leadingJob(model.jobs);
}

/** The frame that image and timeline show, and that Render Image renders; null without scene and job. */
export function shownFrame(state: AppState): number | null {
  if (state.pinnedFrame !== null) return state.pinnedFrame;
  const job = shownJob(state);
  if (job) return job.lastFrame ?? firstFrame(job.settings.frames);
  return state.model.host?.scene?.frameStart ?? null;
}

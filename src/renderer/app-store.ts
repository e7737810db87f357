import { createStore, type StoreApi } from 'zustand/vanilla';
import type { InstallResult } from '../shared/addons';
import type { EngineInfo } from '../shared/engines';
import type { OperationOutput } from '../shared/host-api';
import type { Job, JobRequest } from '../shared/jobs';
import type { Operator } from '../shared/operators';
import type { PreferenceValues } from '../shared/addons';
import type { Language } from '../shared/texts/languages';
import type { ConnectionState } from './host-client';
import type { AreaId } from './model/area-sizes';
import type { TimeWindow } from './model/chart-data';
import type { FrameSelection } from './model/frame-selection';
import { EMPTY_MODEL, type HostModel } from './model/host-model';
import { NO_SELECTION, type JobSelection } from './model/job-selection';
import type { ComparedFrame } from './model/compare-frames';
import { managesFarm } from './model/machine-view';
import { USUAL_VIEWING, type ImageViewing } from './model/image-viewing';
import { NO_FILTER, type QueueFilter } from './model/queue-filter';
import {
  frameOf,
  isForeign,
  jobBeside,
  keptChoice,
  LEADING,
  subjectOf,
  type Sight,
  type Subject,
  type SubjectChoice,
} from './model/subject';
import { formRange } from './model/check-form';
import type { PlayRange } from './model/playback';
import type { PlayReport } from './playback/play-report';
import type { RenderField, RenderForm } from './model/render-form';
import { loadViewSettings, type ViewSettings } from './model/view-settings';

/** The parts of the program that share the window, as Blender's workspaces do; in the order of their tabs. */
export const WORKSPACES = ['render', 'statistics', 'machines'] as const;
export type Workspace = (typeof WORKSPACES)[number];

/** Those that there are: machines only where the host manages a farm. */
export function workspacesOf({ model }: Pick<AppState, 'model'>): readonly Workspace[] {
  return managesFarm(model.host?.preferences) ? WORKSPACES : WITHOUT_FARM;
}
const WITHOUT_FARM = WORKSPACES.filter((workspace) => workspace !== 'machines');

/** The one that is shown. */
export function shownWorkspace(state: Pick<AppState, 'model' | 'workspace'>): Workspace {
  return workspacesOf(state).includes(state.workspace) ? state.workspace : 'render';
}

export type DialogName =
  | 'open'
  | 'preferences'
  | 'shortcuts'
  | 'about'
  | 'edit-job'
  | 'delete-job'
  | 'delete-jobs'
  | 'clear-finished'
  | 'render-again'
  | 'set-priority'
  | 'conflict'
  | 'queue-scenes'
  | 'search'
  | 'operator';

/** A job that cannot be queued as it stands, and what is in its way. */
export interface Conflict {
  readonly request: JobRequest;
  readonly plan: OperationOutput<'job.plan'>;
}

/** An update of an add-on that asks for more than the installed version. */
export interface ConsentQuestion {
  readonly asked: Extract<InstallResult, { outcome: 'consent' }>;
  /** @param agreed whether it is installed all the same */
  answer(agreed: boolean): void;
}

/** A folder of the host's machine that is to be chosen. */
export interface FolderQuestion {
  readonly start: string;
  /** @param folder null where none was chosen */
  answer(folder: string | null): void;
}

/** An operator that is about to run. */
export interface OperatorForm {
  readonly operator: Operator;
  /** What its form begins with. */
  readonly parameters: PreferenceValues;
}

/** A message to the person; errors stay until they are dismissed or their cause is gone. */
export interface Message {
  readonly id: string;
  readonly level: 'info' | 'success' | 'warning' | 'error';
  readonly text: string;
  /** What it is about, as `job 12` or the name of an operation: it goes when that has changed. */
  readonly topic: string | null;
  /** What can be done about it. */
  readonly action: { readonly label: string; run(): void } | null;
  /** What is done about it does not take it away: a person may be asked first. */
  readonly stays?: boolean;
  /** It goes by itself after a while. */
  readonly passing: boolean;
  /** How often anything had been told by then: what is told once more has its time anew. */
  readonly told: number;
}

/** What the charts of the statistics are of. */
export interface StatisticsView {
  /** Of this job only; null: of all. */
  readonly job: number | null;
  /** A range that was chosen; null: up to now. */
  readonly zoom: TimeWindow | null;
}

export interface AppState {
  readonly connection: ConnectionState;
  readonly model: HostModel;
  /** null while no scene is open. */
  readonly form: RenderForm | null;
  /** Fields whose errors may be shown: the person has left them, or tried to render. */
  readonly touched: ReadonlySet<RenderField>;
  /** What was chosen to be looked at; {@link shownSubject} is what comes of it. */
  readonly subject: SubjectChoice;
  /** A job that the list is to bring into sight, with the focus or without; a new object each time, null once it is. */
  readonly revealed: { readonly job: number; readonly focus?: boolean } | null;
  readonly selection: JobSelection;
  /** Jobs whose rows are unfolded into cards. */
  readonly unfoldedJobs: ReadonlySet<number>;
  readonly filter: QueueFilter;
  /** null: the frame last written. */
  readonly pinnedFrame: number | null;
  /** Frames chosen in the timeline; null while only the one shown is. */
  readonly selectedFrames: FrameSelection | null;
  /** What the shown frame is compared with; null while it is not. */
  readonly compared: ComparedFrame | null;
  /** How images are looked at. */
  readonly imageView: ImageViewing;
  /** null while nothing is played. */
  readonly playback: PlayReport | null;
  /** First and last frame that are played of a job; null: all of it. */
  readonly playRange: { readonly jobId: number; readonly range: PlayRange } | null;
  readonly workspace: Workspace;
  /** The area that has the workspace to itself; null while all are shown. */
  readonly maximized: AreaId | null;
  readonly statistics: StatisticsView;
  readonly dialog: DialogName | null;
  /** The job that the dialog is about, where it is about one. */
  readonly dialogJob: number | null;
  /** The jobs that the dialog is about, where it is about several. */
  readonly dialogJobs: readonly number[];
  /** The frames of that one job, where the dialog is about them. */
  readonly dialogFrames: readonly number[];
  /** Those opened last on this host, the latest first. */
  readonly recentScenes: OperationOutput<'scene.recent'>;
  /** Paths of the scenes that the dialog about several of them is about. */
  readonly droppedScenes: readonly string[];
  /** What the dialog about images in the way is about. */
  readonly conflict: Conflict | null;
  /** What the dialog about an operator is about. */
  readonly operator: OperatorForm | null;
  /** Shown above whatever else is shown; null for none. */
  readonly consent: ConsentQuestion | null;
  /** Shown above whatever else is shown; null for none. */
  readonly folderQuestion: FolderQuestion | null;
  /** The section that Preferences begins at. */
  readonly preferencesSection: string;
  /** What can render on the host's machine; null until somebody needs to know. */
  readonly engines: readonly EngineInfo[] | null;
  readonly messages: readonly Message[];
  /** Of the host's notices. */
  readonly dismissedNotices: ReadonlySet<number>;
  /** The operation in progress, in words; null when there is none. */
  readonly busy: string | null;
  readonly view: ViewSettings;
  /** The language that is spoken. */
  readonly language: Language;
}

export type AppStore = StoreApi<AppState>;

export function createAppStore(): AppStore {
  return createStore<AppState>(() => ({
    connection: { kind: 'connecting' },
    model: EMPTY_MODEL,
    form: null,
    touched: new Set(),
    subject: LEADING,
    revealed: null,
    selection: NO_SELECTION,
    unfoldedJobs: new Set(),
    filter: NO_FILTER,
    pinnedFrame: null,
    selectedFrames: null,
    playback: null,
    compared: null,
    imageView: USUAL_VIEWING,
    playRange: null,
    workspace: 'render',
    maximized: null,
    statistics: { job: null, zoom: null },
    dialog: null,
    dialogJob: null,
    dialogJobs: [],
    dialogFrames: [],
    recentScenes: [],
    droppedScenes: [],
    conflict: null,
    operator: null,
    consent: null,
    folderQuestion: null,
    preferencesSection: 'addons',
    engines: null,
    messages: [],
    dismissedNotices: new Set(),
    busy: null,
    view: loadViewSettings(localStorage),
    language: 'en',
  }));
}

/** Whether an area of the Render workspace is there to be seen. */
export function isAreaShown(state: AppState, area: AreaId): boolean {
  return shownWorkspace(state) === 'render' && (state.maximized === null || state.maximized === area);
}

/** The change that brings an area into sight: its workspace, and no other area in its place. */
export function areaInSight({ maximized }: AppState, area: AreaId): Pick<AppState, 'workspace' | 'maximized'> {
  return { workspace: 'render', maximized: maximized === area ? area : null };
}

/** What image, timeline and properties speak of. Everything that depends on it is derived from here. */
export function shownSubject(state: AppState): Subject {
  return subjectOf(sightOf(state));
}

/** The choice that keeps it, whatever happens in the queue. */
export function keptSubject(state: AppState): SubjectChoice {
  return keptChoice(sightOf(state));
}

/** Its kind, for components. */
export function shownKind(state: AppState): Subject['kind'] {
  return shownSubject(state).kind;
}

/** The job that is the subject; null where the open scene is, or nothing. */
export function shownJob(state: AppState): Job | null {
  const subject = shownSubject(state);
  return subject.kind === 'job' ? subject.job : null;
}

/** The job that the switch leads to: the one shown, or the one beside the scene. */
export function switchJob(state: AppState): Job | null {
  return shownJob(state) ?? jobBeside(sightOf(state));
}

/** The frame that is shown, and that Render Image renders; null without a subject. */
export function shownFrame(state: AppState): number | null {
  if (state.playback !== null) return state.playback.frame;
  return frameOf(shownSubject(state), state.pinnedFrame, sceneStart(state));
}

/** The job that is the subject, where it is of another scene than the open one. */
export function foreignJob(state: AppState): Job | null {
  return isForeign(shownSubject(state), state.model.host?.scene ?? null) ? shownJob(state) : null;
}

function sightOf({ model, subject }: AppState): Sight {
  return { choice: subject, scene: model.host?.scene ?? null, jobs: model.jobs };
}

function sceneStart({ form, model }: AppState): number | null {
  return (form && formRange(form)?.start) ?? model.host?.scene?.frameStart ?? null;
}

import type { AddonImage, AppSnapshot } from '../../shared/addon-protocol';
import type { AddonStatus, PreferenceValue } from '../../shared/addons';
import type { PanelElement } from '../../shared/panels';
import type { OperatorParameterDeclaration, OperatorResult } from '../../shared/operators';
import type { OperationInput, OperationOutput } from '../../shared/host-api';
import type { Frame, Job, JobChanges, JobRequest, QueueInfo } from '../../shared/jobs';
import type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';
import type { AddonHttp } from './http-types';
import type { AddonMetrics } from './metrics/metrics-api';

export type { AddonImage, AppSnapshot, MetricFamily } from '../../shared/addon-protocol';
export type { AddonAction, AddonStatus, PreferenceValue } from '../../shared/addons';
export type { GaugeMode } from './metrics/gauge-mode';
export type { CollectedFamily, MetricTable } from './metrics/metric-table';
export type { PanelElement } from '../../shared/panels';
export type { OperatorParameterDeclaration, OperatorResult } from '../../shared/operators';
export type { Frame, Job, JobChanges, JobRequest, QueueInfo } from '../../shared/jobs';
export type {
  AddonMetrics,
  AnyMetric,
  AttachableWorker,
  DurationTarget,
  EnumMetric,
  FamilyDescription,
  GaugeReading,
  InfoMetric,
  LabelledConfiguration,
  LabelValues,
  MetricCollector,
  MetricFactory,
  MetricRegistry,
  ProcessFactory,
  ProcessMetrics,
  StateSetMetric,
  StatesConfiguration,
  WorkerMetrics,
} from './metrics/metrics-api';
export type { AddonHttp, HttpAnswer, HttpHandler, HttpRequest, HttpRouteSchema, JsonSchema } from './http-types';
export type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';

/**
 * A handler is awaited before the next one runs, so that events stay in order. After 10 s the next one runs regardless.
 */
export type Handler = (event: LifecycleEvent) => void | Promise<void>;

/** One call of an operator. */
export interface OperatorCall {
  /** Every declared parameter, checked, with its default where none was given. */
  readonly parameters: Readonly<Record<string, PreferenceValue>>;
  /**
   * Aborted when a person cancels, and when the add-on is disabled. An operator that has not ended 10 s later takes the
   * add-on's whole process with it.
   */
  readonly signal: AbortSignal;
  /** Shows how far it is. @param progress from 0 to 1; null where that is not known @param text what it is doing */
  progress(progress: number | null, text?: string): void;
}

/** An action with a name that people run from a menu, the search, a key, the command line or over HTTP. */
export interface OperatorDeclaration {
  /** Unique within the add-on: lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** In the order of the form; each as in addon.json's preferences, with three more types. */
  readonly parameters?: readonly OperatorParameterDeclaration[];
  /** The menu that shows it under the add-on's name. */
  readonly menu?: 'render' | 'job' | 'window';
  /** The key that runs it, unless it has another use: `Ctrl+Shift+E`. */
  readonly key?: string;
  /** A question that the window asks before it runs. */
  readonly confirm?: string;
  /**
   * @returns a sentence that says what was done, perhaps with one that says how to take it back, and small data for
   * scripts; nothing for none
   * @throws Error whose message is a sentence for the person
   */
  run(call: OperatorCall): OperatorResult | string | void | Promise<OperatorResult | string | void>;
}

/** A panel of data in the window. */
export interface PanelDeclaration {
  /** Unique within the add-on: lower-case letters, digits and hyphens. */
  readonly id: string;
  /**
   * `properties`: below the properties; `job`: below the queue; `frame`: in the details of a frame; `status-bar`: labels,
   * values and buttons in one line; `statistics`: below the charts.
   */
  readonly place: 'properties' | 'job' | 'frame' | 'status-bar' | 'statistics';
  readonly title: string;
  /** Shows the panel only while this job is shown. */
  readonly job?: number;
  readonly elements?: readonly PanelElement[];
}

/** A panel that is shown. */
export interface ShownPanel {
  /**
   * Replaces what it shows, and its title where one is given. May be called on every change: people see it three times a
   * second at most.
   *
   * @throws Error naming what is wrong with it
   */
  update(elements: readonly PanelElement[], title?: string): void;
  remove(): void;
}

/** The exports of the module that addon.json names as `main`. */
export interface AddonModule {
  /** Called once when the add-on is enabled. If it throws, the add-on stays off and shows the message as the reason. */
  register(ctx: AddonContext): void | Promise<void>;
  /** Called when the add-on is disabled. Everything acquired through ctx is released afterwards in any case. */
  unregister?(): void | Promise<void>;
}

/** The host's API for an add-on. Everything acquired through it is released on disable, in reverse order. */
export interface AddonContext {
  readonly id: string;
  readonly handlers: {
    /**
     * Adds a handler for a lifecycle event. It receives events from now on, even while `register` is still running.
     *
     * @param options.persistent keep the handler when another scene is loaded; other handlers are dropped between
     * load_pre and load_post
     * @returns a function that removes the handler
     */
    on(event: LifecycleEventName, handler: Handler, options?: { persistent?: boolean }): () => void;
  };
  readonly preferences: {
    /** The stored value, or the declared default. @throws Error when `key` is not declared in addon.json */
    get<T extends PreferenceValue = PreferenceValue>(key: string): T;
    /**
     * Calls back after a change, which counts as applied once the promise settles. @returns a function that
     * unsubscribes
     */
    onChange(key: string, listener: (value: PreferenceValue) => void | Promise<void>): () => void;
  };
  /** The add-on's own metrics; they disappear from the exposition when it is disabled. */
  readonly metrics: AddonMetrics;
  readonly storage: {
    /**
     * Absolute path of a folder of the add-on's own, which exists. It is kept when the add-on is disabled and updated;
     * apart from what its permission `files` names, the add-on can write nowhere else.
     */
    readonly folder: string;
  };
  readonly app: {
    /**
     * A read-only snapshot of the host. When it arrives, the lifecycle events that preceded it have been handled,
     * except inside a handler, since they wait for that handler.
     */
    snapshot(): Promise<AppSnapshot>;
  };
  /**
   * The queue, with the permission `jobs`: `read` for reading, `control` for everything else. Calls are carried out one
   * after another, as those of a person. Each rejects with an Error whose message is a sentence that says what is wrong,
   * and whose `code` is `not-found` where a job doesn't exist, `arguments` where the call itself is wrong, `failed` where
   * it could not be carried out, `disk` where the host's data folder can't be written to. Times are milliseconds since 1970.
   */
  readonly jobs: {
    /** A page of the jobs in rendering order, or of those that ended, latest first. */
    list(options?: OperationInput<'job.list'>): Promise<OperationOutput<'job.list'>>;
    get(id: number): Promise<Job>;
    /** A page of a job's frames, in rendering order. */
    frames(id: number, options?: Omit<OperationInput<'job.frames'>, 'id'>): Promise<Frame[]>;
    /** What a request would render, and what is in its way. Nothing is queued. */
    plan(request: JobRequest): Promise<OperationOutput<'job.plan'>>;
    /** Queues a job. Scripts inside of the scene do not run: an add-on cannot allow them. */
    submit(request: JobRequest): Promise<Job>;
    edit(id: number, changes: JobChanges): Promise<Job>;
    pause(id: number): Promise<Job>;
    resume(id: number): Promise<Job>;
    cancel(id: number): Promise<Job>;
    /** Renders again: every frame, or those that failed or were never rendered. `failed` by default. */
    requeue(id: number, frames?: 'all' | 'failed'): Promise<Job>;
    /** Removes a job that is not being rendered from the queue. Its images are kept. */
    remove(id: number): Promise<void>;
    queue(): Promise<QueueInfo>;
    /** `now` by default. */
    pauseQueue(after?: 'now' | 'frame' | 'job'): Promise<QueueInfo>;
    resumeQueue(): Promise<QueueInfo>;
  };
  readonly operators: {
    /**
     * Offers an operator to people.
     *
     * @returns a function that takes it back; what of it is running goes on
     * @throws Error naming what is wrong with it, or when there are too many
     */
    add(operator: OperatorDeclaration): () => void;
  };
  readonly panels: {
    /**
     * Shows a panel in the window until it is removed or the add-on is disabled.
     *
     * @throws Error naming what is wrong with it, or when there are too many
     */
    add(panel: PanelDeclaration): ShownPanel;
  };
  readonly images: {
    /**
     * The image of a written frame, in a format that browsers can display; null when there is none. Needs the permission
     * `jobs`.
     *
     * @param options.size maximum side of a thumbnail in pixels; the whole image otherwise
     */
    read(jobId: number, frame: number, options?: { size?: number }): Promise<AddonImage | null>;
  };
  /** Routes of the control server, below `/addons/ID`. They are gone as soon as the add-on is disabled. */
  readonly http: AddonHttp;
  /** Timers that end when the add-on is disabled. An error of what they run is logged, and they go on. */
  readonly timers: {
    /** Runs once, after some milliseconds. @returns a function that cancels it */
    after(milliseconds: number, run: () => void | Promise<void>): () => void;
    /**
     * Runs again and again, each time some milliseconds after the last run has settled. @returns a function that ends it
     */
    every(milliseconds: number, run: () => void | Promise<void>): () => void;
  };
  /**
   * Shows a line in the add-on's panel; null clears it. May be called on every change: while the level stays the same,
   * the panel updates once a second.
   */
  status(status: (Omit<AddonStatus, 'details'> & { details?: AddonStatus['details'] }) | null): void;
  readonly log: {
    debug(text: string): void;
    info(text: string): void;
    warn(text: string): void;
    error(text: string): void;
  };
  /** Aborted when the add-on starts to be disabled. */
  readonly signal: AbortSignal;
  /**
   * Does long work that would be lost. Meanwhile the process is not started again for folders that `output` and `scenes`
   * come to stand for: they can be read some seconds after it. A running operator is such work without this. Disabling,
   * an update, a preference that grants a folder and the program's end do not wait.
   *
   * @returns what the work returns; settles with it
   */
  busy<T>(work: () => T | Promise<T>): Promise<T>;
  /** Registers a resource of the add-on's own to be released on disable. */
  onDispose(release: () => void | Promise<void>): void;
}

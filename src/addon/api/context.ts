import type {
  Counter,
  CounterConfiguration,
  Gauge,
  GaugeConfiguration,
  Histogram,
  HistogramConfiguration,
  Registry,
} from 'prom-client';
import type { AppSnapshot, MetricFamily } from '../../shared/addon-protocol';
import type { AddonStatus, PreferenceValue } from '../../shared/addons';
import type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';
import type { CollectedFamily } from './metrics/metric-table';

export type { AppSnapshot, MetricFamily } from '../../shared/addon-protocol';
export type { AddonAction, AddonStatus, PreferenceValue } from '../../shared/addons';
export type { CollectedFamily, MetricTable } from './metrics/metric-table';
export type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';

/** A handler is awaited before the next one runs, so that events stay in order; one that takes more than 10 s is no longer waited for. */
export type Handler = (event: LifecycleEvent) => void | Promise<void>;

/** What a module that is an add-on's `main` exports. */
export interface AddonModule {
  /** Called once when the add-on is enabled. Throwing leaves the add-on off, with the message as its reason. */
  register(ctx: AddonContext): void | Promise<void>;
  /** Called when the add-on is disabled; what was taken through ctx is released afterwards in any case. */
  unregister?(): void | Promise<void>;
}

/** Everything that an add-on has of the host. What is taken through it is released on disable, last taken first. */
export interface AddonContext {
  readonly id: string;
  readonly handlers: {
    /**
     * Adds a handler for a lifecycle event. It sees the events from now on, also while `register` still runs.
     *
     * @param options.persistent keep it when another scene is loaded; handlers that are not are dropped between load_pre and load_post
     * @returns removes the handler
     */
    on(event: LifecycleEventName, handler: Handler, options?: { persistent?: boolean }): () => void;
  };
  readonly preferences: {
    /** The stored value, or the declared default. @throws when `key` is not declared in addon.json */
    get<T extends PreferenceValue = PreferenceValue>(key: string): T;
    /** Calls back after a change; the change counts as applied once the promise settles. @returns stops it */
    onChange(key: string, listener: (value: PreferenceValue) => void | Promise<void>): () => void;
  };
  /** The add-on's own metrics; they leave the exposition when it is disabled. */
  readonly metrics: {
    readonly registry: Registry;
    counter<L extends string = string>(configuration: Omit<CounterConfiguration<L>, 'registers'>): Counter<L>;
    gauge<L extends string = string>(configuration: Omit<GaugeConfiguration<L>, 'registers'>): Gauge<L>;
    histogram<L extends string = string>(configuration: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L>;
    /**
     * Adds families that are computed whenever metrics are collected, for what is known elsewhere and need not be counted twice. A source that fails is left out and logged.
     *
     * @param families given the host as it is at that moment
     * @returns takes it away
     */
    source(families: (snapshot: AppSnapshot) => readonly MetricFamily[] | Promise<readonly MetricFamily[]>): () => void;
    /** This add-on's families and, gathered by the host, those of the host, the workers and the other add-ons. The values include every event that the host sent before. */
    collect(): Promise<CollectedFamily[]>;
  };
  readonly app: {
    /**
     * A read-only picture of the host as it is now. Lifecycle events that happened before it have been handled when it arrives, except inside a handler, which
     * they wait for.
     */
    snapshot(): Promise<AppSnapshot>;
  };
  /** Shows a line in the add-on's panel; null takes it away. */
  status(status: (Omit<AddonStatus, 'details'> & { details?: AddonStatus['details'] }) | null): void;
  readonly log: {
    debug(text: string): void;
    info(text: string): void;
    warn(text: string): void;
    error(text: string): void;
  };
  /** Aborted when the add-on is being disabled. */
  readonly signal: AbortSignal;
  /** Registers something of the add-on's own to be released on disable. */
  onDispose(release: () => void | Promise<void>): void;
}

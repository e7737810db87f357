import type {
  Counter,
  CounterConfiguration,
  Gauge,
  GaugeConfiguration,
  Histogram,
  HistogramConfiguration,
  Registry,
  Summary,
  SummaryConfiguration,
} from 'prom-client';
import type { AppSnapshot, MetricFamily } from '../../../shared/addon-protocol';
import type { GaugeMode } from './gauge-mode';
import type { CollectedFamily } from './metric-table';

/** Values of the labels `L`. */
export type LabelValues<L extends string> = Partial<Record<L, string | number>>;

/** What every metric is declared with. */
export interface LabelledConfiguration<L extends string> {
  /** Letters, digits, `_` and `:`, with the add-on's own word first. */
  readonly name: string;
  /** What it counts or measures, in a few words. */
  readonly help: string;
  readonly labelNames?: readonly L[];
}

/** Facts that do not change, or seldom, such as versions: a series with value 1 that has them as labels. */
export interface InfoMetric<L extends string = string> {
  /** Without the `_info` that its series' name ends in. */
  readonly name: string;
  readonly help: string;
  readonly type: 'info';
  readonly labelNames: readonly L[];
  /** Replaces the facts. @throws Error where one cannot be a label */
  set(info: Readonly<Record<string, string | number>>): void;
  /** Replaces the facts about one label set. */
  set(labels: LabelValues<L>, info: Readonly<Record<string, string | number>>): void;
  remove(labels: LabelValues<L>): void;
  reset(): void;
  get(): Promise<MetricFamily>;
}

export interface StatesConfiguration<L extends string, S extends string> extends LabelledConfiguration<L> {
  /** Every state that there is; each becomes a series, with the state in a label of the metric's own name. */
  readonly states: readonly S[];
}

/** Which one of several states something is in. client_python calls it Enum; OpenMetrics' type is `stateset`. */
export interface EnumMetric<L extends string = string, S extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'stateset';
  readonly labelNames: readonly L[];
  /** Changes the state. Without labels it starts in the first one. @throws Error where it is none of the declared ones */
  state(state: S): void;
  state(labels: LabelValues<L>, state: S): void;
  remove(labels: LabelValues<L>): void;
  reset(): void;
  get(): Promise<MetricFamily>;
}

/** Which of several states are on, each independent of the others, such as warnings. */
export interface StateSetMetric<L extends string = string, S extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'stateset';
  readonly labelNames: readonly L[];
  /** Switches a state on or off; all are off at the start. @throws Error where it is none of the declared ones */
  set(state: S, on: boolean): void;
  set(labels: LabelValues<L>, state: S, on: boolean): void;
  remove(labels: LabelValues<L>): void;
  reset(): void;
  get(): Promise<MetricFamily>;
}

/** A metric that a registry takes: one of prom-client's, or an info, enum or stateset of this API. */
export type AnyMetric = Counter | Gauge | Histogram | Summary | InfoMetric | EnumMetric | StateSetMetric;

/** A gauge's value: a number, null for none at the moment, or a list of label sets with their values. */
export type GaugeReading<L extends string = string> = number | null | Iterable<readonly [LabelValues<L>, number]>;

/** What a collector is going to return. */
export interface FamilyDescription {
  readonly name: string;
  readonly type: MetricFamily['type'];
}

/** Families that are computed at every scrape, for values that something else keeps. */
export interface MetricCollector {
  /**
   * Names and types of everything that `collect` may return. Asked once, at registration, so that a name that is taken
   * is an error there and not a gap in the metrics later.
   */
  describe(): readonly FamilyDescription[];
  /** @param snapshot of the host, taken for this scrape */
  collect(snapshot: AppSnapshot): readonly MetricFamily[] | Promise<readonly MetricFamily[]>;
}

/**
 * Creates metrics, and adds them to a registry. Each throws an Error where the name is taken already, by a metric or by
 * a series of one, such as `x_count` of a histogram `x`.
 */
export interface MetricFactory {
  /** A value that only rises; its name ends in `_total`. With `enableExemplars`, `inc` takes an object with exemplars. */
  counter<L extends string = string>(configuration: Omit<CounterConfiguration<L>, 'registers'>): Counter<L>;
  /**
   * A value that rises and falls.
   *
   * @param configuration.value called at every scrape for the gauge's value or values, which it then owns. If it throws,
   * the gauge is left out and the panel says why.
   */
  gauge<L extends string = string>(
    configuration: Omit<GaugeConfiguration<L>, 'registers'> & {
      readonly value?: () => GaugeReading<L> | Promise<GaugeReading<L>>;
    },
  ): Gauge<L>;
  /** Observations counted in buckets. With `enableExemplars`, `observe` takes an object with exemplars. */
  histogram<L extends string = string>(configuration: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L>;
  /**
   * The count and sum of observations, and quantiles (`percentiles`, 0 to 1) of the last `maxAgeSeconds`, or of all of
   * them without it. `percentiles: []` for none: quantiles cannot be added up over machines, a histogram's buckets can.
   */
  summary<L extends string = string>(configuration: Omit<SummaryConfiguration<L>, 'registers'>): Summary<L>;
  /** Facts as labels, see {@link InfoMetric}. In the text format a gauge named `…_info`. */
  info<L extends string = string>(configuration: LabelledConfiguration<L>): InfoMetric<L>;
  /** One of several states, see {@link EnumMetric}. In the text format a gauge per state. */
  enum<L extends string = string, S extends string = string>(
    configuration: StatesConfiguration<L, S>,
  ): EnumMetric<L, S>;
  /** Any of several states, see {@link StateSetMetric}. In the text format a gauge per state. */
  stateSet<L extends string = string, S extends string = string>(
    configuration: StatesConfiguration<L, S>,
  ): StateSetMetric<L, S>;
  /**
   * Adds families that are computed at every scrape. One that fails is left out and logged; a family that it did not
   * describe is left out, and the panel says so.
   *
   * @returns a function that removes it
   */
  collector(collector: MetricCollector): () => void;
  /** The same, with `prefix` before every name; prefixes of a namespace within a namespace are joined. */
  namespace(prefix: string): MetricFactory;
}

/** A set of metrics. */
export interface MetricRegistry extends MetricFactory {
  /** prom-client's registry, for libraries that take one. */
  readonly registry: Registry;
  /** Adds a metric that another registry may have too. @throws Error where its name is taken */
  add(metric: AnyMetric): void;
  /** Removes a metric, if it is in. */
  remove(metric: AnyMetric): void;
  /** Its families with their current values. */
  families(): Promise<CollectedFamily[]>;
  /** Its families in the text format 0.0.4 or in OpenMetrics 1.0.0, for an endpoint or a file of the add-on's own. */
  text(format?: 'text' | 'openmetrics'): Promise<string>;
}

/** Takes a duration in seconds: a histogram, a summary, a gauge, or one of them with labels, as `.labels()` returns it. */
export type DurationTarget = { observe(seconds: number): void } | { set(seconds: number): void };

/** Creates metrics that several processes have in common. Exemplars and quantiles are of one process and left out. */
export interface ProcessFactory {
  /** The sum over all processes, ended ones included. */
  counter<L extends string = string>(configuration: Omit<CounterConfiguration<L>, 'registers'>): Counter<L>;
  /** @param configuration.mode what becomes of the values of several processes, `all` by default */
  gauge<L extends string = string>(
    configuration: Omit<GaugeConfiguration<L>, 'registers'> & { readonly mode?: GaugeMode },
  ): Gauge<L>;
  /** Buckets, sum and count are those of all processes together, which must declare the same buckets. */
  histogram<L extends string = string>(configuration: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L>;
  /** Sum and count of all processes together. */
  summary<L extends string = string>(configuration: Omit<SummaryConfiguration<L>, 'registers'>): Summary<L>;
  /** The same, with `prefix` before every name. */
  namespace(prefix: string): ProcessFactory;
}

/** A process or thread of the add-on's: what child_process.fork and `new Worker` return. */
export interface AttachableWorker {
  /** Of a child process. */
  readonly pid?: number | undefined;
  readonly connected?: boolean;
  /** Of a thread. */
  readonly threadId?: number;
  on(event: string, listener: (message: unknown) => void): unknown;
  off(event: string, listener: (message: unknown) => void): unknown;
}

/** The metrics of all processes of an add-on as one. What is created here counts in the add-on's own process. */
export interface ProcessMetrics extends ProcessFactory {
  /**
   * URL of the module that a worker imports for its side; it exports `workerMetrics()`, which returns
   * {@link WorkerMetrics}. Hand it over as you hand over everything else, as an argument or as `workerData`.
   */
  readonly workerModule: string;
  /** Workers that are attached and have not ended. */
  readonly workers: number;
  /**
   * Takes the metrics of a worker until it ends. Its updates come over its own channel, beside the add-on's messages;
   * they are objects with the one key `framegaugeMetrics` more than `token` and `families`.
   *
   * @param options.name of the worker in gauges of mode `all`: its process id, and for a thread also its thread's. A
   * name that comes again is another worker.
   * @returns a function that lets go of it, as if it had ended
   * @throws Error where it has no channel, or another worker that runs has the name
   */
  attach(worker: AttachableWorker, options?: { readonly name?: string }): () => void;
}

/** What `workerMetrics()` returns in a worker. */
export interface WorkerMetrics extends ProcessFactory {
  /** Wraps a function so that its duration is measured, see {@link AddonMetrics.time}. */
  time: AddonMetrics['time'];
  /** Wraps a function so that a gauge counts the calls that are running, see {@link AddonMetrics.trackInProgress}. */
  trackInProgress: AddonMetrics['trackInProgress'];
  /** Wraps a function so that its exceptions are counted, see {@link AddonMetrics.countExceptions}. */
  countExceptions: AddonMetrics['countExceptions'];
  /** Sends what has changed now; settles once it was handed over. */
  flush(): Promise<void>;
}

/** `ctx.metrics`: the add-on's own metrics; they disappear from the exposition when it is disabled. */
export interface AddonMetrics extends MetricRegistry {
  /**
   * Creates another registry.
   *
   * @param options.served whether the host's metrics include it (true). Where not, its names may be those of other
   * metrics. A metric that several served registries have is served once.
   */
  createRegistry(options?: { readonly served?: boolean }): MetricRegistry & {
    /** Removes the registry with everything in it. */
    dispose(): void;
  };
  /**
   * Adds families that are computed at every collection, for values that are already known elsewhere and need not be
   * counted twice. A source that fails is left out and logged. A {@link MetricFactory.collector} tells of clashes early.
   *
   * @param families receives a snapshot of the host taken at that moment
   * @returns a function that removes the source
   */
  source(families: (snapshot: AppSnapshot) => readonly MetricFamily[] | Promise<readonly MetricFamily[]>): () => void;
  /**
   * This add-on's families plus, gathered by the host, those of the host, the workers and the other add-ons. The
   * values include every event that the host sent before the answer.
   */
  collect(): Promise<CollectedFamily[]>;
  /**
   * Parses another program's metrics strictly, so that a collector or a source can pass them on.
   *
   * @param text at most 16 million characters; untrusted
   * @param format of the text, `text` (0.0.4) by default
   * @returns families as a collector returns them
   * @throws Error that names the first line that is wrong, and why
   */
  parse(text: string, format?: 'text' | 'openmetrics'): MetricFamily[];
  /**
   * One set of metrics for the add-on and the processes and threads that it starts.
   *
   * @param options.keepEnded ended workers of which a gauge of mode `all` keeps its series (20); those of earlier ones
   * are dropped, so that they do not become more and more
   */
  processes(options?: { readonly keepEnded?: number }): ProcessMetrics;
  /**
   * Wraps a function so that the duration of each call is measured, whether it returns or throws; of an async one until
   * its promise settles. `this`, arguments, result and error are the function's own.
   */
  time<F extends (...args: never[]) => unknown>(target: DurationTarget, run: F): F;
  /** Wraps a function so that a gauge counts the calls that are running. */
  trackInProgress<F extends (...args: never[]) => unknown>(gauge: { inc(): void; dec(): void }, run: F): F;
  /**
   * Wraps a function so that each call that throws or rejects is counted, once. The error goes on to the caller.
   *
   * @param options.only counts only the errors for which it returns true
   */
  countExceptions<F extends (...args: never[]) => unknown>(
    counter: { inc(): void },
    run: F,
    options?: { readonly only?: (error: unknown) => boolean },
  ): F;
}

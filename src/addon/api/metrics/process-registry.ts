import { Counter, Gauge, Histogram, Summary } from 'prom-client';
import { messageOf } from '../../../shared/user-error';
import { labelsProblem } from './check-labels';
import { foldOf, GAUGE_MODES, type GaugeMode } from './gauge-mode';
import { inTime } from './in-time';
import { checkDeclaration, METRIC_NAME } from './metric-declaration';
import { writeLabels } from './metric-table';
import type { ProcessFactory } from './metrics-api';
import type { FamilyUpdate, ProcessFamily, Row } from './process-update';

/** The metrics of one process that others are merged with. */
export interface ProcessRegistry {
  readonly factory: ProcessFactory;
  /**
   * What has changed since the last call. Runs the metrics' `collect` functions; one that fails or takes too long leaves
   * its metric as it was.
   */
  collect(): Promise<FamilyUpdate[]>;
  /** The same at once, without `collect` functions: there is no time to wait for one when a process ends. */
  collectNow(): FamilyUpdate[];
  /** Everything counts as changed at the next call. */
  tellWhole(): void;
}

export interface ProcessRegistryOptions {
  /** Throws where a name is taken. */
  readonly check?: (family: ProcessFamily) => void;
  /** Receives why a metric's `collect` function failed, a clause. */
  readonly failed: (name: string, problem: string) => void;
}

/** What prom-client keeps per series: `value` for counters and gauges, the other fields for the other types. */
interface Entry {
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
  readonly bucketValues: Readonly<Record<string | number, number>>;
  readonly sum: number;
  readonly count: number;
}

/** The part of prom-client's metrics that is read here, as in read-registry.ts. */
interface ReadableMetric {
  readonly hashMap: Readonly<Record<string, Entry>>;
  readonly upperBounds?: readonly number[];
  readonly collect?: () => unknown;
}

interface Kept {
  readonly family: ProcessFamily;
  readonly metric: ReadableMetric;
  /** When each series was last set, by its labels. */
  readonly times: ReadonlyMap<string, number>;
  sent: ReadonlyMap<string, Row>;
  /** Whether all of it is told next, changed or not. */
  whole: boolean;
}

/** Creates an empty registry. */
export function createProcessRegistry({ check, failed }: ProcessRegistryOptions): ProcessRegistry {
  const kept = new Map<string, Kept>();

  function keep(
    metric: Counter | Gauge | Histogram | Summary,
    type: ProcessFamily['type'],
    mode: GaugeMode | null,
    times: ReadonlyMap<string, number> = new Map(),
  ): void {
    const { name, help, labelNames, upperBounds } = metric as unknown as ProcessFamily & ReadableMetric;
    checkDeclaration({ name, help, labelNames });
    if (kept.has(name)) throw new Error(`The metric “${name}” cannot be added: there is one of that name already.`);
    const family = { name, help, type, mode, labelNames, bounds: type === 'histogram' ? upperBounds! : null };
    check?.(family);
    kept.set(name, { family, metric: metric as unknown as ReadableMetric, times, sent: new Map(), whole: true });
  }

  function createFactory(prefix: string): ProcessFactory {
    if (prefix !== '' && !METRIC_NAME.test(prefix))
      throw new Error(`The namespace “${prefix.slice(0, 80)}” cannot begin a metric’s name.`);
    const named = <C extends { readonly name: string }>(configuration: C): C & { registers: [] } => ({
      ...configuration,
      name: prefix + String(configuration.name),
      registers: [],
    });
    return {
      counter(configuration) {
        const counter = new Counter(named(configuration));
        keep(counter as never, 'counter', null);
        return counter;
      },
      gauge({ mode = 'all', ...configuration }) {
        if (!GAUGE_MODES.includes(mode))
          throw new Error(
            `There is no mode “${String(mode).slice(0, 80)}” of a gauge: there are ${GAUGE_MODES.join(', ')}.`,
          );
        const gauge = new Gauge(named(configuration));
        keep(gauge as never, 'gauge', mode, foldOf(mode) === 'mostrecent' ? stamp(gauge as never) : undefined);
        return gauge;
      },
      histogram(configuration) {
        const histogram = new Histogram(named(configuration));
        keep(histogram as never, 'histogram', null);
        return histogram;
      },
      summary(configuration) {
        // Quantiles of several processes have no sum.
        const summary = new Summary({ ...named(configuration), percentiles: [] });
        keep(summary as never, 'summary', null);
        return summary;
      },
      namespace: (more) => createFactory(prefix + String(more)),
    };
  }

  const collectNow = (): FamilyUpdate[] => [...kept.values()].flatMap(changes);

  return {
    factory: createFactory(''),
    collectNow,
    async collect() {
      const collecting = [...kept.values()].map(async ({ metric, family }) => {
        if (!metric.collect) return;
        try {
          await inTime(metric.collect());
        } catch (error) {
          failed(family.name, messageOf(error).replace(/\.$/, ''));
        }
      });
      await Promise.all(collecting);
      return collectNow();
    },
    tellWhole() {
      for (const entry of kept.values()) entry.whole = true;
    },
  };
}

/** What has changed of a metric; nothing where it is as it was. A metric is told of when it is new, series or none. */
function changes(entry: Kept): FamilyUpdate[] {
  const { family, sent, whole } = entry;
  const now = readRows(entry);
  entry.sent = now;
  entry.whole = false;
  const rows = whole ? now : new Map([...now].filter(([labels, row]) => !isSame(sent.get(labels), row)));
  const gone = [...sent.keys()].filter((labels) => !now.has(labels));
  return whole || rows.size + gone.length > 0 ? [{ ...family, rows, gone }] : [];
}

const isSame = (a: Row | undefined, b: Row): boolean =>
  a !== undefined && a.every((value, index) => Object.is(value, b[index]));

function readRows({ family, metric, times }: Kept): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const entry of Object.values(metric.hashMap)) {
    // What cannot be a label would be refused with the whole update.
    if (labelsProblem(entry.labels) !== null) continue;
    const labels = labelsText(family.labelNames, entry.labels);
    rows.set(labels, rowOf(family, entry, times.get(labels) ?? 0));
  }
  return rows;
}

function rowOf({ type, mode, bounds }: ProcessFamily, { value, bucketValues, sum, count }: Entry, time: number): Row {
  if (type === 'summary') return [sum, count];
  if (type !== 'histogram') return mode !== null && foldOf(mode) === 'mostrecent' ? [value, time] : [value];
  let total = 0;
  return [...bounds!.map((bound) => (total += bucketValues[bound]!)), sum, count];
}

/** In the order of the label names: two processes may give them in different ones. */
const labelsText = (names: readonly string[], labels: Entry['labels']): string =>
  writeLabels(Object.fromEntries(names.map((name) => [name, labels[name]])));

/**
 * Milliseconds of a clock that all processes of this machine share and nobody can set: which of two is the most recent
 * does not depend on the date, which may be corrected in between.
 */
const machineTime = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Notes when each series of a gauge is set; prom-client's other ways to set one go through `set`. */
function stamp(gauge: Gauge): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const { labelNames } = gauge as unknown as { labelNames: readonly string[] };
  const set = gauge.set.bind(gauge) as (labels: unknown, value?: number) => void;
  gauge.set = (labels: unknown, value?: number) => {
    set(labels, value);
    const named = typeof labels === 'object' && labels !== null ? (labels as Entry['labels']) : {};
    times.set(labelsText(labelNames, named), machineTime());
  };
  gauge.inc = gauge.dec = () => {
    throw new Error('A gauge of which the most recent value counts can only be set.');
  };
  return times;
}

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CollectedFamily } from '../context';
import { familyOf, writeLabels } from './metric-table';

type Labels = Readonly<Record<string, string | number | undefined>>;

/** What prom-client's metrics keep of one series: counters and gauges a value, histograms the rest. */
interface Entry {
  readonly labels: Labels;
  readonly value: number;
  readonly bucketValues: Readonly<Record<string | number, number>>;
  readonly sum: number;
  readonly count: number;
}

/** By a text that is made of the labels. */
type Kept = Readonly<Record<string, Entry>>;

interface PlainMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labelNames: readonly string[];
  readonly collect?: () => unknown;
  readonly hashMap: Kept;
  readonly upperBounds?: readonly number[];
}

/** Which series a metric had when it was last read. */
interface Remembered {
  readonly keys: readonly string[];
  readonly series: readonly string[];
  histogram?: HistogramReading;
}

interface HistogramReading {
  readonly entries: readonly Entry[];
  readonly values: Float64Array;
}

/**
 * Makes the function that reads a registry. prom-client's own way makes an object of every number, 140,000 for a histogram with 10,000 sets of labels; so the plain kinds of metrics are read in
 * columns (metric-table.ts) from what they keep. Whatever is not just one of prom-client's own counters, gauges and histograms is read its way.
 */
export function createRegistryReader(registry: Registry): () => Promise<CollectedFamily[]> {
  const remembered = new WeakMap<object, Remembered>();

  async function readPlain(metric: PlainMetric): Promise<CollectedFamily> {
    // As their get() does.
    if (metric.collect) await metric.collect();
    const { name, help, type, labelNames, hashMap } = metric;
    const series = remember(metric, hashMap);
    const shared = { name, help, type, labelNames, series: series.series };
    if (type !== 'histogram')
      return familyOf({
        ...shared,
        bounds: null,
        values: Float64Array.from(series.keys, (key) => hashMap[key]!.value),
      });
    const bounds = metric.upperBounds!;
    series.histogram = readHistogram(hashMap, series.keys, bounds, series.histogram);
    return familyOf({ ...shared, bounds, values: series.histogram.values });
  }

  /** The list of series; the same one while no series comes or goes. */
  function remember(metric: object, hashMap: Kept): Remembered {
    const before = remembered.get(metric);
    const keys = Object.keys(hashMap);
    if (before && before.keys.length === keys.length && keys.every((key, index) => key === before.keys[index]))
      return before;
    const now: Remembered = { keys, series: keys.map((key) => writeLabels(hashMap[key]!.labels)) };
    remembered.set(metric, now);
    return now;
  }

  return async () => {
    const { _defaultLabels: defaults } = registry as unknown as { _defaultLabels?: object };
    if (!defaults || Object.keys(defaults).length > 0)
      return (await registry.getMetricsAsJSON()) as unknown as CollectedFamily[];
    return Promise.all(
      registry
        .getMetricsAsArray()
        .map(async (metric) =>
          isPlain(metric)
            ? readPlain(metric)
            : ((await (metric as unknown as { get(): Promise<unknown> }).get()) as CollectedFamily),
        ),
    );
  };
}

function isPlain(metric: object): metric is PlainMetric {
  const { get, hashMap, labelNames, upperBounds } = metric as Record<string, unknown>;
  if (typeof hashMap !== 'object' || hashMap === null || !Array.isArray(labelNames)) return false;
  // OpenMetrics writes these labels its own way.
  if (labelNames.includes('le') || labelNames.includes('quantile')) return false;
  if (get === Histogram.prototype.get) return Array.isArray(upperBounds);
  return get === Counter.prototype.get || get === Gauge.prototype.get;
}

/** @param before what was read last, of the same series */
function readHistogram(
  hashMap: Kept,
  keys: readonly string[],
  bounds: readonly number[],
  before: HistogramReading | undefined,
): HistogramReading {
  const columns = bounds.length + 2;
  const values = before ? before.values.slice() : new Float64Array(keys.length * columns);
  const entries: Entry[] = [];
  // Whole numbers are JavaScript's faster keys for whole numbers, and texts for the others: a number such as 0.5 is made a text each time.
  const places = bounds.map((bound) => (Number.isInteger(bound) ? bound : String(bound)));
  for (let row = 0; row < keys.length; row++) {
    const entry = hashMap[keys[row]!]!;
    entries.push(entry);
    let at = row * columns;
    // An entry only grows: while its count is the same, so is the rest of it.
    if (before && entry === before.entries[row] && entry.count === values[at + columns - 1]) continue;
    const { bucketValues, sum, count } = entry;
    let total = 0;
    for (const place of places) values[at++] = total += bucketValues[place]!;
    values[at++] = sum;
    values[at] = count;
  }
  return { entries, values };
}

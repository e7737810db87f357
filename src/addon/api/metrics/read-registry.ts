import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';
import { messageOf } from '../../../shared/user-error';
import { labelsProblem } from './check-labels';
import type { CollectedFamily } from '../context';
import { inTime } from './in-time';
import { familyOf, writeLabels } from './metric-table';

type Labels = Readonly<Record<string, string | number | undefined>>;

/** What prom-client keeps per series: `value` for counters and gauges, the other fields for histograms. */
interface Entry {
  readonly labels: Labels;
  readonly value: number;
  readonly bucketValues: Readonly<Record<string | number, number>>;
  readonly sum: number;
  readonly count: number;
}

/** Keyed by a string that prom-client derives from the labels. */
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

/** The series that a metric had when it was last read. */
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
 * Creates the function that reads a registry. prom-client's own API allocates an object per number, 140,000 for a
 * histogram with 10,000 label sets; so the plain kinds of metrics are read in columns (metric-table.ts) from its
 * internal maps. Anything but prom-client's own counters, gauges and histograms is read through the API.
 *
 * The function takes the metrics that were read already, of another registry, leaves them out and adds those that it
 * reads; and a promise of what may still set metrics, for which those without a `collect` of their own wait.
 *
 * @param report receives the reason why a metric is left out: an add-on may put anything into its labels, and its
 * `collect` may throw, or take too long
 */
export function createRegistryReader(
  registry: Registry,
  report: (name: string, problem: string) => void = () => {},
): (seen?: Set<object>, sources?: Promise<unknown>) => Promise<CollectedFamily[]> {
  const remembered = new WeakMap<object, Remembered>();
  const defaultLabels = (): Labels => (registry as unknown as { readonly _defaultLabels: Labels })._defaultLabels;

  async function readPlain(metric: PlainMetric): Promise<CollectedFamily> {
    // As their get() does.
    if (metric.collect) await inTime(metric.collect());
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

  /** The list of series; the same object while no series comes or goes. */
  function remember(metric: object, hashMap: Kept): Remembered {
    const before = remembered.get(metric);
    const keys = Object.keys(hashMap);
    if (before && before.keys.length === keys.length && keys.every((key, index) => key === before.keys[index]))
      return before;
    for (const key of keys) {
      const problem = labelsProblem(hashMap[key]!.labels);
      if (problem !== null) throw new Error(problem);
    }
    const now: Remembered = { keys, series: keys.map((key) => writeLabels(hashMap[key]!.labels)) };
    remembered.set(metric, now);
    return now;
  }

  async function readOther(metric: object): Promise<CollectedFamily> {
    const reading = metric instanceof Summary ? readSummary(metric) : (metric as { get(): Promise<unknown> }).get();
    return (await inTime(reading)) as CollectedFamily;
  }

  async function read(metric: object, sources: Promise<unknown> | undefined): Promise<CollectedFamily[]> {
    try {
      if (!(metric as { readonly collect?: unknown }).collect) await sources;
      const family = isPlain(metric) ? await readPlain(metric) : await readOther(metric);
      const defaults = defaultLabels();
      return [Object.keys(defaults).length > 0 ? withLabels(family, defaults) : family];
    } catch (error) {
      report(String((metric as { name?: unknown }).name), messageOf(error).replace(/\.$/, ''));
      return [];
    }
  }

  return async (seen = new Set(), sources) => {
    // With labels of the registry the same metrics make other series.
    const labelled = Object.keys(defaultLabels()).length > 0;
    const metrics = registry.getMetricsAsArray().filter((metric) => labelled || !seen.has(metric));
    if (!labelled) for (const metric of metrics) seen.add(metric);
    return (await Promise.all(metrics.map((metric) => read(metric, sources)))).flat();
  };
}

/** Adds a registry's labels where a series has none of that name, as prom-client does. */
function withLabels(family: CollectedFamily, defaults: Labels): CollectedFamily {
  return {
    ...family,
    values: family.values.map((sample) => {
      const labels = { ...sample.labels };
      for (const [name, value] of Object.entries(defaults))
        if (value !== undefined && (labels[name] ?? '') === '') labels[name] = value;
      return { ...sample, labels };
    }),
  };
}

/** prom-client returns 0 for the quantiles of no observations; OpenMetrics, section "Summary", has NaN for them. */
async function readSummary(summary: Summary): Promise<CollectedFamily> {
  const family = (await summary.get()) as unknown as CollectedFamily;
  const { hashMap, percentiles } = summary as unknown as {
    hashMap: Readonly<Record<string, { readonly td: { size(): number } }>>;
    percentiles: readonly number[];
  };
  const rows = percentiles.length + 2;
  for (const [index, { td }] of Object.values(hashMap).entries()) {
    if (td.size() > 0) continue;
    for (const sample of family.values.slice(index * rows, index * rows + percentiles.length)) sample.value = NaN;
  }
  return family;
}

function isPlain(metric: object): metric is PlainMetric {
  const { get, hashMap, labelNames, upperBounds, enableExemplars } = metric as Record<string, unknown>;
  if (typeof hashMap !== 'object' || hashMap === null || !Array.isArray(labelNames)) return false;
  // A table cannot hold exemplars.
  if (enableExemplars === true) return false;
  // OpenMetrics formats the values of these labels differently.
  if (labelNames.includes('le') || labelNames.includes('quantile')) return false;
  if (get === Histogram.prototype.get) return Array.isArray(upperBounds);
  return get === Counter.prototype.get || get === Gauge.prototype.get;
}

/** @param before the previous reading of the same series */
function readHistogram(
  hashMap: Kept,
  keys: readonly string[],
  bounds: readonly number[],
  before: HistogramReading | undefined,
): HistogramReading {
  const columns = bounds.length + 2;
  const values = before ? before.values.slice() : new Float64Array(keys.length * columns);
  const entries: Entry[] = [];
  // Precomputed property keys: an integer is a fast key as a number, while a fraction such as 0.5 would be converted to
  // a string at every access.
  const bucketKeys = bounds.map((bound) => (Number.isInteger(bound) ? bound : String(bound)));
  for (let row = 0; row < keys.length; row++) {
    const entry = hashMap[keys[row]!]!;
    entries.push(entry);
    let at = row * columns;
    // A histogram's entry only grows: while its count is unchanged, so are its sum and buckets.
    if (before && entry === before.entries[row] && entry.count === values[at + columns - 1]) continue;
    const { bucketValues, sum, count } = entry;
    let total = 0;
    for (const key of bucketKeys) values[at++] = total += bucketValues[key]!;
    values[at++] = sum;
    values[at] = count;
  }
  return { entries, values };
}

import { type MetricName, catalogue } from '../../src/addon/prometheus/catalogue/catalogue';
import type { CatalogueEntry } from '../../src/addon/prometheus/catalogue/catalogue-entry';

/** The scrape job that the kit's Prometheus configuration has for Framegauge. */
export const SCRAPE_JOB = 'framegauge';
/** The one for the machines of a farm, which serve metrics of their own processes. */
export const MACHINES_JOB = 'framegauge-machines';

/**
 * Standard metrics that the add-on serves beside its own: of the host's process, as every client library has them, and
 * of Node.
 */
export type ProcessMetricName =
  | 'process_resident_memory_bytes'
  | 'process_cpu_seconds_total'
  | 'process_start_time_seconds'
  | 'nodejs_eventloop_lag_p99_seconds'
  | 'nodejs_heap_size_used_bytes';

/** Series that Prometheus itself adds to each target. */
export type ScrapeMetricName = 'up' | 'scrape_duration_seconds' | 'scrape_samples_scraped';

export type SeriesName =
  | MetricName
  | `${MetricName}_bucket`
  | `${MetricName}_sum`
  | `${MetricName}_count`
  | ProcessMetricName
  | ScrapeMetricName;

/**
 * Writes a selector. Names are checked by the compiler, so a rule or a panel cannot ask for what nothing exposes.
 *
 * @param matchers as PromQL has them between the braces
 */
export function series(name: SeriesName, ...matchers: readonly string[]): string {
  return matchers.length === 0 ? name : `${name}{${matchers.join(', ')}}`;
}

/**
 * Name under which Prometheus keeps one of a metric's labels: `job` and `instance` are the target's own, so a scraped
 * label of that name gets `exported_` in front (`honor_labels` in
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config).
 */
export function storedLabel(name: MetricName, index = 0): string {
  const entry: CatalogueEntry | undefined = catalogue.find((candidate) => candidate.name === name);
  const label = Object.keys(entry?.labels ?? {})[index];
  if (label === undefined) throw new Error(`${name} has no label number ${index}`);
  return label === 'job' || label === 'instance' ? `exported_${label}` : label;
}

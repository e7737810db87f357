import { deserialize, serialize } from 'node:v8';
import type { MetricFamily } from './context';

/** Packs families for the way through the host, which never opens them. */
export function packFamilies(families: readonly MetricFamily[]): Uint8Array {
  return serialize(families);
}

/**
 * Opens what {@link packFamilies} made in another add-on's process. That process may run anything, so the shape is checked; not by zod, which would
 * take longer than all the rest of a scrape of many series.
 *
 * @throws Error when it is not a list of families
 */
export function unpackFamilies(packed: Uint8Array): MetricFamily[] {
  const families: unknown = deserialize(packed);
  if (!Array.isArray(families) || !families.every(isFamily)) throw new Error('These are not metric families.');
  return families;
}

function isFamily(value: unknown): value is MetricFamily {
  const family = value as MetricFamily | null;
  return (
    typeof family === 'object' &&
    family !== null &&
    typeof family.name === 'string' &&
    typeof family.help === 'string' &&
    typeof family.type === 'string' &&
    Array.isArray(family.values) &&
    family.values.every(
      (series) =>
        typeof series === 'object' &&
        series !== null &&
        typeof series.value === 'number' &&
        typeof series.labels === 'object' &&
        series.labels !== null &&
        (series.metricName === undefined || series.metricName === family.name || SUFFIXES.some((suffix) => series.metricName === family.name + suffix)),
    )
  );
}

const SUFFIXES = ['_bucket', '_sum', '_count'];

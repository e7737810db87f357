import type { MetricFamily } from '../../../shared/addon-protocol';
import { keyOf } from './parsed-family';

/**
 * client_python writes the times of creation, which only OpenMetrics knows, into the text format as gauges of their own,
 * `x_created` beside the counter `x_total`. Served beside it, their name would be that of the counter's own series in
 * OpenMetrics; so they become what they are.
 */
export function foldCreated(families: readonly MetricFamily[]): MetricFamily[] {
  const byName = new Map(families.map((family) => [family.name, family]));
  const folded = new Map<MetricFamily, ReadonlyMap<string, number>>();
  const gone = new Set<MetricFamily>();
  for (const gauge of families) {
    if (gauge.type !== 'gauge' || !gauge.name.endsWith('_created')) continue;
    const base = gauge.name.slice(0, -'_created'.length);
    const owner = [`${base}_total`, base]
      .map((name) => byName.get(name))
      .find((family) => family && ['counter', 'histogram', 'summary'].includes(family.type));
    if (!owner || gauge.values.some(({ value }) => !(value >= 0 && value < Infinity))) continue;
    folded.set(owner, new Map(gauge.values.map(({ labels, value }) => [keyOf('', labels), value])));
    gone.add(gauge);
  }
  return families
    .filter((family) => !gone.has(family))
    .map((family) => {
      const times = folded.get(family);
      if (!times) return family;
      return {
        ...family,
        values: family.values.map((sample) => {
          const carries = family.type === 'counter' || sample.metricName === `${family.name}_count`;
          const created = carries ? times.get(keyOf('', sample.labels)) : undefined;
          return created === undefined ? sample : { ...sample, created };
        }),
      };
    });
}

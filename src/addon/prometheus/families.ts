import type { MetricFamily } from '../api/context';
import { catalogue, type MetricName } from './catalogue/catalogue';

export type Labels = Record<string, string>;
export type Series = readonly [labels: Labels, value: number];

const entries = new Map<string, (typeof catalogue)[number]>(catalogue.map((entry) => [entry.name, entry]));

function family(name: MetricName, values: MetricFamily['values'], created?: number): MetricFamily[] {
  const { help, type } = entries.get(name)!;
  return values.length === 0 ? [] : [{ name, help, type, values, ...(created === undefined ? {} : { created }) }];
}

/** A gauge of several series; left out where there is none. */
export const gauges = (name: MetricName, series: readonly Series[]): MetricFamily[] =>
  family(
    name,
    series.map(([labels, value]) => ({ labels, value })),
  );

/** A gauge of one series; left out for null. */
export const gauge = (name: MetricName, value: number | null): MetricFamily[] =>
  gauges(name, value === null ? [] : [[{}, value]]);

/** @param created when its series started at 0, in seconds since 1970 */
export const counter = (name: MetricName, series: readonly Series[], created?: number): MetricFamily[] =>
  family(
    name,
    series.map(([labels, value]) => ({ labels, value })),
    created,
  );

/** @param bounds of the buckets without +Inf; `counts` has one entry more */
export function histogram(
  name: MetricName,
  bounds: readonly number[],
  series: readonly { labels: Labels; counts: readonly number[]; sum: number }[],
  created: number,
): MetricFamily[] {
  const values = series.flatMap(({ labels, counts, sum }) => {
    let total = 0;
    const buckets = [...bounds, '+Inf'].map((le, index) => ({
      metricName: `${name}_bucket`,
      labels: { le, ...labels },
      value: (total += counts[index] ?? 0),
    }));
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
  });
  return family(name, values, created);
}

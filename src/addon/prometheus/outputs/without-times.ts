import type { CollectedFamily } from '../../api/context';

type Sample = CollectedFamily['values'][number];

/**
 * Families whose samples have no times of their own: a Pushgateway refuses a push with one
 * (https://github.com/prometheus/pushgateway#about-timestamps), and node_exporter's textfile collector the whole file.
 */
export function withoutTimes(families: readonly CollectedFamily[]): CollectedFamily[] {
  return families.map((family) =>
    // A table has none, and its values are built on first access.
    family.table || family.values.every(({ timestamp }) => timestamp === undefined)
      ? family
      : { ...family, values: family.values.map(timeless) },
  );
}

function timeless({ value, labels, metricName, exemplar, created }: Sample): Sample {
  return {
    value,
    labels,
    ...(metricName === undefined ? {} : { metricName }),
    ...(exemplar === undefined ? {} : { exemplar }),
    ...(created === undefined ? {} : { created }),
  };
}

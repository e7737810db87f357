import type { MetricFamily } from '../../api/context';

const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The labels that identify a group on a Pushgateway, `job` first. */
export type GroupingKey = ReadonlyMap<string, string>;

/**
 * Builds a grouping key.
 *
 * @param labels further labels as `name=value,name=value`; a value may contain `=` but no comma
 * @throws Error that names the invalid part
 */
export function groupingKey(job: string, instance: string, labels: string): GroupingKey {
  if (job === '') throw new Error('The Pushgateway wants a job: “Pushgateway job” is empty.');
  const key = new Map([['job', job]]);
  if (instance !== '') key.set('instance', instance);
  for (const part of labels.split(',')) {
    if (part.trim() === '') continue;
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part)?.map((side) => side.trim()) ?? [];
    if (!LABEL_NAME.test(name))
      throw new Error(
        `“${part.trim()}” in “Pushgateway labels” is not of the form name=value, with a name of letters, digits and _.`,
      );
    if (key.has(name)) throw new Error(`The label “${name}” is there twice in the Pushgateway’s grouping key.`);
    key.set(name, value);
  }
  return key;
}

/**
 * Path of a group below the Pushgateway's URL. Values that a path cannot hold are base64-encoded
 * (https://github.com/prometheus/pushgateway/blob/master/README.md#url).
 */
export function groupPath(key: GroupingKey): string {
  return `/metrics${[...key].map(([name, value]) => `/${segment(name, value)}`).join('')}`;
}

function segment(name: string, value: string): string {
  // An empty value would be an empty segment; `=` stands for it. `.` and `..` would be resolved as path segments.
  if (value === '') return `${name}@base64/=`;
  if (value.includes('/') || value === '.' || value === '..')
    return `${name}@base64/${Buffer.from(value).toString('base64url')}`;
  return `${name}/${encodeURIComponent(value)}`;
}

/**
 * The Pushgateway overwrites labels of the series with those of the grouping key, which would merge several series into
 * one. They are therefore renamed to `exported_…`, the name that Prometheus gives them when it scrapes
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config, `honor_labels`).
 */
export function keepLabels(families: readonly MetricFamily[], key: GroupingKey): MetricFamily[] {
  return families.map((family) => ({
    ...family,
    values: family.values.map((series) =>
      Object.keys(series.labels).some((name) => key.has(name))
        ? { ...series, labels: renamed(series.labels, key) }
        : series,
    ),
  }));
}

function renamed(labels: MetricFamily['values'][number]['labels'], key: GroupingKey): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => {
      let kept = name;
      while (key.has(kept) || (kept !== name && Object.hasOwn(labels, kept))) kept = `exported_${kept}`;
      return [kept, value];
    }),
  );
}

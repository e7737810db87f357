import type { MetricFamily } from '../../api/context';

/** Characters replaced in a path component; the same set as in the Graphite bridge of client_python. */
const OTHER = /[^a-zA-Z0-9_-]/g;

/**
 * Writes families in Graphite's plaintext protocol
 * (https://graphite.readthedocs.io/en/latest/feeding-carbon.html#the-plaintext-protocol), one `path value time` a line.
 * A series is `prefix.name.label.value`, labels sorted by name, as the Graphite bridges of Prometheus's client
 * libraries write it: every Graphite and compatible server accepts it. Values that are not finite are left out, since
 * Graphite cannot store them.
 *
 * @param prefix dotted path in front of every name, may be empty
 * @param time of samples without one of their own, milliseconds since 1970
 */
export function graphiteLines(families: readonly MetricFamily[], prefix: string, time: number): Buffer {
  const seconds = Math.floor(time / 1000);
  const start = prefix === '' ? '' : `${prefix}.`;
  const lines: string[] = [];
  for (const family of families) {
    for (const { value, labels, metricName, timestamp } of family.values) {
      if (!Number.isFinite(value)) continue;
      let path = start + (metricName ?? family.name);
      for (const name of Object.keys(labels).sort()) {
        const label = String(labels[name] ?? '');
        // A label without a value counts as absent, and an empty component would break the path.
        if (label !== '') path += `.${component(name)}.${component(label)}`;
      }
      lines.push(`${path} ${value} ${timestamp === undefined ? seconds : Math.floor(timestamp)}\n`);
    }
  }
  return Buffer.from(lines.join(''));
}

function component(text: string): string {
  return text.replace(OTHER, '_');
}

/** Normalizes a prefix to a valid path. @throws Error where that is impossible */
export function parsePrefix(text: string): string {
  const prefix = text.trim().replace(/^\.+|\.+$/g, '');
  if (!/^[a-zA-Z0-9_.-]*$/.test(prefix) || prefix.includes('..'))
    throw new Error(`The Graphite prefix “${text}” is not a path of letters, digits, _ and -, with dots between.`);
  return prefix;
}

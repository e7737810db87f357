import type { MetricFamily } from '../../api/context';

/** What may stand in a component of a path; the same set as in Prometheus's bridge of client_python. */
const OTHER = /[^a-zA-Z0-9_-]/g;

/**
 * Writes families in Graphite's plaintext protocol (https://graphite.readthedocs.io/en/latest/feeding-carbon.html#the-plaintext-protocol), one `path value time` a
 * line. A series is `prefix.name.label.value`, labels sorted by name, as the bridges of Prometheus's client libraries write it: every Graphite takes it,
 * and so does what speaks its protocol. What is no finite number is left out, for Graphite has no place for it.
 *
 * @param prefix dotted path that goes in front, may be empty
 * @param time milliseconds since 1970
 */
export function graphiteLines(families: readonly MetricFamily[], prefix: string, time: number): Buffer {
  const seconds = Math.floor(time / 1000);
  const start = prefix === '' ? '' : `${prefix}.`;
  const lines: string[] = [];
  for (const family of families) {
    for (const { value, labels, metricName } of family.values) {
      if (!Number.isFinite(value)) continue;
      let path = start + (metricName ?? family.name);
      for (const name of Object.keys(labels).sort()) {
        const label = String(labels[name] ?? '');
        // A label without a value is as one that is not there, and an empty component would break the path.
        if (label !== '') path += `.${component(name)}.${component(label)}`;
      }
      lines.push(`${path} ${value} ${seconds}\n`);
    }
  }
  return Buffer.from(lines.join(''));
}

function component(text: string): string {
  return text.replace(OTHER, '_');
}

/** Brings a prefix as people write it into the form of a path. @throws Error where it cannot be one */
export function parsePrefix(text: string): string {
  const prefix = text.trim().replace(/^\.+|\.+$/g, '');
  if (!/^[a-zA-Z0-9_.-]*$/.test(prefix) || prefix.includes('..'))
    throw new Error(`The Graphite prefix “${text}” is not a path of letters, digits, _ and -, with dots between.`);
  return prefix;
}

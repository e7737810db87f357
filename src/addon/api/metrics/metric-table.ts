import type { MetricFamily } from '../../../shared/addon-protocol';

/**
 * A family in columns. Thousands of series become a list of strings that rarely changes and a block of numbers, which
 * pass between processes and into an exposition at a fraction of the cost of as many objects.
 */
export interface MetricTable {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly created?: number;
  readonly labelNames: readonly string[];
  /**
   * The labels of each series as written between an exposition's braces, `a="x",b="y"`. The identical list, not just an
   * equal one, while no series is added or removed: results derived from it can be cached by it.
   */
  readonly series: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf; null for other types. */
  readonly bounds: readonly number[] | null;
  /** One value per series; for a histogram the cumulative count at each bound, the sum and the count. */
  readonly values: Float64Array;
}

/** A family that may also exist in columns. A copy, such as `{ ...family, values }`, loses its table. */
export interface CollectedFamily extends MetricFamily {
  readonly table?: MetricTable;
}

/** Numbers per series of a table. */
export function columnsOf({ bounds }: Pick<MetricTable, 'bounds'>): number {
  return bounds ? bounds.length + 2 : 1;
}

/** Presents a table as an ordinary family. Its values are built on first access. */
export function familyOf(table: MetricTable): CollectedFamily {
  let values: MetricFamily['values'] | null = null;
  const family: MetricFamily = {
    name: table.name,
    help: table.help,
    type: table.type,
    ...(table.created === undefined ? {} : { created: table.created }),
    labelNames: [...table.labelNames],
    get values() {
      return (values ??= valuesOf(table));
    },
  };
  // Not enumerable, so that a copy with other values doesn't inherit it.
  return Object.defineProperty(family, 'table', { value: table });
}

function valuesOf({ name, series, bounds, values }: MetricTable): MetricFamily['values'] {
  if (!bounds) return series.map((text, index) => ({ value: values[index]!, labels: readLabels(text) }));
  const columns = bounds.length + 2;
  return series.flatMap((text, row) => {
    const labels = readLabels(text);
    const at = row * columns;
    const count = values[at + bounds.length + 1]!;
    return [
      ...bounds.map((le, column) => ({
        value: values[at + column]!,
        metricName: `${name}_bucket`,
        labels: { le, ...labels },
      })),
      { value: count, metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels } },
      { value: values[at + bounds.length]!, metricName: `${name}_sum`, labels: { ...labels } },
      { value: count, metricName: `${name}_count`, labels: { ...labels } },
    ];
  });
}

const NEEDS_ESCAPE = /[\\"\n]/;

/** Writes labels in a table's format. Labels without a value are omitted. */
export function writeLabels(labels: Readonly<Record<string, string | number | undefined>>): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name];
    if (value === undefined) continue;
    const plain = String(value);
    text += `${text === '' ? '' : ','}${name}="${NEEDS_ESCAPE.test(plain) ? plain.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"') : plain}"`;
  }
  return text;
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
    labels[name!] = value!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  return labels;
}

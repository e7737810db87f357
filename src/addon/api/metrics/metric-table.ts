import type { MetricFamily } from '../context';

/**
 * A family in columns. Thousands of series are a list of strings that hardly ever changes and a block of numbers, which pass from process to process and into an exposition at a small part of what as
 * many objects cost.
 */
export interface MetricTable {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly created?: number;
  readonly labelNames: readonly string[];
  /**
   * The labels of each series as an exposition has them between its braces, `a="x",b="y"`. The same list as before, not just an equal one, where nothing was added or removed: what was made
   * of it before can be used again.
   */
  readonly series: readonly string[];
  /** Upper bounds of a histogram's buckets, rising, without +Inf; null for the other types. */
  readonly bounds: readonly number[] | null;
  /** Of each series one value; or for a histogram the cumulated count at each bound, the sum, and the count. */
  readonly values: Float64Array;
}

/** A family that may be there in columns too. A copy of it, such as `{ ...family, values }`, has no table any more. */
export interface CollectedFamily extends MetricFamily {
  readonly table?: MetricTable;
}

/** Numbers that each series of a table has. */
export function columnsOf({ bounds }: Pick<MetricTable, 'bounds'>): number {
  return bounds ? bounds.length + 2 : 1;
}

/** A table as a family like any other. Its values are made when somebody looks at them. */
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
  // Not enumerable, so that it does not go along into a copy with other values.
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

/** Writes labels as a table has them. Those without a value are left out. */
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

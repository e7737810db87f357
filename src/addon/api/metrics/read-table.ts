import { isObject } from './check-labels';
import { LABEL_NAME, METRIC_LIMITS, UNREADABLE } from './metric-limits';
import { type CollectedFamily, familyOf, type MetricTable } from './metric-table';

/** A table as sent by another process, its series in one string. */
export interface SentTable {
  readonly name: string;
  readonly series: string;
  readonly count: number;
}

/** The labels of one series. */
const LABELS = /^(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,(?!$)|$))*$/;

/**
 * Builds a family from another process's table. Its values are checked by admit-families.ts.
 *
 * @param sent untrusted input of any type
 * @param known the previous series; if their text is the same, they are not checked again
 * @returns the family; null where the input is not a valid table
 */
export function readTable(
  sent: unknown,
  known: (name: string, text: string) => readonly string[] | null,
): CollectedFamily | null {
  if (!isSentTable(sent)) return null;
  const { name, help, type, created, labelNames, bounds, values, series: text, count } = sent;
  const series = known(name, text) ?? readSeries(text, count);
  if (!series || series.length !== count) return null;
  return familyOf({
    name,
    help,
    type,
    bounds,
    values,
    labelNames,
    series,
    ...(created === undefined ? {} : { created }),
  });
}

function readSeries(text: string, count: number): readonly string[] | null {
  if (count > METRIC_LIMITS.samples || text.length > METRIC_LIMITS.characters) return null;
  const series = count === 0 ? [] : text.split('\n');
  if (series.length !== count || !series.every(isSeries)) return null;
  return new Set(series.map(canonical)).size === count ? series : null;
}

/** Labels in another order are the same series. */
function canonical(labels: string): string {
  if (!labels.includes('",')) return labels;
  return Array.from(labels.matchAll(/\w+="(?:[^"\\]|\\.)*"/g), ([label]) => label)
    .sort()
    .join();
}

/** Whether a text is the labels of one series in the form of a table (metric-table.ts). */
export function isSeries(labels: string): boolean {
  if (
    labels.length > METRIC_LIMITS.labels * METRIC_LIMITS.labelLength ||
    !LABELS.test(labels) ||
    UNREADABLE.test(labels)
  )
    return false;
  const names = new Set<string>();
  let count = 0;
  for (const [, name, value] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    if (
      !LABEL_NAME.test(name!) ||
      name === 'le' ||
      name === 'quantile' ||
      name!.length > METRIC_LIMITS.nameLength ||
      value!.length > 2 * METRIC_LIMITS.labelLength
    )
      return false;
    names.add(name!);
    count++;
  }
  return count <= METRIC_LIMITS.labels && names.size === count;
}

type Sent = Omit<MetricTable, 'series'> & SentTable;

function isSentTable(value: unknown): value is Sent {
  if (!isObject(value)) return false;
  const table = value as unknown as Sent;
  const { bounds } = table;
  return (
    typeof table.name === 'string' &&
    typeof table.help === 'string' &&
    (bounds === null
      ? table.type === 'counter' || table.type === 'gauge'
      : table.type === 'histogram' && isRising(bounds)) &&
    (table.created === undefined || typeof table.created === 'number') &&
    Array.isArray(table.labelNames) &&
    table.labelNames.length <= METRIC_LIMITS.labels &&
    table.labelNames.every(
      (name) => typeof name === 'string' && LABEL_NAME.test(name) && name !== 'le' && name !== 'quantile',
    ) &&
    typeof table.series === 'string' &&
    Number.isSafeInteger(table.count) &&
    table.count >= 0 &&
    table.values instanceof Float64Array
  );
}

function isRising(bounds: unknown): bounds is readonly number[] {
  if (!Array.isArray(bounds) || bounds.length > METRIC_LIMITS.bounds) return false;
  let before = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < bounds.length; index++) {
    const bound: unknown = bounds[index];
    if (typeof bound !== 'number' || !Number.isFinite(bound) || bound <= before) return false;
    before = bound;
  }
  return true;
}

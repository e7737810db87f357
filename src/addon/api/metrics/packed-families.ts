import { deserialize, serialize } from 'node:v8';
import type { MetricFamily } from '../context';
import { type CollectedFamily, columnsOf, familyOf, type MetricTable } from './metric-table';

/** A table with its list of series as one text, a line each: one string is packed in a hundredth of the time of ten thousand. */
type PackedTable = Omit<MetricTable, 'series'> & {
  readonly table: true;
  readonly series: string;
  readonly count: number;
};

const joined = new WeakMap<readonly string[], string>();

/** Packs families for the way through the host, which never opens them. */
export function packFamilies(families: readonly CollectedFamily[]): Uint8Array {
  return serialize(
    families.map((family): MetricFamily | PackedTable => {
      const { table } = family;
      if (!table) return family;
      let text = joined.get(table.series);
      if (text === undefined) joined.set(table.series, (text = table.series.join('\n')));
      return { ...table, table: true, series: text, count: table.series.length };
    }),
  );
}

/** Opens what {@link packFamilies} made in other add-ons' processes. */
export interface FamilyUnpacker {
  /**
   * That process may run anything, so the shape is checked; not by zod, which would take longer than all the rest of a scrape of many series.
   *
   * @throws Error when it is not a list of families
   */
  unpack(addonId: string, packed: Uint8Array): CollectedFamily[];
}

/** The lists of series that were checked are kept, and used again while they are the same. */
export function createUnpacker(): FamilyUnpacker {
  const known = new Map<string, Map<string, { text: string; series: readonly string[] }>>();

  return {
    unpack(addonId, packed) {
      const families: unknown = deserialize(packed);
      if (!Array.isArray(families)) throw new Error('These are not metric families.');
      const before = known.get(addonId);
      const now: typeof before = new Map();
      known.set(addonId, now);
      return families.map((family: unknown) => {
        if (isPackedTable(family)) {
          const { table: _table, count, series: text, ...rest } = family;
          const same = before?.get(family.name);
          const series = same?.text === text ? same.series : readSeries(text, count);
          now.set(family.name, { text, series });
          if (family.values.length !== series.length * columnsOf(family))
            throw new Error('These are not metric families.');
          return familyOf({ ...rest, series });
        }
        if (isFamily(family)) return family;
        throw new Error('These are not metric families.');
      });
    },
  };
}

/** One series' labels. */
const LABELS = /^(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,(?!$)|$))*$/;

function readSeries(text: string, count: number): readonly string[] {
  const series = count === 0 ? [] : text.split('\n');
  if (series.length !== count || new Set(series).size !== count || !series.every((labels) => LABELS.test(labels)))
    throw new Error('Its series have labels that cannot be read.');
  return series;
}

function isPackedTable(value: unknown): value is PackedTable {
  const table = value as PackedTable | null;
  return (
    typeof table === 'object' &&
    table !== null &&
    table.table === true &&
    typeof table.name === 'string' &&
    typeof table.help === 'string' &&
    (table.bounds === null
      ? table.type === 'counter' || table.type === 'gauge'
      : table.type === 'histogram' &&
        Array.isArray(table.bounds) &&
        table.bounds.every((bound) => typeof bound === 'number')) &&
    (table.created === undefined || typeof table.created === 'number') &&
    Array.isArray(table.labelNames) &&
    table.labelNames.every((name) => typeof name === 'string' && name !== 'le' && name !== 'quantile') &&
    typeof table.series === 'string' &&
    typeof table.count === 'number' &&
    table.values instanceof Float64Array
  );
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
        (series.metricName === undefined ||
          series.metricName === family.name ||
          SUFFIXES.some((suffix) => series.metricName === family.name + suffix)),
    )
  );
}

const SUFFIXES = ['_bucket', '_sum', '_count'];

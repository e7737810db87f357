import { deserialize, serialize } from 'node:v8';
import { admitFamilies, type AdmitOptions } from './admit-families';
import { readTable, type SentTable } from './read-table';
import type { MetricFamily } from '../context';
import type { CollectedFamily, MetricTable } from './metric-table';

/**
 * A table whose list of series is one string, a line each: one string serializes in a hundredth of the time of ten
 * thousand.
 */
type PackedTable = Omit<MetricTable, 'series'> & SentTable & { readonly table: true };

const joined = new WeakMap<readonly string[], string>();

/** Packs families for the trip through the host, which never unpacks them. */
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

/** Unpacks the result of {@link packFamilies} from other add-ons' processes. */
export interface FamilyUnpacker {
  /**
   * That process may run anything, so everything is checked; what cannot be used is dropped and reported. Not by zod,
   * which would take longer than everything else in a scrape of many series.
   */
  unpack(addonId: string, packed: Uint8Array, options: AdmitOptions): CollectedFamily[];
}

/** Caches the lists of series that passed the check, and reuses them while they are unchanged. */
export function createUnpacker(): FamilyUnpacker {
  const known = new Map<string, Map<string, { text: string; series: readonly string[] }>>();

  return {
    unpack(addonId, packed, options) {
      const before = known.get(addonId);
      const now: typeof before = new Map();
      known.set(addonId, now);
      return admitFamilies(
        mapSome(open(packed), (sent) => {
          if ((sent as { table?: unknown } | null)?.table === undefined) return sent;
          const family = readTable(sent, (name, text) => {
            const same = before?.get(name);
            return same?.text === text ? same.series : null;
          });
          if (!family?.table) return { ...(sent as object), table: undefined, values: null };
          now.set(family.name, { text: (sent as PackedTable).series, series: family.table.series });
          return family;
        }),
        options,
      );
    },
  };
}

/** @returns a value of any type; null where deserialization failed */
function open(packed: Uint8Array): unknown {
  try {
    return deserialize(packed);
  } catch {
    return null;
  }
}

/** Entries read of a list; no honest sender has more. A list may claim any length without having as many entries. */
const MAX_ENTRIES = 2_000;

function mapSome(list: unknown, change: (entry: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.slice(0, MAX_ENTRIES).map(change) : list;
}

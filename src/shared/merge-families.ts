import { METRIC_TYPES, type MetricFamily } from './addon-protocol';

/** Families of one registry, with the name to blame where they clash with another's. */
export interface FamilySource {
  readonly from: string;
  readonly families: readonly MetricFamily[];
}

/** https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels, without the UTF-8 names of Prometheus 3. */
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const TYPES: ReadonlySet<string> = new Set(METRIC_TYPES);

/**
 * Merges the families of several registries into one list of unique families and series. What cannot be merged (a
 * different type, a duplicate series, a name used by another family's series, an invalid name) is left out and
 * reported: one bad add-on must not make the whole exposition unreadable. Earlier sources win.
 *
 * @param report receives a sentence for each omission, and the index of its source
 */
export function mergeFamilies(
  sources: readonly FamilySource[],
  report: (text: string, source: number) => void,
): MetricFamily[] {
  const merged = new Map<string, { family: MetricFamily; from: string; series: Set<string> | null }>();
  const owners = new Map<string, string>();
  for (const [source, { from, families }] of sources.entries()) {
    for (const family of families) {
      const problem = problemOf(family);
      if (problem) {
        report(`The metric “${family.name}” of ${from} is left out: ${problem}.`, source);
        continue;
      }
      const existing = merged.get(family.name);
      if (!existing) {
        const taken = claimedNames(family).find((name) => owners.has(name));
        if (taken !== undefined) {
          report(
            `The metric “${family.name}” of ${from} is left out: ${owners.get(taken)} has series named “${taken}” already.`,
            source,
          );
          continue;
        }
        for (const name of claimedNames(family)) owners.set(name, from);
        merged.set(family.name, { family, from, series: null });
      } else if (existing.family.type !== family.type) {
        report(
          `The metric “${family.name}” of ${from} is left out: it is ${aType(family)}, but ${existing.from} has it as ${aType(existing.family)}.`,
          source,
        );
      } else {
        if (!existing.series) {
          // Lazily: nearly all families exist in one registry only, and computing the keys of all their series costs
          // more than the rest of the merge.
          existing.series = new Set(existing.family.values.map(seriesKey));
          existing.family = { ...existing.family, values: [...existing.family.values] };
        }
        for (const value of family.values) {
          const key = seriesKey(value);
          if (existing.series.has(key)) {
            report(
              `A series of the metric “${family.name}” of ${from} is left out: ${existing.from} has the same one.`,
              source,
            );
          } else {
            existing.series.add(key);
            existing.family.values.push(value);
          }
        }
      }
    }
  }
  return [...merged.values()].map((entry) => entry.family);
}

const aType = ({ type }: MetricFamily): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;

function problemOf(family: MetricFamily): string | null {
  if (!METRIC_NAME.test(family.name)) return 'its name has characters other than letters, digits, _ and :';
  if (!TYPES.has(family.type)) return `its type “${family.type}” is none of ${METRIC_TYPES.join(', ')}`;
  if (family.labelNames) {
    const odd = family.labelNames.find((label) => !LABEL_NAME.test(label));
    return odd === undefined ? null : `its label “${odd}” has characters other than letters, digits and _`;
  }
  const known = new Set<string>();
  for (const value of family.values) {
    for (const label in value.labels) {
      if (known.has(label)) continue;
      if (!LABEL_NAME.test(label)) return `its label “${label}” has characters other than letters, digits and _`;
      known.add(label);
    }
  }
  return null;
}

/** Every name that a family's series have in either format, its own included. */
export function claimedNames({ name, type }: Pick<MetricFamily, 'name' | 'type'>): string[] {
  if (type === 'counter') {
    const base = name.replace(/_total$/, '');
    return [base, `${base}_total`, `${base}_created`];
  }
  if (type === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`, `${name}_created`];
  if (type === 'summary') return [name, `${name}_sum`, `${name}_count`, `${name}_created`];
  if (type === 'info') return [name, `${name}_info`];
  if (type === 'gaugehistogram') return [name, `${name}_bucket`, `${name}_gsum`, `${name}_gcount`];
  return [name];
}

function seriesKey(value: MetricFamily['values'][number]): string {
  const labels = Object.entries(value.labels).map(([name, text]) => [name, String(text)]);
  return JSON.stringify([value.metricName ?? '', labels.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))]);
}

import { METRIC_TYPES, type MetricFamily } from '../../../shared/addon-protocol';
import { isObject, isPlain, labelsProblem, printable } from './check-labels';
import { METRIC_NAME } from './metric-declaration';
import { LABEL_NAME, METRIC_LIMITS, UNREADABLE } from './metric-limits';
import { type CollectedFamily, columnsOf, type MetricTable } from './metric-table';
import { bucketsProblem, type GroupedSample, keyOf } from './parsed-family';

/** Invalid families tolerated; after this many the remaining families are dropped unchecked. */
const MAX_REJECTED = 20;

/** Names reserved for the program itself and for Prometheus's own scrape metrics. */
const RESERVED_NAME = /^(?:framegauge_|scrape_|up$|ALERTS)/;
/**
 * Suffixes of each type's samples, by OpenMetrics 1.0.0, section "Metric Types". `_total` is part of a counter's name
 * here, and `_created` is a field of its own.
 */
const SUFFIXES: Readonly<Record<MetricFamily['type'], readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
  info: ['_info'],
  stateset: [''],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  unknown: [''],
};
/** Characters of a unit, which is the end of a name. */
const UNIT = /^[a-zA-Z0-9_:]{1,100}$/;

export interface AdmitOptions {
  /** Whether names reserved for the program are rejected. */
  readonly foreign: boolean;
  /**
   * Receives the reason, a clause, for everything that is left out; `name` is null where it is not about one metric.
   */
  readonly report: (name: string | null, problem: string) => void;
}

/**
 * Keeps the families that can be exposed next to everybody else's: an error in one family drops that family only.
 *
 * @param given untrusted input of any type
 */
export function admitFamilies(given: unknown, { foreign, report }: AdmitOptions): CollectedFamily[] {
  if (!Array.isArray(given)) {
    report(null, 'they are not a list of metric families');
    return [];
  }
  const budget: Budget = { samples: METRIC_LIMITS.samples, characters: METRIC_LIMITS.characters };
  const admitted: CollectedFamily[] = [];
  let bad = 0;
  if (given.length > METRIC_LIMITS.families)
    report(null, `there are ${given.length} of them, and the ${METRIC_LIMITS.families} first are kept`);
  // By index: an array with holes may claim any length.
  for (let index = 0; index < Math.min(given.length, METRIC_LIMITS.families); index++) {
    const family: unknown = given[index];
    // A rejected family uses up none of the shared budget.
    const remaining = { ...budget };
    const problem = problemOf(family, foreign, remaining);
    if (problem === null) {
      Object.assign(budget, remaining);
      admitted.push(withoutLabelNames(family as CollectedFamily));
    } else {
      report(nameOf(family), problem);
      if (++bad === MAX_REJECTED) {
        report(null, `${MAX_REJECTED} of them cannot be used, and those after these were not looked at`);
        break;
      }
    }
  }
  return admitted;
}

/** What remains of the limits shared by all families. */
interface Budget {
  samples: number;
  characters: number;
}

/** A name fit for a log line: truncated, and without characters that would break the line. */
function nameOf(family: unknown): string {
  const name = isObject(family) ? family['name'] : null;
  return typeof name === 'string' ? printable(name) : '?';
}

/** Drops the declared label names of a family that is not a table: nobody has checked them against its labels. */
function withoutLabelNames(family: CollectedFamily): CollectedFamily {
  if (family.table) return family;
  const { name, help, type, unit, created, values } = family;
  return {
    name,
    help,
    type,
    values,
    ...(unit === undefined ? {} : { unit }),
    ...(created === undefined ? {} : { created }),
  };
}

function problemOf(family: unknown, foreign: boolean, budget: Budget): string | null {
  if (!isObject(family)) return 'it is not a metric family';
  const { name, help, type, unit, created } = family;
  if (typeof name !== 'string' || !METRIC_NAME.test(name))
    return 'its name has characters other than letters, digits, _ and :';
  if (name.length > METRIC_LIMITS.nameLength) return `its name is longer than ${METRIC_LIMITS.nameLength} characters`;
  if (foreign && RESERVED_NAME.test(name))
    return 'names that begin so are kept for Framegauge and Prometheus: begin it with the add-on’s own word';
  if (typeof help !== 'string' || help.length > METRIC_LIMITS.helpLength)
    return `its help is not a text of at most ${METRIC_LIMITS.helpLength} characters`;
  if (UNREADABLE.test(help)) return 'its help has characters that no scraper reads';
  if (typeof type !== 'string' || !Object.hasOwn(SUFFIXES, type))
    return `its type is none of ${METRIC_TYPES.join(', ')}`;
  if (unit !== undefined && !isUnit(unit, name, type)) return 'its unit is not the end of its name, as in x_seconds';
  if (created !== undefined && !isTime(created)) return 'its time of creation is not a number of seconds';
  const { table } = family as { table?: MetricTable };
  return table ? tableProblem(table, budget) : valuesProblem(family as unknown as MetricFamily, budget);
}

const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** OpenMetrics, section "Unit": the name ends in it, and info and stateset have none. */
const isUnit = (unit: unknown, name: string, type: string): boolean =>
  typeof unit === 'string' &&
  UNIT.test(unit) &&
  type !== 'info' &&
  type !== 'stateset' &&
  (type === 'counter' ? name.replace(/_total$/, '') : name).endsWith(`_${unit}`);

/** @param table checked by read-table.ts or built by the registry reader; only its values are unchecked */
function tableProblem({ type, series, bounds, values }: MetricTable, budget: Budget): string | null {
  const columns = columnsOf({ bounds });
  if (values.length !== series.length * columns) return 'its values do not belong to its series';
  budget.samples -= values.length;
  if (budget.samples < 0) return `with it there are more than ${METRIC_LIMITS.samples} samples`;
  for (const labels of series) budget.characters -= labels.length * columns;
  if (budget.characters < 0) return 'with it all labels together are too long';
  if (type === 'counter') return values.some((value) => !isCount(value)) ? COUNTS : null;
  if (bounds) {
    for (let at = 0; at < values.length; at += columns) {
      let before = 0;
      for (let column = 0; column < columns; column++) {
        const value = values[at + column]!;
        if (column === bounds.length) {
          if (!Number.isFinite(value)) return SUMS;
        } else if (!isCount(value) || value < before) {
          return BUCKETS;
        } else {
          before = value;
        }
      }
    }
  }
  return null;
}

const COUNTS = 'a counter’s value is not a finite number from 0 on';
const SUMS = 'its sum is not a finite number';
const BUCKETS = 'its buckets are not counts that rise';

const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;

function valuesProblem(family: MetricFamily, budget: Budget): string | null {
  const { values } = family as { values: unknown };
  if (!Array.isArray(values)) return 'it has no list of values';
  budget.samples -= values.length;
  if (budget.samples < 0) return `with it there are more than ${METRIC_LIMITS.samples} samples`;
  for (let index = 0; index < values.length; index++) {
    const problem = sampleProblem(family, values[index], budget);
    if (problem !== null) return problem;
  }
  return seriesProblem(family);
}

/** What only all samples together show: a Pushgateway refuses the whole push, everybody's, for a series that is there twice. */
function seriesProblem(family: MetricFamily): string | null {
  const { name, type, values } = family;
  const keys = new Set<string>();
  const groups = new Map<string, GroupedSample[]>();
  for (const { metricName = name, labels, value } of values) {
    const key = keyOf(metricName, labels);
    if (keys.has(key)) return 'one of its series is there twice';
    keys.add(key);
    if (type !== 'histogram' && type !== 'gaugehistogram') continue;
    const groupKey = keyOf('', labels, metricName.endsWith('_bucket') ? 'le' : null);
    const group = groups.get(groupKey);
    const sample = { name: metricName, labels, value };
    if (group) group.push(sample);
    else groups.set(groupKey, [sample]);
  }
  for (const group of groups.values()) {
    const problem = bucketsProblem(family, group);
    if (problem !== null) return problem;
  }
  return null;
}

function sampleProblem({ name, type }: MetricFamily, sample: unknown, budget: Budget): string | null {
  if (!isObject(sample)) return 'one of its values is not a sample';
  const { value, labels, metricName = name, exemplar, timestamp, created } = sample;
  if (typeof value !== 'number') return 'one of its values is not a number';
  const suffix = typeof metricName === 'string' && metricName.startsWith(name) ? metricName.slice(name.length) : null;
  if (suffix === null || !SUFFIXES[type].includes(suffix))
    return `a metric of type ${type} has no series named “${printable(String(typeof metricName === 'string' ? metricName : '?'))}”`;
  // A gauge may be NaN or infinite, and so may a quantile of an empty set.
  if (type === 'counter' && !isCount(value)) return COUNTS;
  if ((suffix === '_bucket' || suffix === '_count' || suffix === '_gcount') && !isCount(value)) return BUCKETS;
  if ((suffix === '_sum' || suffix === '_gsum') && !Number.isFinite(value)) return SUMS;
  if (type === 'info' && value !== 1) return 'an info’s value is not 1';
  if (type === 'stateset' && value !== 0 && value !== 1) return 'a state is neither 0 nor 1';
  if (type === 'stateset' && (!isPlain(labels) || labels[name] === undefined))
    return `one of its series has no label “${name}”, which names the state`;
  if (timestamp !== undefined && !Number.isFinite(timestamp)) return 'one of its times is not a number of seconds';
  if (created !== undefined && !isTime(created)) return 'one of its times of creation is not a number of seconds';
  budget.characters -= name.length;
  const problem = labelsProblem(
    labels,
    suffix === '_bucket' ? 'le' : type === 'summary' && suffix === '' ? 'quantile' : null,
    budget,
  );
  return problem ?? (exemplar === undefined || exemplar === null ? null : exemplarProblem(exemplar));
}

/** OpenMetrics, section "Exemplars". prom-client returns them as instances of its own class. */
function exemplarProblem(exemplar: unknown): string | null {
  const { labelSet, value, timestamp } = (isObject(exemplar) ? exemplar : {}) as Record<string, unknown>;
  if (
    typeof value !== 'number' ||
    !Number.isFinite(value) ||
    (timestamp !== undefined && (typeof timestamp !== 'number' || !Number.isFinite(timestamp))) ||
    !isPlain(labelSet)
  )
    return 'one of its exemplars is not a value with labels and a time';
  let length = 0;
  for (const label in labelSet) {
    const text = labelSet[label];
    if (
      !LABEL_NAME.test(label) ||
      (typeof text !== 'string' && typeof text !== 'number') ||
      UNREADABLE.test(String(text))
    )
      return 'one of its exemplars has a label that cannot be written';
    const written = label + String(text).slice(0, 2 * METRIC_LIMITS.exemplarLength);
    for (const _ of written) length++;
    if (length > METRIC_LIMITS.exemplarLength)
      return `one of its exemplars has labels longer than ${METRIC_LIMITS.exemplarLength} characters`;
  }
  return null;
}

import { METRIC_TYPES, type MetricFamily } from '../../../shared/addon-protocol';
import type { SampleLine } from './sample-line';

/** A family as its lines have it; of a counter and an info in OpenMetrics without the suffix of their samples. */
export interface ParsedFamily {
  readonly name: string;
  type: MetricFamily['type'] | null;
  help: string | null;
  unit: string | null;
  /** What its series may be named. */
  names: readonly string[];
  readonly samples: SampleLine[];
}

/** OpenMetrics 1.0.0, section "Metric Types"; the text format has those of histograms and summaries, without `_created`. */
const SUFFIXES: Readonly<Record<MetricFamily['type'], readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
  info: ['_info'],
  stateset: [''],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  unknown: [''],
};

/** Names that series of a family may have. */
export function seriesNames(name: string, type: MetricFamily['type'], open: boolean): string[] {
  if (!open && type === 'counter') return [name];
  return SUFFIXES[type].filter((suffix) => open || suffix !== '_created').map((suffix) => name + suffix);
}

/** Why a family's samples do not make one of its type, a clause; null where they do. */
export function problemOf(family: ParsedFamily, open: boolean): string | null {
  const keys = new Set<string>();
  for (const sample of family.samples) {
    const problem = sampleProblem(family, sample, open);
    if (problem !== null) return problem;
    const key = keyOf(sample.name, sample.labels);
    if (keys.has(key)) return `a series of “${sample.name}” is there twice`;
    keys.add(key);
  }
  return open ? (unitProblem(family) ?? groupsProblem(family)) : null;
}

/**
 * Identifies a series, in whatever order its labels are. A label without a value is none.
 *
 * @param except a label that does not count
 */
export function keyOf(
  name: string,
  labels: Readonly<Record<string, string | number | undefined>>,
  except: string | null = null,
): string {
  const names = Object.keys(labels);
  if (names.length > 1) names.sort();
  let key = name;
  for (const label of names) {
    const value = String(labels[label] ?? '');
    if (value === '' || label === except) continue;
    // With its length, whatever is in it ends where it ends.
    key += `\n${label}=${value.length}:${value}`;
  }
  return key;
}

/** A bound as every reader takes it. */
const BOUND = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

function sampleProblem({ name, type }: ParsedFamily, sample: SampleLine, open: boolean): string | null {
  const { labels, value, exemplar } = sample;
  const suffix = sample.name.slice(name.length);
  const isBucket = suffix === '_bucket' && (type === 'histogram' || type === 'gaugehistogram');
  if (isBucket) {
    const { le } = labels;
    if (le === undefined || !(le === '+Inf' || (BOUND.test(le) && Number.isFinite(Number(le)))))
      return 'one of its buckets has no bound “le” that is a number or +Inf';
  }
  if (type === 'summary' && suffix === '') {
    const quantile = labels['quantile'] ?? '';
    if (!BOUND.test(quantile) || !(Number(quantile) >= 0 && Number(quantile) <= 1))
      return 'one of its series has no “quantile” from 0 to 1';
  }
  if (!open) return null;
  const counts =
    isBucket || ((type === 'histogram' || type === 'summary') && suffix === '_count') || suffix === '_gcount';
  if (counts && !Number.isInteger(value)) return 'one of its counts is not a whole number';
  if (counts && value < 0) return 'one of its counts is below 0';
  const rising =
    (type === 'counter' && suffix === '_total') || ((type === 'histogram' || type === 'summary') && suffix === '_sum');
  if (rising && !(value >= 0)) return 'a value that only rises is not a number from 0 on';
  if (suffix === '_gsum' && Number.isNaN(value)) return 'its sum is not a number';
  if (
    suffix === '_created' &&
    (type === 'counter' || type === 'histogram' || type === 'summary') &&
    !(value >= 0 && value < Infinity)
  )
    return 'its time of creation is not a number of seconds';
  if (type === 'summary' && suffix === '' && value < 0) return 'one of its quantiles is below 0';
  if (type === 'info' && value !== 1) return 'an info’s value is not 1';
  if (type === 'stateset' && value !== 0 && value !== 1) return 'a state is neither 0 nor 1';
  if (type === 'stateset' && !Object.hasOwn(labels, name)) return `a state has no label “${name}”`;
  if (exemplar && !isBucket && !(type === 'counter' && suffix === '_total'))
    return 'only buckets and counters have exemplars';
  return null;
}

function unitProblem({ name, type, unit }: ParsedFamily): string | null {
  if (unit === null || unit === '') return null;
  if (!name.endsWith(`_${unit}`)) return 'its name does not end in its unit';
  return type === 'info' || type === 'stateset' ? `a metric of type ${type} has no unit` : null;
}

/** Samples of one label set are together, and of a histogram they make one. */
function groupsProblem(family: ParsedFamily): string | null {
  // The series of an info cannot be told into groups.
  if (family.type === 'info') return null;
  const groups = new Map<string, SampleLine[]>();
  let last: string | null = null;
  for (const sample of family.samples) {
    const key = groupOf(family, sample);
    let group = groups.get(key);
    if (group && key !== last) return 'the series of one label set are not together';
    if (!group) groups.set(key, (group = []));
    if (group.length > 0 && group[0]!.timestamp !== sample.timestamp)
      return 'the series of one label set have different times';
    group.push(sample);
    last = key;
  }
  const isCounter = family.type === 'counter';
  for (const group of groups.values()) {
    if (isCounter && !group.some(({ name }) => name === `${family.name}_total`))
      return 'a time of creation has no _total';
    if (family.type !== 'histogram' && family.type !== 'gaugehistogram') continue;
    const problem = bucketsProblem(family, group) ?? signsProblem(family, group);
    if (problem !== null) return problem;
  }
  return null;
}

/** The labels of a sample without the one that tells apart the samples of one group. */
function groupOf({ name, type }: ParsedFamily, sample: SampleLine): string {
  const own =
    type === 'stateset'
      ? name
      : type === 'summary' && sample.name === name
        ? 'quantile'
        : sample.name === `${name}_bucket` && (type === 'histogram' || type === 'gaugehistogram')
          ? 'le'
          : null;
  return keyOf('', sample.labels, own);
}

/** One of the samples that make up a histogram. */
export interface GroupedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
}

type HistogramHead = Pick<ParsedFamily, 'name' | 'type'>;

const sumOf = ({ name, type }: HistogramHead): string => name + (type === 'histogram' ? '_sum' : '_gsum');
const countOf = ({ name, type }: HistogramHead): string => name + (type === 'histogram' ? '_count' : '_gcount');

/**
 * Why the samples of one label set do not make a histogram, a clause; null where they do. OpenMetrics, sections
 * "Histogram" and "GaugeHistogram"; the text format has the same rules.
 */
export function bucketsProblem(family: HistogramHead, group: readonly GroupedSample[]): string | null {
  let bound = -Infinity;
  let total = 0;
  const buckets = group.filter((sample) => sample.name === `${family.name}_bucket`);
  for (const [index, { labels, value }] of buckets.entries()) {
    const next = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    if (index > 0 && next <= bound) return 'its buckets are not in the order of their bounds';
    if (value < total) return 'its buckets are not counts that rise';
    bound = next;
    total = value;
  }
  if (bound !== Infinity) return 'it has no bucket +Inf';
  const sum = group.find((sample) => sample.name === sumOf(family));
  const count = group.find((sample) => sample.name === countOf(family));
  if ((sum === undefined) !== (count === undefined)) return 'of its sum and its count one is missing';
  return count && count.value !== total ? 'its count is not that of the bucket +Inf' : null;
}

/** The rules of OpenMetrics alone; what is written in it is fitted to them (exposition.ts). */
function signsProblem(family: HistogramHead, group: readonly GroupedSample[]): string | null {
  const sum = group.find((sample) => sample.name === sumOf(family));
  if (!sum) return null;
  const negative = group.some((sample) => sample.name === `${family.name}_bucket` && Number(sample.labels['le']) < 0);
  if (family.type === 'histogram' && negative) return 'it has a sum although it has buckets below 0';
  return family.type === 'gaugehistogram' && !negative && sum.value < 0
    ? 'its sum is below 0 although no bucket is'
    : null;
}

/** The family as the program has them. */
export function finishFamily(family: ParsedFamily, open: boolean): MetricFamily {
  const { type, help, unit, samples } = family;
  const name = open && type === 'counter' ? `${family.name}_total` : family.name;
  const kind = METRIC_TYPES.find((each) => each === type) ?? 'unknown';
  const creations = new Map<string, number>();
  if (open && (kind === 'counter' || kind === 'histogram' || kind === 'summary'))
    for (const sample of samples)
      if (sample.name === `${family.name}_created`) creations.set(keyOf('', sample.labels), sample.value);
  return {
    name,
    help: help ?? '',
    type: kind,
    ...(unit === null || unit === '' ? {} : { unit }),
    values: samples
      .filter((sample) => creations.size === 0 || sample.name !== `${family.name}_created`)
      .map(({ name: series, labels, value, timestamp, exemplar }) => {
        const carries = series === `${family.name}_total` || series === `${family.name}_count`;
        const created = creations.size > 0 && carries ? creations.get(keyOf('', labels)) : undefined;
        return {
          value,
          labels,
          ...(series === name ? {} : { metricName: series }),
          ...(timestamp === undefined ? {} : { timestamp }),
          ...(created === undefined ? {} : { created }),
          ...(exemplar === undefined ? {} : { exemplar }),
        };
      }),
  };
}

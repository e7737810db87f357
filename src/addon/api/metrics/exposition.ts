import type { CollectedFamily } from '../context';
import { canonicalNumber, formatValue } from './numbers';
import { writeTable } from './write-table';

/** `text`: the Prometheus text format 0.0.4. `openmetrics`: OpenMetrics 1.0.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

/**
 * Characters joined before they are encoded to bytes: longer strings of many parts cost more than twice the time
 * (measured with 140,000 series).
 */
const CHUNK = 16_384;

/**
 * Writes families in one of the formats that Prometheus reads. Families are sorted by name and series keep their order,
 * so the same state gives the same bytes.
 *
 * Text: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.
 * OpenMetrics: https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#text-format.
 */
export function writeExposition(families: readonly CollectedFamily[], format: ExpositionFormat): Buffer {
  const open = format === 'openmetrics';
  const chunks: Buffer[] = [];
  let out = '';
  for (const family of [...families].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { table } = family;
    if (table) {
      chunks.push(
        Buffer.from(out + writeHead(family, open)),
        ...writeTable(table, familyNameOf(family, open), sampleNameOf(family, open), open),
      );
      out = '';
      continue;
    }
    const known = written.get(family)?.[format];
    if (known !== undefined) {
      out += known;
    } else {
      const pieces = writeFamily(family, open);
      if (pieces.length === 1) {
        written.set(family, { ...written.get(family), [format]: pieces[0] });
        out += pieces[0];
      } else {
        chunks.push(Buffer.from(out), ...pieces.map((piece) => Buffer.from(piece)));
        out = '';
      }
    }
    if (out.length > CHUNK) {
      chunks.push(Buffer.from(out));
      out = '';
    }
  }
  chunks.push(Buffer.from(open ? `${out}# EOF\n` : out));
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Cache of small families' text. The host's families arrive as the same objects over several scrapes. */
const written = new WeakMap<CollectedFamily, { readonly [F in ExpositionFormat]?: string | undefined }>();

// OpenMetrics names a counter's family without _total and its samples with it, and so an info's without _info; the text
// format uses the sample's name for both.
function familyNameOf({ name, type }: CollectedFamily, open: boolean): string {
  if (type === 'counter') return open ? name.replace(/_total$/, '') : name;
  return type === 'info' && !open ? `${name}_info` : name;
}
const sampleNameOf = (family: CollectedFamily, open: boolean): string =>
  open && family.type === 'counter' ? `${familyNameOf(family, open)}_total` : family.name;

/**
 * What the text format calls the types that only OpenMetrics has; as client_python does. A gaugehistogram is an
 * ordinary one there, with its sum and count as gauges after it.
 */
const TEXT_TYPES: Readonly<Partial<Record<CollectedFamily['type'], string>>> = {
  info: 'gauge',
  stateset: 'gauge',
  gaugehistogram: 'histogram',
  unknown: 'untyped',
};

function writeHead(family: CollectedFamily, open: boolean): string {
  const name = familyNameOf(family, open);
  const { help, type, unit } = family;
  if (!open) return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${TEXT_TYPES[type] ?? type}\n`;
  return `# HELP ${name} ${escapeLabel(help)}\n# TYPE ${name} ${type}\n${unit === undefined ? '' : `# UNIT ${name} ${unit}\n`}`;
}

/** A gaugehistogram's sum and count as the gauges that they are in the text format. */
function gaugesBeside(family: CollectedFamily): CollectedFamily[] {
  return ['_gcount', '_gsum'].map((suffix) => ({
    name: family.name + suffix,
    help: family.help,
    type: 'gauge',
    values: family.values.filter(({ metricName }) => metricName === family.name + suffix),
  }));
}

/** Returns chunks of about {@link CHUNK} characters. */
function writeFamily(family: CollectedFamily, open: boolean): string[] {
  if (family.type !== 'gaugehistogram' || open) return writeSamples(family, open);
  const values = family.values.filter(({ metricName }) => metricName === `${family.name}_bucket`);
  return [{ ...family, values }, ...gaugesBeside(family)].flatMap((part) => writeSamples(part, open));
}

type Sample = CollectedFamily['values'][number];

/**
 * The samples that OpenMetrics forbids where observations are negative. A sum is a counter, which falls or is below 0
 * then: it is left out of the whole family, and so is a histogram's count, which comes with a sum only. A summary's
 * quantiles are not negative (sections "Histogram" and "Summary"). The text format has no such rules.
 */
function forbidden({ type, name, values }: CollectedFamily): (sample: Sample) => boolean {
  const [sum, count, bucket] = [`${name}_sum`, `${name}_count`, `${name}_bucket`];
  const isNegative = ({ metricName, labels, value }: Sample): boolean =>
    metricName === bucket ? Number(labels['le']) < 0 : value < 0;
  if ((type !== 'histogram' && type !== 'summary') || !values.some(isNegative)) return () => false;
  if (type === 'histogram') return ({ metricName }) => metricName === sum || metricName === count;
  return (sample) => sample.metricName === sum || isNegative(sample);
}

function writeSamples(family: CollectedFamily, open: boolean): string[] {
  const { type } = family;
  const isForbidden = open ? forbidden(family) : () => false;
  const familyName = familyNameOf(family, open);
  const sampleName = sampleNameOf(family, open);
  const pieces: string[] = [];
  let out = writeHead(family, open);
  for (const sample of family.values) {
    const { value, labels, metricName, exemplar, timestamp, created = family.created } = sample;
    const start = out.length;
    out += metricName !== undefined && metricName !== family.name ? metricName : sampleName;
    const named = out.length;
    let separator = '{';
    for (const name in labels) {
      const label = labels[name];
      if (label === undefined) continue;
      const text =
        open && (name === 'le' || name === 'quantile')
          ? canonicalNumber(label)
          : typeof label === 'string'
            ? escapeLabel(label)
            : String(label);
      out += `${separator}${name}="${text}"`;
      separator = ',';
    }
    if (separator === ',') out += '}';
    // In seconds in OpenMetrics, in milliseconds in the text format.
    const time = timestamp === undefined ? '' : ` ${open ? timestamp : Math.round(timestamp * 1000)}`;
    // Once per label set: after a counter's only sample, and after the last one of a histogram or summary.
    const createdLine =
      open && created !== undefined && (type === 'counter' || metricName?.endsWith('_count') === true)
        ? `${familyName}_created${out.slice(named)} ${created}${time}\n`
        : '';
    const example =
      open && exemplar && (type === 'counter' || metricName?.endsWith('_bucket') === true)
        ? writeExemplar(exemplar)
        : '';
    if (isForbidden(sample)) out = out.slice(0, start) + createdLine;
    else out += ` ${formatValue(value)}${time}${example}\n${createdLine}`;
    if (out.length > CHUNK) {
      pieces.push(out);
      out = '';
    }
  }
  if (out !== '') pieces.push(out);
  return pieces;
}

/** OpenMetrics, section "Exemplars". */
function writeExemplar({
  labelSet,
  value,
  timestamp,
}: NonNullable<CollectedFamily['values'][number]['exemplar']>): string {
  return ` # {${Object.entries(labelSet)
    .map(([name, label]) => `${name}="${escapeLabel(String(label))}"`)
    .join(',')}} ${formatValue(value)}${timestamp === undefined ? '' : ` ${timestamp}`}`;
}

/**
 * Keeps the series requested with `?name[]=`: a family's name selects the whole family, a series' name that series, as
 * in Prometheus's Python client.
 */
export function filterFamilies(families: readonly CollectedFamily[], names: ReadonlySet<string>): CollectedFamily[] {
  return families.flatMap((family) => {
    const counter = family.type === 'counter';
    if (names.has(family.name) || (counter && names.has(family.name.replace(/_total$/, '')))) return [family];
    const values = family.values.filter(({ metricName }) => metricName !== undefined && names.has(metricName));
    return values.length > 0 ? [{ ...family, values }] : [];
  });
}

const NEEDS_ESCAPE = /[\\"\n]/;

/** Escapes a label's value, or a help text in OpenMetrics. */
function escapeLabel(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"') : text;
}

function escapeHelp(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : text;
}

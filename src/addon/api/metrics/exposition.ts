import type { CollectedFamily } from '../context';
import { canonicalNumber, formatValue } from './numbers';
import { writeTable } from './write-table';

/** `text`: the Prometheus text format 0.0.4. `openmetrics`: OpenMetrics 1.0.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** Characters that are put together before they become bytes: longer strings of many parts cost more than twice the time (measured with 140,000 series). */
const CHUNK = 16_384;

/**
 * Writes families in one of the formats Prometheus reads. Families are sorted by name, series stay in the order given, so the same state gives the same bytes.
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

/** What small families look like. Those of the host come as the same objects for some scrapes on end. */
const written = new WeakMap<CollectedFamily, { readonly [F in ExpositionFormat]?: string | undefined }>();

// OpenMetrics calls a counter's family by the name without _total and its samples by the one with it; text calls both as they are.
const familyNameOf = ({ name, type }: CollectedFamily, open: boolean): string =>
  open && type === 'counter' ? name.replace(/_total$/, '') : name;
const sampleNameOf = (family: CollectedFamily, open: boolean): string =>
  open && family.type === 'counter' ? `${familyNameOf(family, open)}_total` : family.name;

function writeHead(family: CollectedFamily, open: boolean): string {
  const name = familyNameOf(family, open);
  return `# HELP ${name} ${open ? escapeLabel(family.help) : escapeHelp(family.help)}\n# TYPE ${name} ${family.type}\n`;
}

/** In pieces of about {@link CHUNK} characters. */
function writeFamily(family: CollectedFamily, open: boolean): string[] {
  const { type, created } = family;
  const familyName = familyNameOf(family, open);
  const sampleName = sampleNameOf(family, open);
  const pieces: string[] = [];
  let out = writeHead(family, open);
  for (const { value, labels, metricName } of family.values) {
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
    // Once for each set of labels: behind a counter's only sample, and behind the last one of a histogram or summary.
    const createdLine =
      open && created !== undefined && (type === 'counter' || metricName?.endsWith('_count') === true)
        ? `${familyName}_created${out.slice(named)} ${created}\n`
        : '';
    out += ` ${formatValue(value)}\n${createdLine}`;
    if (out.length > CHUNK) {
      pieces.push(out);
      out = '';
    }
  }
  if (out !== '') pieces.push(out);
  return pieces;
}

/**
 * Keeps the series that a scrape asked for with `?name[]=`: whole families by their name, single series by theirs, as Prometheus's client for Python does.
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

/** Of a label's value, and of a help text in OpenMetrics. */
function escapeLabel(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"') : text;
}

function escapeHelp(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : text;
}

import type { MetricTable } from '../context';
import { canonicalNumber, formatValue } from './numbers';

/** Series written as one block, which is reused while none of their values changes. */
const BLOCK = 32;
/** Length of the longest number that JavaScript writes, as in -1.2345678901234567e-300. */
const MAX_NUMBER_LENGTH = 24;

/** One of the lines of each series. */
interface Line {
  /** Text before the labels, with the brace open; for a bucket with its bound. */
  readonly head: string;
  readonly bucket: boolean;
  /** The table's column with the number. */
  readonly column: number;
}

/**
 * The bytes of some series, and the position of the numbers in them: start and end of each in turn. Null where
 * multi-byte characters make the positions hard to find.
 */
interface Block {
  readonly bytes: Buffer;
  readonly numbers: Uint32Array | null;
}

/** A table's cached text, with the values in it. */
interface Written {
  readonly values: Float64Array;
  readonly blocks: readonly Block[];
}

/** By list of series, which is a different object once a series comes or goes. */
const written = new WeakMap<readonly string[], Map<string, Written>>();

/**
 * The sample lines of a table, in chunks. Most values of many series are unchanged since the last scrape: blocks
 * without a change are reused, and in the others only the numbers that changed are rewritten.
 *
 * @param familyName for `_created`
 * @param sampleName of a counter's or gauge's series
 * @param open in OpenMetrics
 */
export function writeTable(
  table: MetricTable,
  familyName: string,
  sampleName: string,
  open: boolean,
): readonly Buffer[] {
  const { series, values, bounds, created } = table;
  if (series.length === 0) return [];
  const columns = values.length / series.length;
  const kept = written.get(series) ?? new Map<string, Written>();
  written.set(series, kept);
  const hasSum = !(open && bounds && hasNegatives(bounds, values));
  const key = JSON.stringify([open, familyName, sampleName, bounds, created, hasSum]);
  const before = kept.get(key);
  const lines = bounds
    ? histogramLines(familyName, bounds, open, hasSum)
    : [{ head: sampleName, bucket: false, column: 0 }];
  const createdEnd = open && created !== undefined && table.type !== 'gauge' ? ` ${created}\n` : null;
  const last = (labels: string): string =>
    createdEnd === null ? '' : `${familyName}_created${labels === '' ? '' : `{${labels}}`}${createdEnd}`;

  const blocks: Block[] = [];
  for (let first = 0; first < series.length; first += BLOCK) {
    const end = Math.min(first + BLOCK, series.length);
    const old = before?.blocks[first / BLOCK];
    if (before && old?.numbers)
      blocks.push(rewrite(old.bytes, old.numbers, lines, columns, before.values, values, first));
    else if (before && old && same(before.values, values, first * columns, end * columns)) blocks.push(old);
    else blocks.push(write(series.slice(first, end), lines, last, columns, values, first));
  }
  kept.set(key, { values, blocks });
  return blocks.map((block) => block.bytes);
}

/** Whether one of a histogram's bounds or sums is negative. */
function hasNegatives(bounds: readonly number[], values: Float64Array): boolean {
  if (bounds[0]! < 0) return true;
  for (let sum = bounds.length; sum < values.length; sum += bounds.length + 2) if (values[sum]! < 0) return true;
  return false;
}

/** @param hasSum whether there are sums, and with them counts; see `forbidden` */
function histogramLines(name: string, bounds: readonly number[], open: boolean, hasSum: boolean): Line[] {
  const buckets = bounds.map((bound, column): Line => ({
    head: `${name}_bucket{le="${open ? canonicalNumber(bound) : formatValue(bound)}"`,
    bucket: true,
    column,
  }));
  const [sum, count] = [bounds.length, bounds.length + 1];
  return [
    ...buckets,
    { head: `${name}_bucket{le="+Inf"`, bucket: true, column: count },
    ...(hasSum
      ? [
          { head: `${name}_sum`, bucket: false, column: sum },
          { head: `${name}_count`, bucket: false, column: count },
        ]
      : []),
  ];
}

function same(a: Float64Array, b: Float64Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** @param last the end of each series' lines */
function write(
  series: readonly string[],
  lines: readonly Line[],
  last: (labels: string) => string,
  columns: number,
  values: Float64Array,
  first: number,
): Block {
  const numbers = new Uint32Array(series.length * lines.length * 2);
  let out = '';
  let next = 0;
  series.forEach((labels, row) => {
    const inBucket = labels === '' ? '} ' : `,${labels}} `;
    const alone = labels === '' ? ' ' : `{${labels}} `;
    for (const { head, bucket, column } of lines) {
      out += head + (bucket ? inBucket : alone);
      numbers[next++] = out.length;
      out += formatValue(values[(first + row) * columns + column]!);
      numbers[next++] = out.length;
      out += '\n';
    }
    out += last(labels);
  });
  const bytes = Buffer.from(out);
  return { bytes, numbers: bytes.length === out.length ? numbers : null };
}

/** The block with new values; the block itself where none has changed. */
function rewrite(
  bytes: Buffer,
  numbers: Uint32Array,
  lines: readonly Line[],
  columns: number,
  old: Float64Array,
  values: Float64Array,
  first: number,
): Block {
  const rows = numbers.length / 2 / lines.length;
  /**
   * The new bytes followed, beyond their largest possible length, by the old ones: copying within one array allocates
   * nothing.
   */
  let out: Uint8Array | null = null;
  let moved: Uint32Array | null = null;
  const longest = bytes.length + (numbers.length / 2) * MAX_NUMBER_LENGTH;
  /** How far the old bytes are copied, and how many new bytes there are. */
  let from = 0;
  let to = 0;
  let next = 0;
  for (let row = 0; row < rows; row++) {
    const at = (first + row) * columns;
    for (let line = 0; line < lines.length; line++, next += 2) {
      const index = at + lines[line]!.column;
      const value = values[index]!;
      const start = numbers[next]!;
      if (value !== old[index]) {
        if (!out || !moved) {
          out = scratchOf(longest + bytes.length);
          out.set(bytes, longest);
          moved = numbers.slice();
        }
        out.copyWithin(to, longest + from, longest + start);
        to += start - from;
        from = numbers[next + 1]!;
        moved[next] = to;
        to = writeNumber(out, to, value);
        moved[next + 1] = to;
      } else if (moved) {
        const shift = to - from;
        moved[next] = start + shift;
        moved[next + 1] = numbers[next + 1]! + shift;
      }
    }
  }
  if (!out || !moved) return { bytes, numbers };
  out.copyWithin(to, longest + from, longest + bytes.length);
  return { bytes: Buffer.from(out.subarray(0, to + bytes.length - from)), numbers: moved };
}

let scratch = new Uint8Array(0);

/** A scratch buffer, valid until the next call. */
function scratchOf(length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(length);
  return scratch;
}

/** @returns the position after the number */
function writeNumber(out: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value < 1e9 && Number.isInteger(value)) {
    let end = at + 1;
    for (let remaining = value; remaining >= 10; remaining = Math.floor(remaining / 10)) end++;
    let remaining = value;
    for (let digit = end - 1; digit >= at; digit--) {
      const tens = Math.floor(remaining / 10);
      out[digit] = 48 + remaining - tens * 10;
      remaining = tens;
    }
    return end;
  }
  const text = formatValue(value);
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}

import { METRIC_TYPES, type MetricFamily } from '../../../shared/addon-protocol';
import { messageOf } from '../../../shared/user-error';
import { printable } from './check-labels';
import type { ExpositionFormat } from './exposition';
import { foldCreated } from './fold-created';
import { METRIC_NAME } from './metric-declaration';
import { METRIC_LIMITS } from './metric-limits';
import { finishFamily, type ParsedFamily, problemOf, seriesNames } from './parsed-family';
import { readOpenLine, readTextLine, type SampleLine, unescapeHelp, unescapeOpen } from './sample-line';

/** Characters of a text that is read; Prometheus itself takes 10 MB where a limit is set. */
const MAX_LENGTH = 16_000_000;

const TEXT_TYPES: Readonly<Record<string, MetricFamily['type']>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
};
const OPEN_TYPES: ReadonlySet<string> = new Set(METRIC_TYPES);

/**
 * Parses another program's metrics strictly, by the text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format) or OpenMetrics 1.0.0
 * (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md). OpenMetrics' several points of one
 * series are refused: here a series has one value.
 *
 * @param text untrusted input; checked for size first
 * @throws Error that names the first line that is wrong, and why
 */
export function parseExposition(text: string, format: ExpositionFormat): MetricFamily[] {
  if (typeof text !== 'string') throw new Error('The metrics are not a text.');
  if (text.length > MAX_LENGTH) throw new Error(`The metrics are longer than ${MAX_LENGTH} characters.`);
  const open = format === 'openmetrics';
  // `eof [ LF ]` in OpenMetrics' grammar; every other line has an end.
  const isWhole = text === '' || text.endsWith('\n') || (open && /(?:^|\n)# EOF$/.test(text.slice(-6)));
  if (!isWhole) throw new Error('The metrics break off: their last line has no end.');
  const parser = createParser(open);
  let line = 0;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    line++;
    try {
      parser.take(text.slice(start, end));
    } catch (error) {
      if (error instanceof FamilyError) throw error;
      throw new Error(`Line ${line} of the metrics cannot be read: ${messageOf(error)}.`, { cause: error });
    }
    start = end + 1;
  }
  try {
    parser.end();
  } catch (error) {
    if (error instanceof FamilyError) throw error;
    throw new Error(`The metrics cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const families = parser.families.map((family) => finishFamily(family, open));
  return open ? families : foldCreated(families);
}

/** A whole sentence about a metric, where no single line is wrong. */
class FamilyError extends Error {}

interface Parser {
  /** @throws Error, a clause */
  take(line: string): void;
  end(): void;
  readonly families: ParsedFamily[];
}

function createParser(open: boolean): Parser {
  const families: ParsedFamily[] = [];
  /** Names of the families that are over, and of their series. */
  const closed = new Set<string>();
  let current: ParsedFamily | null = null;
  let samples = 0;
  let ended = false;

  function close(): void {
    if (!current) return;
    const { name } = current;
    const names = new Set([name, ...current.names]);
    const taken = [...names].find((each) => closed.has(each));
    const problem = taken === undefined ? problemOf(current, open) : `“${printable(taken)}” is of another metric too`;
    if (problem !== null) throw new FamilyError(`The metric “${printable(name)}” cannot be read: ${problem}.`);
    for (const each of names) closed.add(each);
    current = null;
  }

  function begin(name: string): ParsedFamily {
    close();
    if (closed.has(name)) throw new Error(`the lines of the metric “${printable(name)}” are not together`);
    if (families.length >= METRIC_LIMITS.families)
      throw new Error(`there are more than ${METRIC_LIMITS.families} metrics`);
    current = { name, type: null, help: null, unit: null, samples: [], names: [name] };
    families.push(current);
    return current;
  }

  /** `# HELP`, `# TYPE` and, in OpenMetrics, `# UNIT`. */
  function metadata(kind: 'help' | 'type' | 'unit', name: string, rest: string): void {
    if (!METRIC_NAME.test(name) || name.length > METRIC_LIMITS.nameLength)
      throw new Error(`“${printable(name)}” is no metric’s name`);
    const family = current?.name === name ? current : begin(name);
    if (family.samples.length > 0) throw new Error(`it comes after the values of the metric “${name}”`);
    if (family[kind] !== null) throw new Error(`the metric “${name}” has two lines of that kind`);
    if (kind !== 'type') {
      const limit = METRIC_LIMITS.helpLength;
      if (rest.length > limit) throw new Error(`its text is longer than ${limit} characters`);
      family[kind] = kind === 'unit' ? rest : open ? unescapeOpen(rest) : unescapeHelp(rest);
      return;
    }
    const type = open ? (OPEN_TYPES.has(rest) ? (rest as MetricFamily['type']) : undefined) : TEXT_TYPES[rest];
    if (type === undefined || (!open && !Object.hasOwn(TEXT_TYPES, rest)))
      throw new Error(`there is no type “${printable(rest)}”`);
    family.type = type;
    family.names = seriesNames(name, type, open);
  }

  function comment(line: string): void {
    if (open) {
      if (line === '# EOF') {
        ended = true;
        return;
      }
      const match = /^# (HELP|TYPE|UNIT) ([^ ]+) (.*)$/s.exec(line);
      if (!match) throw new Error('it is none of # HELP, # TYPE, # UNIT and # EOF');
      metadata(match[1]!.toLowerCase() as 'help', match[2]!, match[3]!);
      return;
    }
    const match = /^[ \t]*#[ \t]*(HELP|TYPE)(?:[ \t]+([^ \t]+)(?:[ \t]+(.*))?)?$/s.exec(line);
    // Every other comment is one.
    if (!match) return;
    const [, kind, name, rest = ''] = match;
    if (name === undefined) throw new Error(`# ${kind} names no metric`);
    metadata(kind!.toLowerCase() as 'help', name, kind === 'TYPE' ? rest.replace(/[ \t]+$/, '') : rest);
  }

  function take(line: string): void {
    if (ended) throw new Error('it comes after # EOF');
    if (/^[ \t]*$/.test(line)) {
      if (open) throw new Error('it is empty');
      return;
    }
    if (/^[ \t]*#/.test(line)) return comment(line);
    const sample: SampleLine = open ? readOpenLine(line) : readTextLine(line);
    if (sample.name.length > METRIC_LIMITS.nameLength)
      throw new Error(`its name is longer than ${METRIC_LIMITS.nameLength} characters`);
    if (++samples > METRIC_LIMITS.samples) throw new Error(`there are more than ${METRIC_LIMITS.samples} values`);
    let family = current;
    // A metric of which nothing was said is of type unknown.
    if (!family?.names.includes(sample.name)) family = begin(sample.name);
    family.samples.push(sample);
  }

  return {
    families,
    take,
    end() {
      close();
      if (open && !ended) throw new Error('there is no # EOF at their end');
    },
  };
}

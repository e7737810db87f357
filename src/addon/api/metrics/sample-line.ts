import { METRIC_LIMITS } from './metric-limits';

/** A sample as its line has it. */
export interface SampleLine {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since 1970. */
  readonly timestamp?: number;
  readonly exemplar?: {
    readonly labelSet: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp?: number;
  };
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** No two of its branches begin with the same character, so it takes linear time. */
const QUOTED = /"((?:[^"\\\n]|\\[^\n])*)"/y;
const BLANKS = /[ \t]*/y;
const WORD = /[^ \t]+/y;

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const INFINITE = /^[-+]?inf(?:inity)?$/i;

/** The farthest time from 1970 that JavaScript's dates have, in seconds. */
const MAX_SECONDS = 8.64e12;

/** Reads one line from left to right. Errors are clauses; whoever calls knows the number of the line. */
class Cursor {
  private at = 0;

  constructor(
    private readonly line: string,
    /** Whether single blanks are the only ones, as in OpenMetrics. */
    private readonly exact: boolean,
  ) {}

  get done(): boolean {
    return this.at === this.line.length;
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.line);
    if (!match) return null;
    this.at = pattern.lastIndex;
    return match[1] ?? match[0];
  }

  skip(text: string): boolean {
    if (!this.line.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Blanks where the text format may have some. */
  loose(): void {
    if (!this.exact) this.take(BLANKS);
  }

  /** The blank between two parts of a line. */
  between(what: string): void {
    if (this.exact ? !this.skip(' ') : this.take(BLANKS) === '') throw new Error(`there is no blank before ${what}`);
  }

  word(what: string): string {
    const word = this.take(WORD);
    if (word === null) throw new Error(`${what} is missing`);
    return word;
  }

  labels(unescape: (text: string) => string): Record<string, string> {
    const labels = new Map<string, string>();
    this.loose();
    while (!this.skip('}')) {
      if (labels.size > 0) {
        if (!this.skip(',')) throw new Error('there is no comma between two labels');
        this.loose();
        // The text format may have one after the last label.
        if (!this.exact && this.skip('}')) break;
      }
      const name = this.take(LABEL_NAME);
      if (name === null) throw new Error('a label has no name of letters, digits and _');
      this.loose();
      if (!this.skip('=')) throw new Error(`the label “${name}” has no value`);
      this.loose();
      const value = this.take(QUOTED);
      if (value === null) throw new Error(`the value of the label “${name}” is not in quotes`);
      this.loose();
      if (labels.has(name)) throw new Error(`the label “${name}” is there twice`);
      if (labels.size >= METRIC_LIMITS.labels) throw new Error(`there are more than ${METRIC_LIMITS.labels} labels`);
      labels.set(name, unescape(value));
    }
    return Object.fromEntries(labels);
  }
}

/** A line of the text format 0.0.4: blanks are free, and the time is in milliseconds. */
export function readTextLine(line: string): SampleLine {
  const cursor = new Cursor(line, false);
  cursor.loose();
  const name = cursor.take(NAME);
  if (name === null) throw new Error('it begins with no metric’s name');
  const blanks = cursor.take(BLANKS);
  const labels = cursor.skip('{') ? cursor.labels(unescapeText) : {};
  if (cursor.take(BLANKS) === '' && blanks === '') throw new Error('there is no blank before the value');
  const value = readValue(cursor.word('the value'));
  cursor.loose();
  if (cursor.done) return { name, labels, value };
  const written = cursor.word('the time');
  if (!/^-?\d{1,16}$/.test(written)) throw new Error('its time is not a whole number of milliseconds');
  const timestamp = Number(written) / 1000;
  if (Math.abs(timestamp) > MAX_SECONDS) throw new Error('its time is too far away');
  cursor.loose();
  if (!cursor.done) throw new Error('there is something behind the time');
  return { name, labels, value, timestamp };
}

/** A line of OpenMetrics 1.0.0, section "ABNF", `sample`. */
export function readOpenLine(line: string): SampleLine {
  const cursor = new Cursor(line, true);
  const name = cursor.take(NAME);
  if (name === null) throw new Error('it begins with no metric’s name');
  const labels = cursor.skip('{') ? cursor.labels(unescapeOpen) : {};
  cursor.between('the value');
  const value = readValue(cursor.word('the value'));
  let timestamp: number | undefined;
  if (!cursor.done && !cursor.skip(' # ')) {
    cursor.between('the time');
    timestamp = readSeconds(cursor.word('the time'));
    if (cursor.done) return { name, labels, value, timestamp };
    if (!cursor.skip(' # ')) throw new Error('there is something behind the time that is no exemplar');
  } else if (cursor.done) {
    return { name, labels, value };
  }
  return { name, labels, value, ...(timestamp === undefined ? {} : { timestamp }), exemplar: readExemplar(cursor) };
}

function readExemplar(cursor: Cursor): NonNullable<SampleLine['exemplar']> {
  if (!cursor.skip('{')) throw new Error('an exemplar has no labels');
  const labelSet = cursor.labels(unescapeOpen);
  const length = [...Object.entries(labelSet).flat().join('')].length;
  if (length > METRIC_LIMITS.exemplarLength)
    throw new Error(`an exemplar’s labels are longer than ${METRIC_LIMITS.exemplarLength} characters`);
  cursor.between('the value of the exemplar');
  const value = readValue(cursor.word('the value of the exemplar'));
  if (cursor.done) return { labelSet, value };
  cursor.between('the time of the exemplar');
  const timestamp = readSeconds(cursor.word('the time of the exemplar'));
  if (!cursor.done) throw new Error('there is something behind the exemplar');
  return { labelSet, value, timestamp };
}

/** @throws Error where it is no number, or one that no double holds */
export function readValue(written: string): number {
  if (/^nan$/i.test(written)) return NaN;
  if (INFINITE.test(written)) return written.startsWith('-') ? -Infinity : Infinity;
  const value = NUMBER.test(written) ? Number(written) : NaN;
  if (!Number.isFinite(value)) throw new Error(`“${written.slice(0, 40)}” is not a number`);
  return value;
}

function readSeconds(written: string): number {
  const seconds = NUMBER.test(written) ? Number(written) : NaN;
  if (!(Math.abs(seconds) <= MAX_SECONDS)) throw new Error('its time is not a number of seconds');
  return seconds;
}

/** A label's value in the text format, where every backslash begins one of three sequences. */
function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/gs, (_, escaped: string) => {
    if (escaped !== 'n' && escaped !== '\\' && escaped !== '"')
      throw new Error(`the value of a label has “\\${escaped}” in it, which is no escape sequence`);
    return escaped === 'n' ? '\n' : escaped;
  });
}

/** A label's value or a help in OpenMetrics, where a backslash before anything else is itself. */
export function unescapeOpen(text: string): string {
  return text.replace(/\\([n\\"])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** A help in the text format. */
export function unescapeHelp(text: string): string {
  return text.replace(/\\([n\\])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

import { isObject, isPlain, printable } from './check-labels';
import { foldOf, GAUGE_MODES, type GaugeMode } from './gauge-mode';
import { LABEL_NAME, METRIC_LIMITS } from './metric-limits';
import { METRIC_NAME } from './metric-declaration';
import { isSeries } from './read-table';

/** What a process of an add-on says about one of its metrics. */
export interface ProcessFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** Of gauges; null for other types. */
  readonly mode: GaugeMode | null;
  /** Upper bounds of a histogram's buckets, ascending, without +Inf; null for other types. */
  readonly bounds: readonly number[] | null;
  readonly labelNames: readonly string[];
}

/**
 * The numbers of one series: a counter's value; a gauge's, and for the most recent one also when it was set, in
 * milliseconds of the machine's own clock (0 for never); a histogram's cumulative count at each bound, sum and count; a
 * summary's sum and count.
 */
export type Row = readonly number[];

/** What has changed of one metric in one process since its last update. Values are absolute, so none is ever missing. */
export interface FamilyUpdate extends ProcessFamily {
  /** By labels as a table writes them (metric-table.ts), in the order of the metric's label names. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Labels of series that are there no more. */
  readonly gone: readonly string[];
}

/** An update on its way between two processes. */
export interface ProcessUpdate {
  /** Identifies the run of the process: a process id comes again, this does not. */
  readonly token: string;
  readonly families: readonly FamilyUpdate[];
}

/** The property by which an update is told from an add-on's own messages; its value is the version of the form. */
const MARK = 'framegaugeMetrics';
const VERSION = 1;
/** Rows of one message; more go into further ones, so that no single one holds up the channel. */
const ROWS = 2_000;

/** Numbers of a row. */
function columnsOfProcess({ type, mode, bounds }: ProcessFamily): number {
  if (type === 'histogram') return (bounds?.length ?? 0) + 2;
  if (type === 'summary') return 2;
  return mode !== null && foldOf(mode) === 'mostrecent' ? 2 : 1;
}

/** Writes updates as messages that every serialization of child_process carries: JSON has no NaN and no infinities. */
export function writeUpdate(token: string, families: readonly FamilyUpdate[]): object[] {
  const messages: object[] = [];
  let sent: object[] = [];
  let rows = 0;
  const end = (): void => {
    if (sent.length > 0) messages.push({ [MARK]: VERSION, token, families: sent });
    sent = [];
    rows = 0;
  };
  for (const { rows: given, gone, ...family } of families) {
    const list = [...given].map(([labels, row]) => [labels, ...row.map((n) => (Number.isFinite(n) ? n : String(n)))]);
    for (let at = 0; at === 0 || at < list.length || at < gone.length; at += ROWS) {
      const part = { ...family, rows: list.slice(at, at + ROWS), gone: gone.slice(at, at + ROWS) };
      if (rows + part.rows.length + part.gone.length > ROWS) end();
      sent.push(part);
      rows += part.rows.length + part.gone.length;
    }
  }
  end();
  return messages;
}

/** Whether a message is an update, valid or not, and not one of the add-on's own. */
export const isUpdate = (message: unknown): boolean => isObject(message) && Object.hasOwn(message, MARK);

/**
 * Reads a message of {@link writeUpdate}. A worker may run anything, so everything is checked.
 *
 * @returns the update, or a clause that says what is wrong with it
 */
export function readUpdate(message: unknown): ProcessUpdate | string {
  if (!isPlain(message) || message[MARK] !== VERSION) return 'it is of another version of Framegauge';
  const { token, families } = message;
  if (typeof token !== 'string' || !/^[\w-]{8,64}$/.test(token)) return 'it does not say which process it is of';
  if (!Array.isArray(families) || families.length > METRIC_LIMITS.families)
    return `it has no list of at most ${METRIC_LIMITS.families} families`;
  const read: FamilyUpdate[] = [];
  for (const family of families as unknown[]) {
    const result = readFamily(family);
    if (typeof result === 'string') return result;
    read.push(result);
  }
  return { token, families: read };
}

function readFamily(given: unknown): FamilyUpdate | string {
  if (!isPlain(given)) return 'one of its metrics is none';
  const { name, help, type, mode, bounds, labelNames, rows, gone } = given;
  if (typeof name !== 'string' || name.length > METRIC_LIMITS.nameLength || !METRIC_NAME.test(name))
    return 'one of its metrics has a name that is none';
  const wrong = (what: string): string => `its metric “${printable(name)}” ${what}`;
  if (typeof help !== 'string' || help.length > METRIC_LIMITS.helpLength) return wrong('has no help');
  if (type !== 'counter' && type !== 'gauge' && type !== 'histogram' && type !== 'summary')
    return wrong('is none of counter, gauge, histogram and summary');
  if (type === 'gauge' ? !(GAUGE_MODES as readonly unknown[]).includes(mode) : mode !== null)
    return wrong('has no mode that there is');
  if (type === 'histogram' ? !isRising(bounds) : bounds !== null) return wrong('has bounds that do not rise');
  if (
    !Array.isArray(labelNames) ||
    labelNames.length > METRIC_LIMITS.labels ||
    labelNames.some((label) => typeof label !== 'string' || !LABEL_NAME.test(label))
  )
    return wrong('has label names that are none');
  if (!Array.isArray(rows) || rows.length > ROWS || !Array.isArray(gone) || gone.length > ROWS)
    return wrong(`has no list of at most ${ROWS} series`);
  const family = { name, help, type, mode, bounds, labelNames } as ProcessFamily;
  const read = new Map<string, Row>();
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row) || row.length !== columnsOfProcess(family) + 1)
      return wrong('has a series of another form');
    const [labels, ...written] = row as unknown[];
    if (typeof labels !== 'string' || !isSeries(labels) || !areDeclared(labels, labelNames))
      return wrong('has labels that are none');
    const numbers = written.map(readNumber);
    if (!isRow(family, numbers)) return wrong('has values that it cannot have');
    read.set(labels, numbers);
  }
  if (gone.some((labels) => typeof labels !== 'string')) return wrong('has labels that are none');
  return { ...family, rows: read, gone: gone as string[] };
}

/** A label that was not declared could be the one that tells the processes apart. */
function areDeclared(labels: string, names: readonly unknown[]): boolean {
  for (const [, name] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) if (!names.includes(name)) return false;
  return true;
}

const WORDS: ReadonlyMap<unknown, number> = new Map([
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

const readNumber = (written: unknown): number => (typeof written === 'number' ? written : (WORDS.get(written) ?? NaN));

function isRow({ type, bounds }: ProcessFamily, numbers: Row): boolean {
  const isCount = (value: number | undefined): boolean => value !== undefined && Number.isFinite(value) && value >= 0;
  if (type === 'gauge') return numbers.length === 1 || isCount(numbers[1]);
  if (type === 'counter') return isCount(numbers[0]);
  if (!Number.isFinite(numbers.at(-2)) || !isCount(numbers.at(-1))) return false;
  const buckets = [...numbers.slice(0, bounds?.length ?? 0), numbers.at(-1)!];
  return buckets.every((count, index) => isCount(count) && count >= (buckets[index - 1] ?? 0));
}

function isRising(bounds: unknown): boolean {
  return (
    Array.isArray(bounds) &&
    bounds.length <= METRIC_LIMITS.bounds &&
    bounds.every(
      (bound, index) =>
        typeof bound === 'number' && Number.isFinite(bound) && (index === 0 || bound > (bounds[index - 1] as number)),
    )
  );
}

import { LABEL_NAME, METRIC_LIMITS, UNREADABLE } from './metric-limits';

/** Whether the value has properties that can be read. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A name chosen by an add-on, made safe to print in one line. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.slice(0, 80).replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]|\p{Surrogate}/gu, '\ufffd');
}

/**
 * The reason why these labels cannot be a series' labels; null when they can.
 *
 * @param bound the label that must be a number; when null, no label may have a name that the formats reserve for bounds
 */
export function labelsProblem(
  labels: unknown,
  bound: 'le' | 'quantile' | null = null,
  budget: { characters: number } = { characters: METRIC_LIMITS.characters },
): string | null {
  if (!isPlain(labels)) return 'the labels of one of its series are not names with values';
  let count = 0;
  for (const label in labels) {
    const value = labels[label];
    // Labels without a value count too: all series may share one object with a million of them.
    if (++count > METRIC_LIMITS.labels) return `one of its series has more than ${METRIC_LIMITS.labels} labels`;
    // prom-client omits labels without a value, and so does the exposition.
    if (value === undefined) continue;
    if (!LABEL_NAME.test(label))
      return `its label “${printable(label)}” has characters other than letters, digits and _, or begins with __`;
    if (label.length > METRIC_LIMITS.nameLength)
      return `its label “${printable(label)}” has a name longer than ${METRIC_LIMITS.nameLength} characters`;
    if (typeof value !== 'string' && typeof value !== 'number')
      return `its label “${printable(label)}” has a value that is neither text nor number`;
    if ((label === 'le' || label === 'quantile') && (label !== bound || !isBound(value)))
      return `its label “${label}” is kept for the bounds of histograms and summaries, and is a number there`;
    const problem = textProblem(label, String(value));
    if (problem !== null) return problem;
    budget.characters -= label.length + String(value).length;
  }
  if (budget.characters < 0) return 'with it all labels together are too long';
  return bound === 'le' && labels['le'] === undefined ? 'one of its buckets has no bound' : null;
}

function textProblem(label: string, value: string): string | null {
  if (value.length > METRIC_LIMITS.labelLength)
    return `its label “${printable(label)}” has a value longer than ${METRIC_LIMITS.labelLength} characters`;
  return UNREADABLE.test(value)
    ? `its label “${printable(label)}” has a value with characters that no scraper reads`
    : null;
}

/**
 * A number as Prometheus's own parsers accept it: a Pushgateway rejects the whole push for any other. JavaScript also
 * accepts surrounding blanks, hexadecimal and more.
 */
const BOUND = /^(?:\+Inf|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;

function isBound(value: string | number): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value) || value === Infinity
    : BOUND.test(value) && (value === '+Inf' || Number.isFinite(Number(value)));
}

/** Rejects a Map, a typed array and the like: their keys are something else, and there can be very many. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

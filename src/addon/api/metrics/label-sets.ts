import { isPlain, labelsProblem } from './check-labels';

/** Values of some of a metric's labels. */
export type Labels = Readonly<Partial<Record<string, string | number>>>;

/** One value for each label set of a metric that prom-client has no class for. */
export interface LabelSets<T> {
  /** The value of a label set. @throws Error where the labels are not the declared ones */
  get(labels: Labels): T | undefined;
  set(labels: Labels, value: T): void;
  remove(labels: Labels): void;
  /** Without labels there is always the one series, as in prom-client. */
  reset(): void;
  entries(): Iterable<{ readonly labels: Readonly<Record<string, string | number>>; readonly value: T }>;
}

/**
 * @param metric its name, for messages
 * @param initial the value that a metric without labels starts with
 */
export function createLabelSets<T>(metric: string, labelNames: readonly string[], initial: () => T): LabelSets<T> {
  const sets = new Map<string, { readonly labels: Readonly<Record<string, string | number>>; readonly value: T }>();

  function keyOf(labels: Labels): string {
    const names = isPlain(labels) ? Object.keys(labels).filter((name) => labels[name] !== undefined) : [];
    const other = names.find((name) => !labelNames.includes(name)) ?? labelNames.find((name) => !names.includes(name));
    if (other !== undefined)
      throw new Error(
        `The metric “${metric}” has ${labelNames.length === 0 ? 'no labels' : `the labels ${labelNames.join(', ')}`}: “${other}” is ${labelNames.includes(other) ? 'missing' : 'none of them'}.`,
      );
    const problem = labelsProblem(labels);
    if (problem !== null) throw new Error(`The metric “${metric}” cannot be set: ${problem}.`);
    return JSON.stringify(labelNames.map((name) => String(labels[name])));
  }

  const pick = (labels: Labels): Record<string, string | number> =>
    Object.fromEntries(labelNames.map((name) => [name, labels[name]!]));

  function reset(): void {
    sets.clear();
    if (labelNames.length === 0) sets.set('[]', { labels: {}, value: initial() });
  }

  reset();
  return {
    get: (labels) => sets.get(keyOf(labels))?.value,
    set: (labels, value) => void sets.set(keyOf(labels), { labels: pick(labels), value }),
    remove: (labels) => void sets.delete(keyOf(labels)),
    reset,
    entries: () => sets.values(),
  };
}

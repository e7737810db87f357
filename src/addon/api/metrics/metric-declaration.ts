import { LABEL_NAME } from './metric-limits';

/** https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels, without the UTF-8 names of Prometheus 3. */
export const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/**
 * Checks what an add-on declares of a metric: one in plain JavaScript has no compiler to do it.
 *
 * @throws Error in a sentence
 */
export function checkDeclaration({
  name,
  help,
  labelNames,
}: {
  readonly name: unknown;
  readonly help: unknown;
  readonly labelNames: unknown;
}): void {
  if (typeof name !== 'string' || !METRIC_NAME.test(name))
    throw new Error(
      `A metric’s name has letters, digits, _ and : only, and “${String(name).slice(0, 80)}” has others.`,
    );
  if (typeof help !== 'string' || help === '')
    throw new Error(`The metric “${name}” has no help: say in a few words what it counts or measures.`);
  if (!Array.isArray(labelNames)) throw new Error(`The label names of the metric “${name}” are not a list.`);
  const odd: unknown = labelNames.find((label) => typeof label !== 'string' || !LABEL_NAME.test(label));
  if (odd !== undefined)
    throw new Error(
      `The metric “${name}” cannot have a label “${String(odd).slice(0, 80)}”: a label’s name has letters, digits and _ only, and does not begin with __.`,
    );
  const twice = (labelNames as string[]).find((label, index) => labelNames.indexOf(label) !== index);
  if (twice !== undefined) throw new Error(`The metric “${name}” has the label “${twice}” twice.`);
}

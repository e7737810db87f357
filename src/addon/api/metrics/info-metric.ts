import type { MetricFamily } from '../../../shared/addon-protocol';
import { isPlain, labelsProblem } from './check-labels';
import { createLabelSets, type Labels } from './label-sets';
import { checkDeclaration } from './metric-declaration';
import type { InfoMetric, LabelledConfiguration } from './metrics-api';

/** Creates an info metric; a registry of prom-client takes it as it takes its own. */
export function createInfo({ name: given, help, labelNames = [] }: LabelledConfiguration<string>): InfoMetric {
  // People know such metrics by the name of their series, build_info; OpenMetrics adds the suffix itself.
  const name = String(given).replace(/_info$/, '');
  checkDeclaration({ name, help, labelNames });
  const sets = createLabelSets<Readonly<Record<string, string | number>>>(name, labelNames, () => ({}));

  function set(first: Labels, second?: Labels): void {
    const [labels, info] = second === undefined ? [{}, first] : [first, second];
    const problem = labelsProblem(info);
    if (problem !== null) throw new Error(`The info “${name}” cannot be set: ${problem}.`);
    const twice = isPlain(info) && labelNames.find((label) => Object.hasOwn(info, label));
    if (typeof twice === 'string')
      throw new Error(`The info “${name}” has the label “${twice}” already: give that fact another name.`);
    const facts = Object.entries(info).flatMap(([label, fact]) => (fact === undefined ? [] : [[label, fact] as const]));
    sets.set(labels, Object.fromEntries(facts));
  }

  return {
    name,
    help,
    type: 'info',
    labelNames,
    set,
    remove: sets.remove,
    reset: sets.reset,
    get: async (): Promise<MetricFamily> => ({
      name,
      help,
      type: 'info',
      values: [...sets.entries()].map(({ labels, value }) => ({
        metricName: `${name}_info`,
        labels: { ...labels, ...value },
        value: 1,
      })),
    }),
  };
}

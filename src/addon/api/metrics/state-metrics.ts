import type { MetricFamily } from '../../../shared/addon-protocol';
import { createLabelSets, type Labels } from './label-sets';
import { checkDeclaration } from './metric-declaration';
import { METRIC_LIMITS } from './metric-limits';
import type { EnumMetric, StatesConfiguration, StateSetMetric } from './metrics-api';

/** States of one metric; each is a series of its own. */
const MAX_STATES = 100;

interface States {
  readonly family: () => MetricFamily;
  readonly sets: ReturnType<typeof createLabelSets<ReadonlySet<string>>>;
  /** @throws Error where it is none of the declared states */
  check(state: unknown): string;
}

/** What an enum and a stateset share: OpenMetrics has one type for both. */
function createStates(
  { name, help, labelNames = [], states }: StatesConfiguration<string, string>,
  initial: () => ReadonlySet<string>,
): States {
  checkDeclaration({ name, help, labelNames });
  if (name.includes(':')) throw new Error(`The metric “${name}” names its states by a label, which cannot have a “:”.`);
  if (labelNames.includes(name))
    throw new Error(`The metric “${name}” cannot have a label of its own name: that one holds the state.`);
  if (
    !Array.isArray(states) ||
    states.length === 0 ||
    states.length > MAX_STATES ||
    new Set(states).size !== states.length ||
    states.some((state) => typeof state !== 'string' || state === '' || state.length > METRIC_LIMITS.labelLength)
  )
    throw new Error(`The states of the metric “${name}” are a list of 1 to ${MAX_STATES} different words.`);
  const sets = createLabelSets<ReadonlySet<string>>(name, labelNames, initial);
  return {
    sets,
    check(state) {
      if (!(states as readonly unknown[]).includes(state))
        throw new Error(
          `The metric “${name}” has no state “${String(state).slice(0, 80)}”: there are ${states.join(', ').slice(0, 300)}.`,
        );
      return state as string;
    },
    family: () => ({
      name,
      help,
      type: 'stateset',
      values: [...sets.entries()].flatMap(({ labels, value: on }) =>
        states.map((state) => ({ labels: { ...labels, [name]: state }, value: on.has(state) ? 1 : 0 })),
      ),
    }),
  };
}

/** Creates a metric of which exactly one state is on; without labels the first one at the start, as in client_python. */
export function createEnum(configuration: StatesConfiguration<string, string>): EnumMetric {
  const { name, help, labelNames = [], states } = configuration;
  const { sets, check, family } = createStates(configuration, () => new Set(states.slice(0, 1)));
  function state(first: Labels | string, second?: string): void {
    if (typeof first === 'string') sets.set({}, new Set([check(first)]));
    else sets.set(first, new Set([check(second)]));
  }
  return {
    name,
    help,
    type: 'stateset',
    labelNames,
    state,
    remove: sets.remove,
    reset: sets.reset,
    get: async () => family(),
  };
}

/** Creates a metric of which any number of states is on; none at the start. */
export function createStateSet(configuration: StatesConfiguration<string, string>): StateSetMetric {
  const { name, help, labelNames = [] } = configuration;
  const { sets, check, family } = createStates(configuration, () => new Set());
  function change(labels: Labels, state: string, on: boolean): void {
    check(state);
    const before = [...(sets.get(labels) ?? [])].filter((each) => each !== state);
    sets.set(labels, new Set(on ? [...before, state] : before));
  }
  function set(first: Labels | string, second: string | boolean, third?: boolean): void {
    if (typeof first === 'string') change({}, first, second as boolean);
    else change(first, second as string, third ?? false);
  }
  return {
    name,
    help,
    type: 'stateset',
    labelNames,
    set,
    remove: sets.remove,
    reset: sets.reset,
    get: async () => family(),
  };
}

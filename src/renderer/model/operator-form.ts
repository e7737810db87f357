import type { PreferenceValues } from '../../shared/addons';
import type { Operator, OperatorParameter } from '../../shared/operators';
import type { Panel, ShownElement } from '../../shared/panels';

/**
 * What an operator's form begins with: the declared defaults, and what the window shows for parameters that name a job
 * or a frame.
 */
export function operatorDefaults(
  { parameters }: Pick<Operator, 'parameters'>,
  shown: { readonly job: number | null; readonly frame: number | null },
): PreferenceValues {
  const begin = (parameter: OperatorParameter): PreferenceValues[string] | null => {
    if (parameter.type === 'enum') return parameter.default ?? parameter.values[0]!;
    if ('default' in parameter) return parameter.default ?? null;
    return parameter.type === 'job' || parameter.type === 'frame' ? shown[parameter.type] : null;
  };
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const value = begin(parameter);
      return value === null ? [] : [[parameter.key, value]];
    }),
  );
}

/** The parameters for a job's menu: its first parameter of that type is the job. */
export function parametersForJob({ parameters }: Pick<Operator, 'parameters'>, job: number): PreferenceValues {
  const parameter = parameters.find(({ type }) => type === 'job');
  return parameter ? { [parameter.key]: job } : {};
}

/**
 * What a button of a panel runs its operator with: its own parameters, and those of the panel's fields for that operator.
 *
 * @param given what a person typed into the fields
 * @param defaults what untouched fields show
 * @returns `complete`: whether nothing is left to ask for. An empty field is one that is not given
 */
export function buttonParameters(
  panel: Pick<Panel, 'elements'>,
  button: Extract<ShownElement, { type: 'button' }>,
  operator: Pick<Operator, 'parameters'>,
  given: PreferenceValues,
  defaults: PreferenceValues,
): { parameters: PreferenceValues; complete: boolean } {
  const fields = new Set(
    panel.elements.flatMap((element) =>
      element.type === 'field' && element.operator === button.operator ? [element.parameter] : [],
    ),
  );
  const parameters: PreferenceValues = { ...button.parameters };
  let complete = true;
  for (const parameter of operator.parameters) {
    const { key } = parameter;
    if (Object.hasOwn(parameters, key)) continue;
    const value = fields.has(key) ? (given[key] ?? defaults[key] ?? '') : '';
    if (value !== '') parameters[key] = value;
    else complete &&= fields.has(key) && 'default' in parameter && parameter.default !== undefined;
  }
  return { parameters, complete };
}

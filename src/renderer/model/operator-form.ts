import type { PreferenceValues } from '../../shared/addons';
import type { Operator, OperatorParameter } from '../../shared/operators';

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

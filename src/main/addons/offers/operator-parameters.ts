import type { PreferenceValue, PreferenceValues } from '../../../shared/addons';
import { checkFrameRange } from '../../../shared/frame-range';
import type { Operator, OperatorParameter } from '../../../shared/operators';
import { UserError } from '../../../shared/user-error';
import type { PatternMatch } from '../../preferences/pattern-match';
import { coercePreference } from '../../preferences/preference-value';

/**
 * Checks the parameters of a run and completes them with their defaults. Text, as from a command line, is converted to
 * the declared types.
 *
 * @param hasJob whether a job exists
 * @param matches decides about patterns
 * @throws UserError (`arguments`) that names the parameter and what it expects; `not-found` for a job
 */
export function completeParameters(
  { id, parameters }: Pick<Operator, 'id' | 'parameters'>,
  given: PreferenceValues,
  hasJob: (id: number) => boolean,
  matches: PatternMatch,
): PreferenceValues {
  const unknown = Object.keys(given).find((key) => !parameters.some((parameter) => parameter.key === key));
  if (unknown !== undefined) {
    const keys = parameters.map(({ key }) => key).join(', ');
    throw new UserError(
      `The operator “${id}” has no parameter “${unknown}”: ${keys ? `it has ${keys}` : 'it has none'}.`,
      'arguments',
    );
  }
  return Object.fromEntries(
    parameters.map((parameter) => [parameter.key, valueOf(id, parameter, given[parameter.key], hasJob, matches)]),
  );
}

function valueOf(
  operator: string,
  parameter: OperatorParameter,
  given: PreferenceValue | undefined,
  hasJob: (id: number) => boolean,
  matches: PatternMatch,
): PreferenceValue {
  const value = given ?? ('default' in parameter ? parameter.default : undefined);
  if (value === undefined)
    throw new UserError(
      `The operator “${operator}” needs the parameter “${parameter.key}” (${parameter.label}).`,
      'arguments',
    );
  // A text's default "" means not given, whatever else is expected.
  if (given === undefined && value === '') return '';
  return checkParameter(parameter, value, hasJob, matches);
}

/** Converts a value to a parameter's type. @throws UserError like {@link completeParameters} */
export function checkParameter(
  parameter: OperatorParameter,
  value: PreferenceValue,
  hasJob: (id: number) => boolean,
  matches: PatternMatch,
): PreferenceValue {
  const { key, label, description } = parameter;
  const base = { key, label, description };
  switch (parameter.type) {
    case 'job': {
      const id = coercePreference({ ...base, type: 'integer', default: 1, min: 1 }, value);
      if (!hasJob(Number(id)))
        throw new UserError(`There is no job ${String(id)}, which “${label}” names.`, 'not-found');
      return id;
    }
    case 'frame':
      return coercePreference({ ...base, type: 'integer', default: 1 }, value);
    case 'frames': {
      const range = String(coercePreference({ ...base, type: 'string', default: '' }, value));
      try {
        checkFrameRange(range);
      } catch (error) {
        throw error instanceof UserError ? new UserError(error.message, 'arguments') : error;
      }
      return range;
    }
    case 'boolean':
      return coercePreference(parameter, value);
    case 'enum':
      return coercePreference({ ...parameter, default: parameter.default ?? '' }, value);
    case 'integer':
    case 'number':
      return coercePreference({ ...parameter, default: parameter.default ?? 0 }, value);
    case 'string':
    case 'path':
      return coercePreference({ ...parameter, default: parameter.default ?? '' }, value, matches);
  }
}

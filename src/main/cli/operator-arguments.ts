import type { PreferenceValues } from '../../shared/addons';
import type { Operator, OperatorParameter } from '../../shared/operators';
import { UserError } from '../../shared/user-error';

/**
 * Reads an operator's parameters from a command line: `--quality 5`, `--quality=5`, and for those that are true or false
 * `--draft` and `--no-draft`. A key may be written with hyphens: `--frame-rate`. Values stay text; the host converts
 * them.
 *
 * @param set `KEY=VALUE` each, for parameters whose name is an option of the command
 * @throws UserError (`arguments`) naming the word that is not understood
 */
export function operatorArguments(
  operator: Pick<Operator, 'id' | 'parameters'>,
  words: readonly string[],
  set: readonly string[],
): PreferenceValues {
  const values: PreferenceValues = {};
  const find = (name: string): OperatorParameter | undefined =>
    operator.parameters.find(({ key }) => key === name || hyphened(key) === name);
  const take = (name: string, value: string | boolean, word: string): void => {
    const parameter = find(name);
    if (!parameter)
      throw new UserError(
        `“${operator.id}” has no parameter “${word}”: ${describeParameters(operator.parameters)}.`,
        'arguments',
      );
    values[parameter.key] = value;
  };
  for (const entry of set) {
    const at = entry.indexOf('=');
    if (at < 1) throw new UserError(`--set takes KEY=VALUE, and “${entry}” is none.`, 'arguments');
    take(entry.slice(0, at), entry.slice(at + 1), entry.slice(0, at));
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const option = /^--([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(word);
    if (!option)
      throw new UserError(
        `“${word}” is not understood: write a parameter of “${operator.id}” as --KEY VALUE.`,
        'arguments',
      );
    const [, name, value] = option as unknown as [string, string, string | undefined];
    const negated = /^no-(.+)$/.exec(name)?.[1];
    if (value !== undefined) take(name, value, word);
    else if (find(name)?.type === 'boolean') take(name, isTruth(words[i + 1]) ? words[++i]! : true, word);
    else if (negated !== undefined && find(negated)?.type === 'boolean') take(negated, false, word);
    else {
      const next = words[i + 1];
      if (find(name) && next === undefined) throw new UserError(`${word} needs a value.`, 'arguments');
      take(name, next ?? '', word);
      i++;
    }
  }
  return values;
}

/** A clause that lists parameters as they are typed: `it has --job, --quality 0–10`. */
function describeParameters(parameters: readonly OperatorParameter[]): string {
  if (parameters.length === 0) return 'it has none';
  return `it has ${parameters.map(({ key }) => `--${hyphened(key)}`).join(', ')}`;
}

const isTruth = (word: string | undefined): boolean => word === 'true' || word === 'false';

export function hyphened(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

import type { AddonPreference, PreferenceValue, PreferenceValues } from '../../shared/addons';
import { cutTo } from '../../shared/shortened';
import { UserError } from '../../shared/user-error';
import { createPatternMatch, type PatternMatch } from './pattern-match';

/** Maximum length of a text preference, in characters. */
const MAX_TEXT = 10_000;

const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

/**
 * Converts a value, possibly text from a command line, to the declared type, and validates it.
 *
 * @param matches decides about patterns; with a budget of its own without it
 * @throws UserError (`arguments`) that names the preference and what it expects
 */
export function coercePreference(
  preference: AddonPreference,
  value: PreferenceValue,
  matches: PatternMatch = createPatternMatch(),
): PreferenceValue {
  const refuse = (expected: string): UserError =>
    new UserError(`“${shown(preference, value)}” does not fit “${preference.label}”: ${expected}.`, 'arguments');
  switch (preference.type) {
    case 'boolean': {
      const text = String(value).trim().toLowerCase();
      if (YES.includes(text)) return true;
      if (NO.includes(text)) return false;
      throw refuse('write true or false');
    }
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
      if (typeof value === 'boolean' || !Number.isFinite(number)) throw refuse('a number is expected');
      if (preference.type === 'integer' && !Number.isSafeInteger(number)) throw refuse('a whole number is expected');
      if (preference.min !== undefined && number < preference.min) throw refuse(`the smallest is ${preference.min}`);
      if (preference.max !== undefined && number > preference.max) throw refuse(`the largest is ${preference.max}`);
      return number;
    }
    case 'enum': {
      const text = String(value);
      if (!preference.values.includes(text)) throw refuse(`choose one of ${preference.values.join(', ')}`);
      return text;
    }
    default: {
      const text = String(value);
      if (text.length > MAX_TEXT) throw refuse(`at most ${MAX_TEXT} characters are allowed`);
      if (preference.pattern !== undefined && !matches(preference.pattern, text))
        throw refuse(`it must match ${preference.pattern}`);
      return text;
    }
  }
}

/**
 * Every declared preference with its stored value, or its default if none is stored or the stored one is no longer
 * valid. Undeclared ones are left out.
 */
export function effectivePreferences(
  declared: readonly AddonPreference[],
  stored: PreferenceValues,
  matches: PatternMatch = createPatternMatch(),
): PreferenceValues {
  return Object.fromEntries(
    declared.map((preference) => {
      const value = Object.hasOwn(stored, preference.key) ? stored[preference.key] : undefined;
      if (value === undefined) return [preference.key, preference.default];
      try {
        return [preference.key, coercePreference(preference, value, matches)];
      } catch {
        return [preference.key, preference.default];
      }
    }),
  );
}

/** The values for display: a secret that is set is masked. */
export function maskSecrets(declared: readonly AddonPreference[], values: PreferenceValues): PreferenceValues {
  return Object.fromEntries(
    declared.map((preference) => [
      preference.key,
      preference.type === 'secret' && values[preference.key] !== '' ? '••••••' : values[preference.key]!,
    ]),
  );
}

function shown(preference: AddonPreference, value: PreferenceValue): string {
  if (preference.type === 'secret') return '••••••';
  return cutTo(String(value), 81);
}

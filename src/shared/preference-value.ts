import type { AddonPreference, PreferenceValue } from './addons';
import { UserError } from './user-error';

/**
 * Turns what a person typed, or what was stored, into a value that fits the preference's declaration.
 *
 * @param name how to call the preference in a message
 * @throws UserError (`arguments`) saying what was expected
 */
export function coercePreference(declared: AddonPreference, value: PreferenceValue, name: string = declared.label): PreferenceValue {
  const refuse = (expected: string): never => {
    throw new UserError(`${name} cannot be “${String(value)}”: ${expected}.`, 'arguments');
  };
  switch (declared.type) {
    case 'boolean': {
      if (typeof value === 'boolean') return value;
      const word = String(value).trim().toLowerCase();
      if (['true', 'yes', 'on', '1'].includes(word)) return true;
      if (['false', 'no', 'off', '0'].includes(word)) return false;
      return refuse('it takes true or false');
    }
    case 'integer':
    case 'number': {
      const number = typeof value === 'number' ? value : String(value).trim() === '' ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) return refuse('it takes a number');
      if (declared.type === 'integer' && !Number.isInteger(number)) return refuse('it takes a whole number');
      if (declared.min !== undefined && number < declared.min) return refuse(`the least is ${declared.min}`);
      if (declared.max !== undefined && number > declared.max) return refuse(`the most is ${declared.max}`);
      return number;
    }
    case 'enum':
      return declared.values.includes(String(value)) ? String(value) : refuse(`it takes one of ${declared.values.join(', ')}`);
    case 'string':
    case 'path':
    case 'secret': {
      const text = String(value);
      if (declared.pattern !== undefined && !new RegExp(`^(?:${declared.pattern})$`, 'u').test(text)) {
        return refuse(declared.description || `it must match ${declared.pattern}`);
      }
      return text;
    }
  }
}

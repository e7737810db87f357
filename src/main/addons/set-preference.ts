import type { Addon, PreferenceValue } from '../../shared/addons';
import { messageOf, UserError } from '../../shared/user-error';
import type { AddonRunner } from './addon-runner';
import type { AddonSettings } from './addon-settings';
import { type InstalledAddon, inTurn, toAddon } from './installed-addon';
import { coercePreference } from '../preferences/preference-value';

/** An address with a password in it, such as `http://alice:wonder@host`. */
const WITH_PASSWORD = /\b[a-z][a-z\d+.-]*:\/\/[^/?#@\s:]*:[^/?#@\s]+@/i;

/**
 * Validates, stores and applies a preference of an add-on: see AddonManager.setPreference.
 *
 * @throws UserError when there is none, the value is invalid, or the add-on did not apply it in time
 */
export async function setPreference(
  entry: InstalledAddon,
  key: string,
  value: PreferenceValue,
  parts: {
    readonly settings: Pick<AddonSettings, 'save'>;
    readonly runner: Pick<AddonRunner, 'regrant'>;
    readonly changed: () => void;
  },
): Promise<Addon> {
  const declared = entry.manifest.preferences.find((preference) => preference.key === key);
  if (!declared) {
    const keys = entry.manifest.preferences.map((preference) => preference.key).join(', ');
    throw new UserError(
      `The add-on “${entry.manifest.name}” has no preference “${key}”: ${keys ? `it has ${keys}` : 'it has none'}.`,
      'not-found',
    );
  }
  const wanted = coercePreference(declared, value, entry.matches);
  // Only those of the type `secret` are withheld from whoever may look.
  if (declared.type === 'string' && WITH_PASSWORD.test(String(wanted)))
    throw new UserError(
      `“${declared.label}” is an address with a password, which everybody could read here: leave it out.`,
      'arguments',
    );
  return inTurn(entry, async () => {
    const { stored, values } = entry;
    entry.stored = { ...stored, [key]: wanted };
    try {
      await parts.settings.save(entry);
    } catch (error) {
      entry.stored = stored;
      throw error;
    }
    entry.values = { ...values, [key]: wanted };
    parts.changed();
    const unchanged = stored[key] === wanted && values[key] === wanted;
    // To choose what was the default already may grant a folder. A process that is started again begins with the value.
    if (!entry.process || unchanged || (await parts.runner.regrant(entry)) || values[key] === wanted)
      return toAddon(entry);
    try {
      await entry.process.applyPreferences(entry.values, [key]);
    } catch (error) {
      throw new UserError(
        `“${declared.label}” is stored, but ${messageOf(error)}: disable and enable “${entry.manifest.name}” to apply it.`,
      );
    }
    return toAddon(entry);
  });
}

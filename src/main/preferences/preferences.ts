import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PreferenceValue, PreferenceValues } from '../../shared/addons';
import { type HostPreference, hostPreferenceSections } from '../../shared/host-preferences';
import { coercePreference } from './preference-value';
import { oneAtATime } from '../../shared/one-at-a-time';
import { UserError, messageOf } from '../../shared/user-error';
import { typedPath } from '../scenes/typed-path';
import { readPreferences, writePreferences } from './preferences-file';
import type { StoredAddon } from './stored-addon';

const OUTPUT_DIRECTORY = 'render.outputDirectory';

/** The host's preferences and the stored settings of add-ons. */
export interface Preferences {
  /** Every host preference by full key, defaults filled in. */
  host(): PreferenceValues;
  /**
   * Sets and stores one host preference, then announces it. @throws UserError when the key is unknown or the value is
   * invalid
   */
  setHost(key: string, value: PreferenceValue): Promise<PreferenceValue>;
  onHostChange(listener: () => void): () => void;
  addon(id: string): StoredAddon;
  saveAddon(id: string, stored: StoredAddon): Promise<void>;
  /** Forgets everything stored of an add-on. */
  removeAddon(id: string): Promise<void>;
  /** Default output folder of jobs that name none. */
  outputDirectory(): string;
  /** A message to the user about the file, or null. */
  readonly notice: string | null;
}

const declaredHostPreferences: ReadonlyMap<string, HostPreference> = new Map(
  hostPreferenceSections.flatMap((section) =>
    section.preferences.map((preference) => [`${section.id}.${preference.key}`, preference] as const),
  ),
);

/** Opens the preferences of a data folder. Writes are serialized, and each is atomic. */
export async function openPreferences(dataFolder: string): Promise<Preferences> {
  const file = join(dataFolder, 'preferences.json');
  const read = await readPreferences(file);
  let stored = read.stored;
  /** Stored host preferences with a value that they can't have, with the reason as a sentence. */
  const wrong = new Map<string, string>();
  const usable = new Map<string, PreferenceValue>();
  for (const [key, declared] of declaredHostPreferences) {
    const value = stored.host[key];
    if (value === undefined) continue;
    try {
      usable.set(key, checked(key, declared, value));
    } catch (error) {
      wrong.set(key, messageOf(error));
    }
  }
  const listeners = new Set<() => void>();
  const inTurn = oneAtATime();

  /** Stores first, then publishes the new values: what is announced has been written. */
  function change(step: (current: typeof stored) => typeof stored): Promise<void> {
    return inTurn(async () => {
      const next = step(stored);
      await writePreferences(file, next);
      stored = next;
    });
  }

  const filledIn = (): PreferenceValues =>
    Object.fromEntries(
      [...declaredHostPreferences].map(([key, declared]) => [key, usable.get(key) ?? declared.default]),
    );
  // Put together at each change and not at each look: every request of anybody looks.
  let values = filledIn();
  const host = (): PreferenceValues => values;

  return {
    notice: read.notice ?? noticeOf(wrong),
    host,
    async setHost(key, value) {
      const declared = declaredHostPreferences.get(key);
      if (!declared) {
        throw new UserError(
          `There is no preference “${key}”: the host has ${[...declaredHostPreferences.keys()].join(', ')}.`,
          'not-found',
        );
      }
      const coerced = checked(key, declared, value);
      await change((current) => ({ ...current, host: { ...current.host, [key]: coerced } }));
      usable.set(key, coerced);
      values = filledIn();
      for (const listener of listeners) listener();
      return coerced;
    },
    onHostChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    addon(id) {
      const entry = stored.addons[id];
      return {
        enabled: entry?.enabled ?? false,
        values: entry?.preferences ?? {},
        consented: entry?.consented,
        quarantine: entry?.quarantine,
      };
    },
    saveAddon: (id, { enabled, values, consented, quarantine }) =>
      change((current) => ({
        ...current,
        addons: {
          ...current.addons,
          [id]: { ...current.addons[id], enabled, preferences: values, consented, quarantine },
        },
      })),
    removeAddon: (id) =>
      change((current) => {
        const { [id]: _removed, ...addons } = current.addons;
        return { ...current, addons };
      }),
    outputDirectory: () => String(host()[OUTPUT_DIRECTORY]) || join(homedir(), 'Framegauge'),
  };
}

/** @returns the value as it is stored @throws UserError when it is none that the preference can have */
function checked(key: string, declared: HostPreference, value: PreferenceValue): PreferenceValue {
  const given = coercePreference(declared, value);
  const coerced = key === OUTPUT_DIRECTORY && given !== '' ? typedPath(String(given)) : given;
  const problem = declared.problemOf?.(String(coerced)) ?? null;
  if (problem !== null) throw new UserError(problem, 'arguments');
  return coerced;
}

/** Null where none is wrong. */
function noticeOf(wrong: ReadonlyMap<string, string>): string | null {
  if (wrong.size === 0) return null;
  const told = [...wrong].map(([key, why]) => `${key} (${why})`).join(', ');
  return `The stored value of some preferences cannot be used, so their defaults are: ${told}`;
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AddonPreference, PreferenceValue, PreferenceValues } from '../../shared/addons';
import { hostPreferenceSections } from '../../shared/host-preferences';
import { coercePreference } from '../addons/preference-value';
import { UserError } from '../../shared/user-error';
import { readPreferences, writePreferences } from './preferences-file';

/** What is stored for one add-on. It outlives disabling. */
export interface StoredAddon {
  readonly enabled: boolean;
  /** Only what the person set; defaults are in addon.json. */
  readonly values: PreferenceValues;
}

/** The preferences of the host and what is stored for add-ons. */
export interface Preferences {
  /** Every host preference by full key, defaults filled in. */
  host(): PreferenceValues;
  /** Sets one host preference, stores it, then tells. @throws UserError when the key is unknown or the value does not fit */
  setHost(key: string, value: PreferenceValue): Promise<PreferenceValue>;
  onHostChange(listener: () => void): () => void;
  addon(id: string): StoredAddon;
  saveAddon(id: string, stored: StoredAddon): Promise<void>;
  /** Where images of a scene go when the job names no output. */
  outputDirectory(): string;
  /** What the person should be told about the file, or null. */
  readonly notice: string | null;
}

const declaredHostPreferences: ReadonlyMap<string, AddonPreference> = new Map(
  hostPreferenceSections.flatMap((section) =>
    section.preferences.map((preference) => [`${section.id}.${preference.key}`, preference] as const),
  ),
);

/** Opens the preferences of a data folder. Saves are made one after another, each atomic. */
export async function openPreferences(dataFolder: string): Promise<Preferences> {
  const file = join(dataFolder, 'preferences.json');
  const read = await readPreferences(file);
  let stored = read.stored;
  const listeners = new Set<() => void>();
  let saving: Promise<void> = Promise.resolve();

  /** Stores first, and only then lets the new values be seen: what is told has been written. */
  function change(step: (current: typeof stored) => typeof stored): Promise<void> {
    const done = saving.then(async () => {
      const next = step(stored);
      await writePreferences(file, next);
      stored = next;
    });
    saving = done.catch(() => undefined);
    return done;
  }

  const host = (): PreferenceValues =>
    Object.fromEntries(
      [...declaredHostPreferences].map(([key, declared]) => [key, stored.host[key] ?? declared.default]),
    );

  return {
    notice: read.notice,
    host,
    async setHost(key, value) {
      const declared = declaredHostPreferences.get(key);
      if (!declared) {
        throw new UserError(
          `There is no preference “${key}”: the host has ${[...declaredHostPreferences.keys()].join(', ')}.`,
          'arguments',
        );
      }
      const coerced = coercePreference(declared, value);
      await change((current) => ({ ...current, host: { ...current.host, [key]: coerced } }));
      for (const listener of listeners) listener();
      return coerced;
    },
    onHostChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    addon(id) {
      const entry = stored.addons[id];
      return { enabled: entry?.enabled ?? false, values: entry?.preferences ?? {} };
    },
    saveAddon: (id, { enabled, values }) =>
      change((current) => ({
        ...current,
        addons: { ...current.addons, [id]: { ...current.addons[id], enabled, preferences: values } },
      })),
    outputDirectory: () => String(host()['render.outputDirectory']) || join(homedir(), 'Framegauge'),
  };
}

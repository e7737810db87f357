import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AddonManifest } from '../../../src/shared/addons';

const { preferences } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../src/addon/notify/addon.json'), 'utf8'),
) as AddonManifest;

/** Reads preferences as the add-on does: those given, else the declared defaults. */
export function preferencesOf(given: Readonly<Record<string, string>>): (key: string) => string {
  return (key) => {
    const declared = preferences.find((preference) => preference.key === key);
    if (!declared) throw new Error(`There is no preference ${key}.`);
    return given[key] ?? String(declared.default);
  };
}

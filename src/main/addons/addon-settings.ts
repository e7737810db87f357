import { isDeepStrictEqual } from 'node:util';
import { messageOf, UserError } from '../../shared/user-error';
import type { StoredAddon } from '../preferences/stored-addon';
import { type InstalledAddon, toStored } from './installed-addon';

/** The manager's persistent storage. */
export interface AddonStore {
  /** `{ enabled: false, values: {} }` for an add-on with nothing stored. */
  addon(id: string): StoredAddon;
  saveAddon(id: string, stored: StoredAddon): Promise<void>;
  /** Forgets everything stored of an add-on. */
  removeAddon(id: string): Promise<void>;
}

/** Stores what people set about add-ons. A linked one is nobody's to keep. */
export interface AddonSettings {
  /** @throws UserError when it cannot be stored */
  save(entry: InstalledAddon): Promise<void>;
  /**
   * Stores that a person has agreed to what the add-on asks for, which also lets it out of quarantine.
   *
   * @param changed whether something else of it is to be stored too
   * @throws UserError when it cannot be stored
   */
  agree(entry: InstalledAddon, changed?: boolean): Promise<void>;
}

export function createAddonSettings(store: AddonStore): AddonSettings {
  async function save(entry: InstalledAddon): Promise<void> {
    if (entry.linked) return;
    try {
      await store.saveAddon(entry.manifest.id, toStored(entry));
    } catch (error) {
      throw new UserError(
        `The settings of the add-on “${entry.manifest.name}” could not be saved: ${messageOf(error)}`,
      );
    }
  }
  return {
    save,
    async agree(entry, changed = false) {
      const { permissions } = entry.manifest;
      const known = entry.quarantine === null && (entry.bundled || isDeepStrictEqual(entry.consented, permissions));
      if (!entry.bundled) entry.consented = permissions;
      entry.quarantine = null;
      if (changed || !known) await save(entry);
    },
  };
}

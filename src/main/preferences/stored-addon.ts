import type { AddonPermissions, PreferenceValues } from '../../shared/addons';

/** An add-on's stored settings. They survive disabling. */
export interface StoredAddon {
  readonly enabled: boolean;
  /** Only values set by the user; defaults are in addon.json. */
  readonly values: PreferenceValues;
  /** The permissions that a person agreed to by enabling it; undefined where that was not stored. */
  readonly consented?: AddonPermissions | undefined;
  /** Why it was put into quarantine, a sentence; undefined where it was not. */
  readonly quarantine?: string | undefined;
}

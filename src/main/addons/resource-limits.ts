import { DEFAULT_ADDON_MEMORY_MB, DEFAULT_ADDON_STORAGE_MB } from '../../shared/host-preferences';
import type { PreferenceValues } from '../../shared/addons';

/** What an add-on may take of the machine, in MB. */
export interface ResourceLimits {
  /** Of its JavaScript heap. */
  readonly heap: number;
  /** Of its storage folder; does not hold for bundled add-ons. */
  readonly storage: number;
}

/** The preferences' defaults. */
export const DEFAULT_LIMITS: ResourceLimits = { heap: DEFAULT_ADDON_MEMORY_MB, storage: DEFAULT_ADDON_STORAGE_MB };

/** @param preferences of the host */
export function resourceLimitsIn(preferences: PreferenceValues): ResourceLimits {
  return {
    heap: Number(preferences['addons.memoryLimit']),
    storage: Number(preferences['addons.storageLimit']),
  };
}

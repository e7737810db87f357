import type { CollectedMetrics, MetricFamily } from '../../shared/addon-protocol';
import type { InstalledAddon } from './installed-addon';

/**
 * The families of the host, plus those of every running add-on except `exceptId`, packed. Add-ons that don't answer in
 * time are left out.
 */
export async function collectAddonFamilies(
  entries: readonly InstalledAddon[],
  hostFamilies: () => Promise<MetricFamily[]>,
  exceptId?: string,
): Promise<{ families: MetricFamily[]; addons: CollectedMetrics['addons'] }> {
  const others = entries.filter(
    (entry) => entry.state === 'running' && entry.process && entry.manifest.id !== exceptId,
  );
  const [families, ...addons] = await Promise.all([
    hostFamilies(),
    ...others.map(async (entry) => ({
      addonId: entry.manifest.id,
      bundled: entry.bundled,
      packed: (await entry.process?.metrics()) ?? null,
    })),
  ]);
  return {
    families,
    addons: addons.flatMap(({ addonId, bundled, packed }) => (packed ? [{ addonId, bundled, packed }] : [])),
  };
}

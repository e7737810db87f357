import type { CollectedMetrics, MetricFamily } from '../../shared/addon-protocol';
import { createRateLimit } from '../../shared/rate-limit';
import type { InstalledAddon } from './installed-addon';

/** How often in a second an add-on that did not come with the program makes all others collect their metrics. */
const COLLECTIONS = 5;
/** How long it is then given the last ones, in milliseconds. */
const COLLECTION_HOLDS = 1_000;

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

/** @returns collects, or beyond the limit returns the last result */
export function collectSparingly<T>(collect: () => Promise<T>, unlimited: boolean): () => Promise<T> {
  const limit = createRateLimit(COLLECTIONS);
  let last: { readonly result: Promise<T> } | null = null;
  return () => {
    if (unlimited) return collect();
    if (!limit.take() && last) return last.result;
    const made = (last = { result: collect() });
    // It may be large.
    setTimeout(() => last === made && (last = null), COLLECTION_HOLDS).unref();
    return made.result;
  };
}

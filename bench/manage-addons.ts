import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AddonManager, createAddonManager } from '../src/main/addons/addon-manager';
import { createAddonOffers } from '../src/main/addons/offers/addon-offers';
import { EMPTY_SNAPSHOT } from '../test/helpers/empty-snapshot';

/**
 * Manages the bundled add-ons and further ones, in a host without a queue.
 *
 * @param addons the source of each one's module, by id
 */
export async function manageAddons(folder: string, addons: Readonly<Record<string, string>>): Promise<AddonManager> {
  for (const [id, source] of Object.entries(addons)) {
    const addonFolder = join(folder, 'addons', id);
    await mkdir(addonFolder, { recursive: true });
    const about = {
      schemaVersion: 1,
      id,
      version: '1.0.0',
      name: `Bench ${id}`,
      tagline: 'Measured by the bench',
      author: 'Bench',
      license: 'MIT',
      category: 'Testing',
      api: '^1',
      main: 'main.mjs',
    };
    await writeFile(join(addonFolder, 'addon.json'), JSON.stringify(about));
    await writeFile(join(addonFolder, 'main.mjs'), source);
  }
  return createAddonManager({
    builtFolder: resolve(import.meta.dirname, '../out/addon'),
    userFolder: join(folder, 'addons'),
    dataFolder: folder,
    hostVersion: '0.1.0',
    store: { addon: () => ({ enabled: false, values: {} }), saveAddon: async () => {}, removeAddon: async () => {} },
    offers: createAddonOffers({ tell: () => undefined, hasJob: () => false }),
    host: {
      snapshot: () => EMPTY_SNAPSHOT,
      families: async () => [],
      call: () => Promise.reject(new Error('There are no jobs here.')),
      image: async () => null,
    },
  });
}

/** @throws Error when it does not run afterwards */
export async function enableAddon(manager: AddonManager, id: string): Promise<void> {
  const { state, reason } = await manager.enable(id);
  if (state !== 'running') throw new Error(`${id}: ${reason}`);
}

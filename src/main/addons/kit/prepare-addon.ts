import { readFile } from 'node:fs/promises';
import type { AddonManifest } from '../../../shared/addons';
import { UserError } from '../../../shared/user-error';
import { readManifest } from '../manifest';
import { buildAddon } from './build-addon';

/**
 * Builds an add-on, and reads its manifest afterwards: that demands that the main module is there.
 *
 * @throws UserError when a source or addon.json cannot be used; (`arguments`) when there is no addon.json
 */
export async function prepareAddon(folder: string, hostVersion: string): Promise<AddonManifest> {
  await buildAddon(folder, { main: await namedMain(folder) });
  return readManifest(folder, hostVersion);
}

async function namedMain(folder: string): Promise<string> {
  const text = await readFile(`${folder}/addon.json`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new UserError(`There is no addon.json in “${folder}”: name the folder of an add-on.`, 'arguments')
      : error;
  });
  try {
    const { main } = JSON.parse(text) as { main?: unknown };
    return typeof main === 'string' ? main : '';
  } catch {
    // Reported by readManifest, with the place.
    return '';
  }
}

import { shortened } from '../../../shared/shortened';
import { RefusedContent } from './entry-names';

/**
 * Where the add-on begins in an archive: at its top, or in the one folder that everything is in, as programs that pack
 * a folder make it.
 *
 * @param files paths with `/` between their parts
 * @returns a prefix of every path, such as `frame-log/`; empty for the top
 * @throws RefusedContent when there is no addon.json, or more than one could be meant
 */
export function addonRoot(files: readonly string[]): string {
  if (files.includes('addon.json')) return '';
  const manifests = files.filter((path) => /^[^/]+\/addon\.json$/.test(path));
  const [manifest] = manifests;
  if (manifest === undefined) throw new RefusedContent('it has no addon.json, and so is no add-on');
  if (manifests.length > 1)
    throw new RefusedContent(`it has ${manifests.length} add-ons in it: install one after another`);
  const root = manifest.slice(0, manifest.lastIndexOf('/') + 1);
  const stray = files.find((path) => !path.startsWith(root));
  if (stray !== undefined) throw new RefusedContent(`“${shortened(stray)}” lies beside the folder with the addon.json`);
  return root;
}

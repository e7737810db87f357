// @ts-check
import { isAbsolute, relative, sep } from 'node:path';

/**
 * What has to be done for a change to take effect. `ui`: nothing, Vite updates the page. `addon`: build the add-on side
 * and restart one add-on, or all for `null`. `installed-addon`: restart the add-on of a folder in the data folder.
 * `host`: build everything and restart the host.
 *
 * @typedef {{ kind: 'ui' | 'none' | 'host' } | { kind: 'addon', id: string | null } | { kind: 'installed-addon', folder:
 * string }} ChangeEffect
 */

/**
 * @param {string} file absolute path of what was changed, added or deleted
 * @param {{ root: string, addons: string }} folders the repository, and `addons` of the data folder; absolute
 * @returns {ChangeEffect}
 */
export function effectOf(file, { root, addons }) {
  const [folder, ...inside] = partsBelow(addons, file) ?? [];
  if (folder !== undefined && inside.length > 0)
    // The host reads manifests only when it starts.
    return inside[0] === 'addon.json' ? { kind: 'host' } : { kind: 'installed-addon', folder };
  const [top, room, ...rest] = partsBelow(root, file) ?? [];
  if (top !== 'src') return { kind: 'none' };
  switch (room) {
    case 'addon':
      if (rest.at(-1) === 'addon.json') return { kind: 'host' };
      return { kind: 'addon', id: rest[0] === 'api' ? null : (rest[0] ?? null) };
    case 'renderer':
      // Workers load the render page from the built program, and the host serves it.
      return { kind: rest[0] === 'render-page' ? 'host' : 'ui' };
    case 'main':
    case 'shared':
    case 'preload':
      return { kind: 'host' };
    default:
      return { kind: 'none' };
  }
}

/** @param {string} folder @param {string} file @returns {string[] | null} null where the file lies elsewhere */
function partsBelow(folder, file) {
  const path = relative(folder, file);
  return path === '' || isAbsolute(path) || path.split(sep)[0] === '..' ? null : path.split(sep);
}

import { stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, resolve } from 'node:path';
import type { AddonManifest, PreferenceValues } from '../../shared/addons';
import { resolveLinks } from '../data/resolve-links';
import { isBelow } from '../data/path-below';
import type { Place, Places } from './permission-flags';

/** What the names in a manifest's `files` stand for at the moment. Folders are absolute; they need not exist. */
export interface NamedFolders {
  /** Folders that jobs write to. */
  readonly output: readonly string[];
  /** Folders of scenes. */
  readonly scenes: readonly string[];
}

export const NO_FOLDERS: NamedFolders = { output: [], scenes: [] };

/** The host's folders that no permission reaches. */
export interface ClosedFolders {
  readonly dataFolder: string;
  /** Folder of uploaded scenes: the only open part of the data folder; null for none. */
  readonly uploads: string | null;
}

/** What an add-on's permission `files` amounts to at the moment. */
export interface GrantedPlaces extends Places {
  /**
   * The granted folders that are there, with the id of the device that each is on: a sandbox shows what was there when
   * it was started, neither a folder that came later nor a share that was mounted over it.
   */
  readonly there: ReadonlyMap<string, number>;
  /** Why something that was asked for is not granted, a sentence each. */
  readonly warnings: readonly string[];
}

/** Whether two grants are the same. */
export function isSameGrant(one: GrantedPlaces, other: GrantedPlaces): boolean {
  return coversGrant(one, other) && coversGrant(other, one);
}

/** Whether a process that was started with one grant can use all of another. */
export function coversGrant(started: GrantedPlaces, wanted: GrantedPlaces): boolean {
  const within = (list: readonly Place[], { path, folder }: Place): boolean => {
    const device = wanted.there.get(path);
    return list.some((place) =>
      place.path === path
        ? place.folder === folder && started.there.get(path) === device
        : // In a folder that was there, what comes later is there too, unless it is on a file system of its own.
          place.folder &&
          isBelow(path, place.path) &&
          started.there.has(place.path) &&
          (device ?? started.there.get(place.path)) === started.there.get(place.path),
    );
  };
  return (
    wanted.read.every((place) => within([...started.read, ...started.write], place)) &&
    wanted.write.every((place) => within(started.write, place))
  );
}

/**
 * Whether a process that was started with one grant can reach what is there of another: a folder that has never been
 * there is no reason to start it again before it is.
 */
export function reachesGrant(started: GrantedPlaces, wanted: GrantedPlaces): boolean {
  const isThere = ({ path, folder }: Place): boolean => !folder || wanted.there.has(path) || started.there.has(path);
  return coversGrant(started, { ...wanted, read: wanted.read.filter(isThere), write: wanted.write.filter(isThere) });
}

/**
 * Resolves the names in a manifest's `files`. Never rejects.
 *
 * @param chosen what a person has set preferences to: a default is the author's choice, and gives access to nothing
 */
export async function grantedPlaces(
  { permissions, preferences }: Pick<AddonManifest, 'permissions' | 'preferences'>,
  chosen: PreferenceValues,
  folders: NamedFolders,
  closed: ClosedFolders,
): Promise<GrantedPlaces> {
  const read: Place[] = [];
  const write: Place[] = [];
  const there = new Map<string, number>();
  const warnings: string[] = [];
  const { files } = permissions;
  if (!files) return { read, write, there, warnings };
  if (files.read.length + files.write.length === 0)
    warnings.push(
      'Its permission “files” names no folders in “read” or “write”, so it reaches only its own folder and its storage.',
    );

  const [data, uploads] = await Promise.all([
    resolveLinks(closed.dataFolder),
    closed.uploads === null ? null : resolveLinks(closed.uploads),
  ]);

  const refusal = (path: string): string =>
    path.includes('*') ? 'whose name has a * in it' : 'because the data folder of Framegauge is there';

  /** A folder that is granted as it is written and with links resolved: Node compares paths as they are written. */
  async function add(list: Place[], path: string, folder: boolean): Promise<boolean> {
    const real = await resolveLinks(path);
    const forms = [...new Set([real, path])];
    const reachesData =
      forms.some((form) => isBelow(form, data) || isBelow(form, closed.dataFolder)) ||
      (folder && (isBelow(data, real) || isBelow(closed.dataFolder, path)));
    if (reachesData && !(uploads !== null && isBelow(real, uploads))) return false;
    if (forms.some((form) => form.includes('*'))) return false;
    for (const form of forms) {
      if (!list.some((place) => place.path === form && place.folder === folder)) list.push({ path: form, folder });
      const device = folder ? await deviceOf(form) : null;
      if (device !== null) there.set(form, device);
    }
    return true;
  }

  async function addNamed(name: string, list: readonly string[]): Promise<void> {
    for (const each of list) {
      const path = resolve(each);
      if (await add(read, path, true)) continue;
      // What is in the data folder is never granted, such as previews.
      const isOwn = isBelow(path, closed.dataFolder) || isBelow(await resolveLinks(path), data);
      if (!isOwn) warnings.push(`Its permission for “${name}” does not reach the folder ${path}, ${refusal(path)}.`);
    }
  }

  async function addPreference(list: Place[], key: string): Promise<void> {
    const declared = preferences.find((preference) => preference.key === key);
    const label = declared?.label ?? key;
    if (!Object.hasOwn(chosen, key)) {
      if (declared && String(declared.default).trim() !== '')
        warnings.push(
          `“${label}” gives it access to nothing: “${declared.default}” is its author’s choice. Set it to give access.`,
        );
      return;
    }
    const text = String(chosen[key]).trim();
    if (text === '') return;
    if (!isAbsolute(text)) {
      warnings.push(`“${label}” gives it access to nothing: “${text}” is no full path.`);
      return;
    }
    const path = resolve(text);
    const folder = await folderNamedBy(path);
    if (await add(list, folder, true)) {
      if (!there.has(folder))
        warnings.push(
          `“${label}” names the folder ${folder}, which is not there: it gets access to that folder alone, once it is there.`,
        );
      return;
    }
    const alone = folder !== path && (await add(list, path, false));
    warnings.push(
      `“${label}” does not give it access to the folder ${folder}, ${refusal(folder)}${alone ? ': to the file alone' : ''}. Choose another folder.`,
    );
  }

  for (const [names, list] of [
    [files.read, read],
    [files.write, write],
  ] as const)
    for (const name of names) {
      if (name === 'output' || name === 'scenes') await addNamed(name, folders[name]);
      else await addPreference(list, name);
    }
  return { read, write, there, warnings };
}

/**
 * The folder that a path stands for: itself, or that of the file that it names. One that is not there may be a folder on
 * a share that is away, whose parent was never meant; only a name with an extension is taken for a file to be written.
 */
async function folderNamedBy(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  const isFile = found ? !found.isDirectory() : extname(path) !== '';
  return isFile ? dirname(path) : path;
}

/** The device of a folder; null where there is none. */
async function deviceOf(folder: string): Promise<number | null> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ? found.dev : null;
}

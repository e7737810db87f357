import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { AddonManifest, PreferenceValues } from '../../shared/addons';
import { resolveLinks } from '../data/resolve-links';
import { isBelow } from '../scenes/scene-access';
import type { Place, Places } from './permission-flags';

/** What the names in a manifest's `files` stand for at the moment. Folders are absolute; they need not exist. */
export interface NamedFolders {
  /** Folders that jobs write to. */
  readonly output: readonly string[];
  /** Folders of scenes. */
  readonly scenes: readonly string[];
}

/** The host's folders that no permission reaches. */
export interface ClosedFolders {
  readonly dataFolder: string;
  /** Folder of uploaded scenes: the only open part of the data folder; null for none. */
  readonly uploads: string | null;
}

/** What an add-on's permission `files` amounts to at the moment. */
export interface GrantedPlaces extends Places {
  /** Folders of `read` that do not exist yet: a sandbox cannot show them before they do. */
  readonly missing: readonly string[];
  /** Why something that was asked for is not granted, a sentence each. */
  readonly warnings: readonly string[];
}

/** Whether two grants are the same. */
export function isSameGrant(one: GrantedPlaces, other: GrantedPlaces): boolean {
  return coversGrant(one, other) && coversGrant(other, one);
}

/** Whether a process that was started with one grant can use all of another. */
export function coversGrant(started: GrantedPlaces, wanted: GrantedPlaces): boolean {
  const within = (list: readonly Place[], { path, folder }: Place): boolean =>
    list.some((place) => place.path === path && place.folder === folder);
  return (
    wanted.read.every((place) => within(started.read, place)) &&
    wanted.write.every((place) => within(started.write, place)) &&
    // What did not exist is not in its sandbox.
    started.missing.every(
      (path) =>
        wanted.missing.includes(path) || ![...wanted.read, ...wanted.write].some((place) => place.path === path),
    )
  );
}

/** Resolves the names in a manifest's `files`. Never rejects. */
export async function grantedPlaces(
  { permissions, preferences }: Pick<AddonManifest, 'permissions' | 'preferences'>,
  values: PreferenceValues,
  folders: NamedFolders,
  closed: ClosedFolders,
): Promise<GrantedPlaces> {
  const read: Place[] = [];
  const write: Place[] = [];
  const missing: string[] = [];
  const warnings: string[] = [];
  const { files } = permissions;
  if (!files) return { read, write, missing, warnings };
  if (files.read.length + files.write.length === 0)
    warnings.push(
      'Its permission “files” names no folders in “read” or “write”, so it reaches only its own folder and its storage.',
    );

  const [data, uploads] = await Promise.all([
    resolveLinks(closed.dataFolder),
    closed.uploads === null ? null : resolveLinks(closed.uploads),
  ]);

  /** A folder that is granted as it is written and with links resolved: Node compares paths as they are written. */
  async function add(list: Place[], path: string, folder: boolean): Promise<boolean> {
    const real = await resolveLinks(path);
    const forms = [...new Set([real, path])];
    const reachesData =
      forms.some((form) => isBelow(form, data) || isBelow(form, closed.dataFolder)) ||
      (folder && (isBelow(data, real) || isBelow(closed.dataFolder, path)));
    if (reachesData && !(uploads !== null && isBelow(real, uploads))) return false;
    if (forms.some((form) => form.includes('*'))) return false;
    for (const form of forms)
      if (!list.some((place) => place.path === form && place.folder === folder)) list.push({ path: form, folder });
    return true;
  }

  async function addNamed(list: readonly string[]): Promise<void> {
    for (const path of list) {
      if (!(await add(read, resolve(path), true))) continue;
      if (!(await isFolder(path))) missing.push(path);
    }
  }

  async function addPreference(list: Place[], key: string): Promise<void> {
    const text = String(values[key] ?? '').trim();
    if (text === '') return;
    const label = preferences.find((preference) => preference.key === key)?.label ?? key;
    if (!isAbsolute(text)) {
      warnings.push(`“${label}” gives it access to nothing: “${text}” is no full path.`);
      return;
    }
    const path = resolve(text);
    const folder = (await isFolder(path)) ? path : dirname(path);
    if (await add(list, folder, true)) {
      if (!(await isFolder(folder))) missing.push(folder);
      return;
    }
    const alone = folder !== path && (await add(list, path, false));
    warnings.push(
      `“${label}” does not give it access to the folder ${folder}, ${folder.includes('*') ? 'whose name has a * in it' : 'because the data folder of Framegauge is there'}${alone ? ': to the file alone' : ''}. Choose another folder.`,
    );
  }

  for (const [names, list] of [
    [files.read, read],
    [files.write, write],
  ] as const)
    for (const name of names) {
      if (name === 'output' || name === 'scenes') await addNamed(folders[name]);
      else await addPreference(list, name);
    }
  return { read, write, missing, warnings };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

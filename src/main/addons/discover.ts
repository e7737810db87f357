import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AddonManifest } from '../../shared/addons';
import { messageOf } from '../../shared/user-error';
import { previousFolder } from './install/addon-places';
import { readManifest } from './manifest';

/** An add-on found on disk. */
export interface FoundAddon {
  readonly manifest: AddonManifest;
  /** Absolute. */
  readonly folder: string;
  readonly bundled: boolean;
  /** Why it cannot be enabled; its manifest then holds only what could be read. */
  readonly broken: string | null;
  /** The version before the last update; null for none. */
  readonly previous: string | null;
}

export interface DiscoverOptions {
  /** Folder of the add-ons that ship with the program, one folder each. */
  readonly bundledFolder: string;
  /** Folder of the user's own; need not exist. */
  readonly userFolder: string;
  readonly hostVersion: string;
}

/**
 * Finds every folder with an addon.json: the bundled ones first, each group sorted by folder name. Never fails; an
 * add-on's problem is in its `broken`.
 */
export async function discoverAddons({
  bundledFolder,
  userFolder,
  hostVersion,
}: DiscoverOptions): Promise<FoundAddon[]> {
  const found: FoundAddon[] = [];
  for (const [parent, bundled] of [
    [bundledFolder, true],
    [userFolder, false],
  ] as const) {
    for (const folder of await foldersWithManifest(parent)) {
      const taken = (id: string): FoundAddon | undefined => found.find((other) => other.manifest.id === id);
      try {
        const manifest = await readManifest(folder, hostVersion);
        const other = taken(manifest.id);
        if (!other)
          found.push({
            manifest,
            folder,
            bundled,
            broken: null,
            previous: bundled ? null : await previousVersion(userFolder, manifest.id, hostVersion),
          });
        else {
          const owner = other.bundled
            ? 'an add-on that comes with Framegauge'
            : `the add-on in “${basename(other.folder)}”`;
          const broken = `The add-on in “${basename(folder)}” cannot be used: its id “${manifest.id}” belongs to ${owner}.`;
          found.push({
            manifest: { ...manifest, id: freeId(basename(folder), taken) },
            folder,
            bundled,
            broken,
            previous: null,
          });
        }
      } catch (error) {
        found.push({
          manifest: unreadable(basename(folder), freeId(basename(folder), taken)),
          folder,
          bundled,
          broken: messageOf(error),
          previous: null,
        });
      }
    }
  }
  return found;
}

/** Null as well where that version cannot be used by this program. */
async function previousVersion(userFolder: string, id: string, hostVersion: string): Promise<string | null> {
  const manifest = await readManifest(previousFolder(userFolder, id), hostVersion).catch(() => null);
  return manifest?.id === id ? manifest.version : null;
}

async function foldersWithManifest(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const folders: string[] = [];
  for (const name of entries
    // A dot begins what is being installed, removed or kept for going back.
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
    .map((entry) => entry.name)
    .sort()) {
    const inside = await readdir(join(parent, name)).catch((): string[] => []);
    if (inside.includes('addon.json')) folders.push(join(parent, name));
  }
  return folders;
}

/** Placeholder manifest for an add-on whose addon.json cannot be used. */
function unreadable(name: string, id: string): AddonManifest {
  return {
    schemaVersion: 1,
    id,
    version: '0.0.0',
    name,
    tagline: 'Its addon.json cannot be used',
    author: 'unknown',
    license: 'unknown',
    category: 'Broken',
    api: '^1',
    main: 'main.js',
    permissions: {},
    preferences: [],
  };
}

/** An unused id derived from a folder's name. */
function freeId(name: string, taken: (id: string) => unknown): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 50);
  const base = `broken-${slug || 'addon'}`;
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken(id)) return id;
  }
}

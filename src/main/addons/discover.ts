import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AddonManifest } from '../../shared/addons';
import { messageOf } from '../../shared/user-error';
import { readManifest } from './manifest';

/** An add-on that was found on disk. */
export interface FoundAddon {
  readonly manifest: AddonManifest;
  /** Absolute. */
  readonly folder: string;
  readonly bundled: boolean;
  /** Why it cannot be enabled; its manifest then says only what could be made out. */
  readonly broken: string | null;
}

export interface DiscoverOptions {
  /** Folder with the add-ons that come with the program, one folder each. */
  readonly bundledFolder: string;
  /** Folder with the person's own; need not exist. */
  readonly userFolder: string;
  readonly hostVersion: string;
}

/** Finds every folder with an addon.json: the bundled ones first, each group by its folder's name. Never fails; what is wrong with one is in its `broken`. */
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
        if (!other) found.push({ manifest, folder, bundled, broken: null });
        else {
          const owner = other.bundled
            ? 'an add-on that comes with Framegauge'
            : `the add-on in “${basename(other.folder)}”`;
          const broken = `The add-on in “${basename(folder)}” cannot be used: its id “${manifest.id}” belongs to ${owner}.`;
          found.push({ manifest: { ...manifest, id: freeId(basename(folder), taken) }, folder, bundled, broken });
        }
      } catch (error) {
        found.push({
          manifest: unreadable(basename(folder), freeId(basename(folder), taken)),
          folder,
          bundled,
          broken: messageOf(error),
        });
      }
    }
  }
  return found;
}

async function foldersWithManifest(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const folders: string[] = [];
  for (const name of entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .sort()) {
    const inside = await readdir(join(parent, name)).catch((): string[] => []);
    if (inside.includes('addon.json')) folders.push(join(parent, name));
  }
  return folders;
}

/** What the list shows of an add-on whose addon.json says nothing usable. */
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

/** An id made of a folder's name that no other add-on has. */
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

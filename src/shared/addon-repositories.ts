import { z } from 'zod';
import './schema-words';
import { addonManifestSchema, permissionRequestSchema } from './addons';
import { shownText } from './texts/shown-text';

const { id, version, hostVersionMin, hostVersionMax } = addonManifestSchema.shape;
const text = shownText().min(1).max(200);

/** The largest index.json that is read, in bytes. */
export const MAX_INDEX = 4 * 1024 ** 2;

/** One version of an add-on in a repository. */
export const indexEntrySchema = z.object({
  id,
  version: version.max(60),
  name: text,
  tagline: shownText().max(500),
  author: text,
  license: text,
  category: text,
  tags: z.array(shownText().min(1).max(40)).max(10).default([]),
  hostVersionMin,
  hostVersionMax,
  permissions: z.array(permissionRequestSchema.extend({ reason: shownText().max(1_000) })).max(200),
  /** Relative to the index. */
  file: z
    .string()
    .max(400)
    .regex(
      /^(?!.*(?:^|\/)\.\.?(?:\/|$))[^/\\:?#%\p{Cc}][^\\:?#%\p{Cc}]*\.zip$/u,
      'a file is a .zip beside or below the index',
    ),
  bytes: z.int().min(1),
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 has 64 hexadecimal digits'),
});
export type IndexEntry = z.infer<typeof indexEntrySchema>;

/** An add-on that is not to be used, in these versions, or in any where none are named. */
export const blockSchema = z.object({
  id,
  versions: z.array(z.string().max(60)).max(200).optional(),
  reason: shownText().min(1).max(500),
});
export type AddonBlock = z.infer<typeof blockSchema>;

/** Two entries of one version, which build metadata does not tell apart, may be of different files: only their order would decide. */
function refuseTwins(entries: readonly IndexEntry[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  for (const [i, { id: addon, version: of }] of entries.entries()) {
    const name = `${addon} ${of.split('+')[0]}`;
    if (seen.has(name)) context.addIssue({ code: 'custom', path: [i], message: `${name} is listed already` });
    seen.add(name);
  }
}

/** `index.json` of a repository. Unknown fields are ignored: a newer program may have written them. */
export const repositoryIndexSchema = z.object({
  schemaVersion: z.literal(1),
  name: shownText().min(1).max(100).optional(),
  addons: z.array(indexEntrySchema).max(2_000).superRefine(refuseTwins),
  blocked: z.array(blockSchema).max(1_000).default([]),
});
export type RepositoryIndex = z.infer<typeof repositoryIndexSchema>;

/** An add-on that can be installed from a repository: the newest version that this program can use. */
export const availableAddonSchema = indexEntrySchema
  .pick({
    id: true,
    version: true,
    name: true,
    tagline: true,
    author: true,
    license: true,
    category: true,
    tags: true,
    permissions: true,
    bytes: true,
  })
  .extend({
    /** Address of the repository. */
    repository: z.string(),
    /** The installed version; null for none. */
    installed: z.string().nullable(),
    /** Newer than the installed version. */
    update: z.boolean(),
    /** Why it may not be used; null where it may. */
    blocked: shownText().nullable(),
  });
export type AvailableAddon = z.infer<typeof availableAddonSchema>;

export const addonCatalogueSchema = z.object({
  repositories: z.array(
    z.object({
      address: z.string(),
      name: shownText(),
      /** Why it cannot be read, in a sentence; null where it was. */
      problem: shownText().nullable(),
    }),
  ),
  /** Sorted by name. */
  addons: z.array(availableAddonSchema),
});
export type AddonCatalogue = z.infer<typeof addonCatalogueSchema>;

/** Splits the preference into addresses: folders, index files, and http(s) addresses. */
export function readRepositories(preference: string): string[] {
  return preference
    .split(';')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}

/** Whether reading the repository needs the network. */
export const isOnline = (address: string): boolean => /^https?:\/\//i.test(address);

/** A sentence about the first address that cannot be one; null where all can. */
export function problemOfRepositories(preference: string): string | null {
  for (const address of readRepositories(preference)) {
    if (isOnline(address)) {
      if (!URL.canParse(address)) return `“${address}” is no address: write it as https://addons.example/index.json.`;
      const { username, password } = new URL(address);
      if (username !== '' || password !== '')
        return `“${new URL(address).host}” is given with a password, which everybody could read here: leave it out.`;
    } else if (!/^(?:[/~]|[A-Za-z]:[\\/]|\\\\|file:)/.test(address))
      return `“${address}” is no repository: write an address that begins with https://, or the full path of a folder or index.json.`;
  }
  return null;
}

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import type { AddonManifest } from '../../../shared/addons';
import { UserError, messageOf } from '../../../shared/user-error';
import { writeFileAtomically } from '../../data/write-file-atomically';
import { addonFiles } from './addon-files';

export interface PackedAddon {
  /** Absolute path of the .zip. */
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Paths in it. */
  readonly files: readonly string[];
  /** What of the folder's top is not in it. */
  readonly leftOut: readonly string[];
}

/** A plain file that everybody may read, as Unix attributes. */
const ATTRIBUTES = { os: 3, attrs: 0o100644 * 0x10000 } as const;

/**
 * Packs an add-on that was checked into a .zip. The same files make the same bytes on every machine: entries are sorted
 * and have one time and one mode, and deflate is fflate's own, which unlike zlib's does not differ between versions and
 * processors.
 *
 * @param out file or existing folder; by default the current folder
 * @throws UserError when the folder has something that cannot be packed, or the file cannot be written
 */
export async function packAddon(folder: string, manifest: AddonManifest, out = '.'): Promise<PackedAddon> {
  const { files, leftOut } = await addonFiles(folder);
  const contents: Zippable = {};
  // The earliest time that a .zip can tell, in local time, which is what it stores.
  const mtime = new Date(1980, 0, 1);
  for (const { path, file } of files) contents[path] = [await readFile(file), { level: 9, mtime, ...ATTRIBUTES }];
  const zip = zipSync(contents);
  const isFolder = (await stat(out).catch(() => null))?.isDirectory() ?? false;
  const target = isFolder ? join(resolve(out), `${manifest.id}-${manifest.version}.zip`) : resolve(out);
  try {
    await writeFileAtomically(target, zip, 0o644);
  } catch (error) {
    throw new UserError(`“${target}” could not be written: ${messageOf(error)}`);
  }
  return {
    file: target,
    bytes: zip.byteLength,
    sha256: createHash('sha256').update(zip).digest('hex'),
    files: files.map(({ path }) => path),
    leftOut,
  };
}

import { constants } from 'node:fs';
import { open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { shortened } from '../../../shared/shortened';
import { createEntryNames, RefusedContent } from './entry-names';
import { INSTALL_LIMITS, isLitter } from './install-limits';
import { createFileWriter, tooLarge } from './write-files';

/** Windows knows no links of this kind without a privilege, and no such flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

interface FolderEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/**
 * Copies the add-on in a folder into an empty one, under the same rules as an archive's: no links, no devices, names that
 * are possible everywhere.
 *
 * @throws RefusedContent, or Error from the file system; the target may then have some files
 */
export async function copyFolder(source: string, target: string): Promise<void> {
  const entries = await listEntries(source);
  if (!entries.some(({ path, kind }) => path === 'addon.json' && kind === 'file'))
    throw new RefusedContent('it has no addon.json, and so is no add-on');
  const writer = createFileWriter(target);
  for (const { path, kind } of entries) {
    if (kind === 'folder') {
      await writer.folder(path);
      continue;
    }
    const handle = await open(join(source, path), FLAGS);
    try {
      const { size } = await handle.stat();
      if (size > INSTALL_LIMITS.unpackedBytes) throw tooLarge();
      await writer.file(path, handle.createReadStream({ autoClose: false }), { bytes: size, crc: null });
    } finally {
      await handle.close();
    }
  }
}

async function listEntries(source: string): Promise<FolderEntry[]> {
  const names = createEntryNames();
  const entries: FolderEntry[] = [];
  async function walk(inside: string): Promise<void> {
    for await (const entry of await opendir(join(source, inside))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (isLitter(entry.name)) continue;
      if (entry.isSymbolicLink()) throw new RefusedContent(`“${shortened(path)}” is a link, which could lead anywhere`);
      if (!entry.isFile() && !entry.isDirectory())
        throw new RefusedContent(`“${shortened(path)}” is neither a file nor a folder`);
      const kind = entry.isDirectory() ? 'folder' : 'file';
      names.admit(path, kind);
      if (entries.length >= INSTALL_LIMITS.entries)
        throw new RefusedContent(`it has more than ${INSTALL_LIMITS.entries.toLocaleString('en')} files`);
      entries.push({ path, kind });
      if (kind === 'folder') await walk(path);
    }
  }
  await walk('');
  return entries;
}

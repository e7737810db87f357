import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import type { OperationOutput } from '../../shared/host-api';
import { UserError, messageOf } from '../../shared/user-error';

/**
 * Folders and scene files of a folder, for a file dialog in a browser; hidden ones are left out.
 *
 * @throws UserError when the folder can't be read
 */
export async function listFiles(folder: string, extensions: readonly string[]): Promise<OperationOutput<'files.list'>> {
  const absolute = resolve(folder);
  let names: string[];
  try {
    names = await readdir(absolute);
  } catch (error) {
    throw new UserError(`The folder ${absolute} cannot be listed (${messageOf(error)}): choose another.`, 'arguments');
  }
  const entries = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => {
        const path = join(absolute, name);
        // What vanished meanwhile, or leads nowhere, is left out.
        const info = await stat(path).catch(() => null);
        if (info?.isDirectory()) return { name, path, kind: 'folder' as const, bytes: 0 };
        if (info?.isFile() && extensions.includes(extname(name).toLowerCase()))
          return { name, path, kind: 'scene' as const, bytes: info.size };
        return null;
      }),
  );
  const parent = dirname(absolute);
  return {
    folder: absolute,
    parent: parent === absolute ? null : parent,
    entries: entries
      .filter((entry) => entry !== null)
      .sort((a, b) =>
        a.kind === b.kind ? a.name.localeCompare(b.name, 'en', { numeric: true }) : a.kind === 'folder' ? -1 : 1,
      ),
  };
}

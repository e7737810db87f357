import { readdir, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { UserError } from '../../shared/user-error';
import { isBelow } from '../data/path-below';

/** Maximum number of files and folders of an add-on that are looked at. */
const MAX_ENTRIES = 50_000;

/**
 * Refuses an add-on whose folder has a link that leads out of it: Node's permission model checks a path as it is
 * written and then follows the links in it.
 *
 * @param folder absolute, with links resolved
 * @throws UserError that names the link; Error from the file system
 */
export async function refuseOutwardLinks(folder: string): Promise<void> {
  const left = [folder];
  let count = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true })) {
      if (++count > MAX_ENTRIES)
        throw new UserError(`its folder has more than ${MAX_ENTRIES} files, too many to check for links`);
      const path = join(next, entry.name);
      if (entry.isDirectory()) left.push(path);
      else if (entry.isSymbolicLink()) {
        const target = await realpath(path).catch(() => null);
        // One that leads nowhere may lead somewhere tomorrow.
        if (target === null || !isBelow(target, folder))
          throw new UserError(
            `its folder has a link that leads out of it, “${relative(folder, path)}”: put the file itself there, or remove the link`,
          );
      }
    }
  }
}

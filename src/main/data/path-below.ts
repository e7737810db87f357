import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is a folder or lies in it. Both absolute, with links resolved. */
export function isBelow(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below === '' || (below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below));
}

import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Resolves the links in a path as far as it exists; the remainder is kept as written.
 *
 * @param path absolute
 */
export async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await resolveLinks(above), basename(path));
  }
}

import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError, messageOf } from '../../../shared/user-error';

/** Maximum size of a package.json, in bytes. */
const MAX_BYTES = 1024 * 1024;

const dependencies = z.record(z.string(), z.unknown()).optional();
const packageSchema = z.looseObject({ dependencies, optionalDependencies: dependencies });

/**
 * The packages that an add-on needs to run: the `dependencies` of its package.json and theirs, where npm has put them
 * in its own `node_modules`.
 *
 * @returns absolute folders, and the names of required packages that are not there
 * @throws UserError when its package.json cannot be read
 */
export async function productionPackages(folder: string): Promise<{ folders: string[]; missing: string[] }> {
  const folders = new Set<string>();
  const missing = new Set<string>();

  async function take(of: string): Promise<void> {
    const { dependencies = {}, optionalDependencies = {} } = await readPackage(of);
    for (const name of new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies)])) {
      const found = await find(name, of, folder);
      if (found === null) {
        if (!Object.hasOwn(optionalDependencies, name)) missing.add(name);
      } else if (!folders.has(found)) {
        folders.add(found);
        await take(found);
      }
    }
  }

  await take(folder);
  return { folders: [...folders].sort(), missing: [...missing].sort() };
}

/** Looks for a package as Node does, from the folder of who needs it up to that of the add-on. */
async function find(name: string, from: string, top: string): Promise<string | null> {
  // A name from a file: it must not lead elsewhere.
  if (!/^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name)) return null;
  for (let current = from; current.startsWith(top); current = dirname(current)) {
    const candidate = join(current, 'node_modules', name);
    if (!(await stat(candidate).catch(() => null))?.isDirectory()) continue;
    if ((await realpath(candidate)) !== join(await realpath(current), 'node_modules', name))
      throw new UserError(
        `The package “${name}” is a link (npm link, or file: in package.json), which cannot be packed: install it with “npm install --install-links”.`,
      );
    return candidate;
  }
  return null;
}

/** Empty where there is none. */
async function readPackage(folder: string): Promise<z.infer<typeof packageSchema>> {
  const file = join(folder, 'package.json');
  const found = await stat(file).catch(() => null);
  if (!found) return {};
  if (found.size > MAX_BYTES) throw new UserError(`${file} has ${found.size} bytes; at most ${MAX_BYTES} are read.`);
  try {
    return packageSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? 'its dependencies are no object' : messageOf(error);
    throw new UserError(`${file} cannot be read: ${why}.`);
  }
}

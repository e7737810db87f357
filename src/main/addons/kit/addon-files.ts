import { lstat, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { productionPackages } from './production-packages';

/** Maximum number of files and of their bytes in one add-on. */
const MAX_FILES = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** A file of an add-on that is packed. */
export interface AddonFile {
  /** Relative to the add-on's folder, with `/` between its parts. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
}

export interface AddonFiles {
  /** Sorted by path, byte for byte the same everywhere. */
  readonly files: readonly AddonFile[];
  /** What is left out, a name each; a folder ends with `/`. */
  readonly leftOut: readonly string[];
  /** Packages that the add-on depends on but that are not installed. */
  readonly missing: readonly string[];
}

/** Hidden files, tests, and what only its author's machine needs. */
const LEFT_OUT =
  /^\.|^(?:tests?|__tests__|types|coverage)\/$|\.(?:test|spec)\.[cm]?[jt]s$|\.(?:[cm]?ts|tsbuildinfo|zip|tgz|log)$|^(?:tsconfig.*|jsconfig|package-lock)\.json$|^(?:yarn\.lock|pnpm-lock\.yaml)$/;
/** The same for the packages in it, which may need anything that isn't obviously for their authors. */
const LEFT_OUT_OF_PACKAGES = /^\.|\.[cm]?ts$|\.tsbuildinfo$/;

/**
 * What of a folder is the add-on: everything but hidden files, tests, TypeScript and tools. Of `node_modules` only the
 * packages in package.json's `dependencies`, and theirs.
 *
 * @throws UserError when there is a link in it, or too much
 */
export async function addonFiles(folder: string): Promise<AddonFiles> {
  const files: AddonFile[] = [];
  const leftOut: string[] = [];
  let bytes = 0;

  async function walk(current: string, leave: RegExp, top: boolean): Promise<void> {
    for (const { name } of await readdir(current, { withFileTypes: true })) {
      const file = join(current, name);
      const path = relative(folder, file).split(sep).join('/');
      const found = await lstat(file);
      const shown = found.isDirectory() ? `${name}/` : name;
      if (name === 'node_modules' && found.isDirectory()) continue;
      if (leave.test(shown)) {
        if (top) leftOut.push(found.isDirectory() ? `${path}/` : path);
        continue;
      }
      if (found.isDirectory()) await walk(file, leave, top);
      else if (!found.isFile())
        throw new UserError(`“${path}” is a link or no file, which cannot be packed: put the file itself there.`);
      else {
        bytes += found.size;
        if (files.push({ path, file, bytes: found.size }) > MAX_FILES || bytes > MAX_BYTES)
          throw new UserError(
            `The add-on has more than ${MAX_FILES} files or ${MAX_BYTES / 1024 ** 2} MB: leave out what it does not need to run.`,
          );
      }
    }
  }

  await walk(folder, LEFT_OUT, true);
  const packages = await productionPackages(folder);
  for (const one of packages.folders) await walk(one, LEFT_OUT_OF_PACKAGES, false);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, leftOut: leftOut.sort(), missing: packages.missing };
}

// @ts-check
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Modules that can start a process or a thread. */
const STARTERS = /^(node:(child_process|cluster|worker_threads)|playwright(-core)?|electron|vite|vitest\/node)$/;
const ENDINGS = ['', '.ts', '.tsx'];

/** @param {string} path */
const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * What a file imports but for types; more rather than less, where a text only looks like an import.
 *
 * @param {string} file
 */
function readImports(file) {
  const text = readFileSync(file, 'utf8').replaceAll(/^(?:import|export) type [^;]*;/gm, '');
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => String(match[1]));
}

/**
 * The test files that can start neither a process nor a thread: no file that one of them imports, and none that such a
 * file imports, has a module that can. An import that isn't found may be one.
 *
 * @param {string} folder is searched with all its folders
 * @returns {string[]} paths below the folder, with slashes, in order
 */
export function lightTestFiles(folder) {
  /** @type {Map<string, string[]>} */
  const known = new Map();
  /** @param {string} file */
  const importsOf = (file) => {
    const imports = known.get(file) ?? readImports(file);
    known.set(file, imports);
    return imports;
  };
  /** @param {string} test */
  const isLight = (test) => {
    const reached = new Set([join(folder, test)]);
    for (const file of reached) {
      for (const name of importsOf(file)) {
        if (STARTERS.test(name)) return false;
        if (!name.startsWith('.')) continue;
        const path = join(dirname(file), name.replace(/\?.*$/, ''));
        const target = ENDINGS.map((ending) => path + ending).find(isFile);
        if (target === undefined) return false;
        reached.add(target);
      }
    }
    return true;
  };
  const names = /** @type {string[]} */ (readdirSync(folder, { recursive: true }));
  const light = names.filter((name) => /\.test\.tsx?$/.test(name) && isLight(name));
  return light.map((name) => name.replaceAll(sep, '/')).sort();
}

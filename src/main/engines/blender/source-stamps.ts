import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import type { SourceFile } from '../render-engine';

/**
 * A file that a .blend refers to: `sequence` is one image of several, `folder` stands for all its contents, and
 * `computed` for a path known only at render time, which has a description instead.
 */
export interface NeededFile {
  /** Absolute, except for paths that can't be resolved. */
  readonly path: string;
  readonly form: 'file' | 'sequence' | 'folder' | 'computed';
}

/**
 * For longer sequences and larger folders only the folder itself is stamped, which changes when a file is added,
 * removed or replaced.
 */
const MOST_OF_A_FOLDER = 2_000;
/** Number of files stamped in parallel. */
const AT_ONCE = 32;

/**
 * Stamps every file a .blend's images depend on.
 *
 * @param scene the .blend
 * @returns the .blend first, then the others by name, each once
 */
export async function sourceStamps(scene: string, needed: readonly NeededFile[]): Promise<SourceFile[]> {
  const paths = new Set<string>();
  for (const file of needed.filter(({ path }) => isAbsolute(path)))
    for (const path of await filesOf(file)) paths.add(path);
  const found = new Map<string, SourceFile>();
  const all = [scene, ...[...paths].sort()];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    for (const source of await Promise.all(all.slice(at, at + AT_ONCE).map(sourceOf)))
      if (!found.has(source.path)) found.set(source.path, source);
  }
  return [...found.values()];
}

async function filesOf({ path, form }: NeededFile): Promise<string[]> {
  if (form === 'file') return [path];
  if (form === 'folder') return (await filesIn(path, () => true)) ?? [path];
  return (await filesIn(dirname(path), isOfSequence(path))) ?? [dirname(path)];
}

/** @returns whether a name is of the sequence of an image: they differ in their last number only */
export function isOfSequence(path: string): (name: string) => boolean {
  const ending = extname(path);
  const stem = basename(path, ending).replace(/\d+$/, '');
  return (name) =>
    name.startsWith(stem) &&
    name.endsWith(ending) &&
    /^\d+$/.test(name.slice(stem.length, name.length - ending.length));
}

/** @returns null above the limit */
async function filesIn(folder: string, wanted: (name: string) => boolean): Promise<string[] | null> {
  const found: string[] = [];
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (!wanted(entry.name)) continue;
      found.push(join(folder, entry.name));
      if (found.length > MOST_OF_A_FOLDER) return null;
    }
  } catch {
    // It doesn't exist, which is a state, too.
    return [folder];
  }
  return found;
}

async function sourceOf(path: string): Promise<SourceFile> {
  try {
    const [real, info] = await Promise.all([realpath(path), stat(path)]);
    return { path: real, bytes: info.size, modifiedAt: info.mtimeMs };
  } catch {
    return { path, bytes: null, modifiedAt: null };
  }
}

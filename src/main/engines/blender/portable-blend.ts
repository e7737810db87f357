import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { MAX_SCENE_FILES } from '../../../shared/farm';
import { UserError } from '../../../shared/user-error';
import { isBelow } from '../../data/path-below';
import { type Installation, NotPortableError, type PortableScene, type SceneFile } from '../render-engine';
import type { BlendFacts } from './blend-facts';
import { isOfSequence } from './source-stamps';

/** Caches have a few levels of folders. */
const MAX_DEPTH = 16;

type Needed = BlendFacts['needed'][number];

/**
 * What it takes to render a .blend on another machine: itself, and all that it reads, by paths that hold there.
 *
 * @param program version of the Blender that renders it here
 * @throws NotPortableError about the first file for which that does not hold
 */
export async function portableBlend(scene: string, facts: BlendFacts, program: string | null): Promise<PortableScene> {
  if (!facts.allNeeded) throw new NotPortableError(`“${basename(scene)}” reads more files than can be listed.`);
  const paths = new Set([scene]);
  for (const needed of facts.needed)
    for await (const path of filesOf(scene, needed)) {
      paths.add(path);
      if (paths.size > MAX_SCENE_FILES)
        throw new NotPortableError(`“${basename(scene)}” reads more than ${MAX_SCENE_FILES} files.`);
    }
  const files: SceneFile[] = [];
  // What is missing here is missing on the other machine, too.
  for (const path of paths) {
    const realPath = await realpath(path).catch(() => null);
    if (realPath !== null) files.push({ path, realPath });
    else if (path === scene) throw new UserError(`“${basename(scene)}” is not there.`);
  }
  const told = facts.scenes.find(({ allFurtherFiles }) => !allFurtherFiles);
  if (told)
    throw new NotPortableError(
      `The File Output nodes of “${told.name}” in “${basename(scene)}” write files whose names only Blender knows.`,
    );
  const fixed = facts.needed.filter(({ relative }) => !relative).map(({ path }) => path);
  return {
    files,
    fixed: fixed.length > 0 ? { paths: fixed, problem: fixedProblem(scene, fixed[0]!) } : null,
    program,
    views: facts.scenes.flatMap(({ views, separateViews }) => [...views, ...(separateViews ?? [])]),
    furtherFiles(sceneName) {
      const chosen = facts.scenes.find(({ name }) => name === (sceneName ?? facts.activeScene));
      // Which scenes a sequencer shows is not known here.
      const written = chosen && !chosen.sequencer ? [chosen] : facts.scenes;
      return written.flatMap(({ furtherFiles }) => furtherFiles);
    },
  };
}

function fixedProblem(scene: string, path: string): string {
  return `“${basename(scene)}” reads “${path}”, which another machine has elsewhere: make the paths relative in Blender (File → External Data), or pack the file.`;
}

/** Existing files that a reference stands for; missing ones may be among them. */
async function* filesOf(scene: string, { path, form }: Needed): AsyncGenerator<string> {
  const name = basename(scene);
  if (form === 'computed')
    throw new NotPortableError(
      `“${name}” reads ${path}, which is known only when it is rendered: nobody can copy that.`,
    );
  if (!isAbsolute(path)) throw new NotPortableError(fixedProblem(scene, path));
  if (form === 'folder') {
    if (isBelow(scene, path))
      throw new NotPortableError(
        `“${name}” keeps a cache in “${path}”, where other files lie, too: give it a folder of its own in Blender.`,
      );
    yield* filesBelow(path, 0);
    return;
  }
  if (form === 'file') {
    if ((await stat(path).catch(() => null))?.isFile()) yield path;
    return;
  }
  const isOf = isOfSequence(path);
  for await (const entry of entriesOf(dirname(path))) if (isOf(entry.name)) yield join(dirname(path), entry.name);
}

async function* filesBelow(folder: string, depth: number): AsyncGenerator<string> {
  if (depth > MAX_DEPTH) return;
  for await (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    // Links count as what they lead to.
    const found = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (found?.isFile()) yield path;
    else if (found?.isDirectory()) yield* filesBelow(path, depth + 1);
  }
}

/** None where the folder can't be read. */
async function* entriesOf(folder: string): AsyncGenerator<{
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}> {
  const entries = await opendir(folder, { bufferSize: 256 }).catch(() => null);
  if (entries) yield* entries;
}

/**
 * Chooses a machine's Blender in place of one here: of the same version, else of the same release series, which gets
 * corrections only.
 *
 * @param program version here, such as `4.2.1`
 */
export function sameBlender(program: string | null, installations: readonly Installation[]): Installation | null {
  if (program === null) return null;
  const series = (version: string | null): string | undefined => /^\d+\.\d+/.exec(version ?? '')?.[0];
  return (
    installations.find(({ version }) => version === program) ??
    installations.find(({ version }) => series(version) === series(program)) ??
    null
  );
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, parse, relative, sep } from 'node:path';
import {
  MAX_SCENE_FILES,
  type RootedFiles,
  type SceneManifest,
  rootedFilesSchema,
  sceneManifestSchema,
} from '../../shared/farm';
import { relativePathSchema } from '../../shared/farm-files';
import { foldedName } from '../../shared/folded-name';
import { once } from '../../shared/once';
import { type Root, pathBelow } from '../../shared/root-paths';
import { severalAtOnce } from '../../shared/several-at-once';
import { shareNext } from '../../shared/share-next';
import { NotPortableError, type PortableScene, type RenderEngine, type SceneFile } from '../engines/render-engine';
import { hashFile } from '../jobs/output/hash-file';

/** Maximum number of files whose hashes are kept. */
const MAX_HASHES = 100_000;

/** Maximum number of scenes whose manifests are kept. */
const MAX_PUBLISHED = 16;

/** Number of files whose state is asked for at once. */
const STATS = 16;

/** A scene as machines copy it, or find it on a root. */
export interface PublishedScene {
  /** SHA-256 of {@link json}. */
  readonly id: string;
  /** A {@link SceneManifest}, or {@link RootedFiles}. */
  readonly json: string;
  /** The folder that its paths are below, absolute, on this machine. */
  readonly root: string;
  /** Where the files of the manifest are on this machine, in its order; none where machines read them on a root. */
  readonly files: readonly PublishedFile[];
  /** What else rendering it elsewhere takes. */
  readonly portable: Omit<PortableScene, 'files'>;
}

export interface PublishedFile {
  /** Absolute, with links resolved. */
  readonly path: string;
  readonly bytes: number;
  /** Size and times when it was hashed: with others it is another file. */
  readonly stamp: string;
}

/** A scene's files, and where they lie below a folder, in the same order. */
interface Layout extends Pick<PublishedScene, 'root' | 'portable'> {
  readonly found: readonly SceneFile[];
  readonly paths: readonly string[];
}

/** A scene, and whether it can be copied. */
export interface SurveyedScene {
  readonly portable: PortableScene;
  /** Why it can't, as a sentence; null where it can. */
  readonly problem: string | null;
}

/** Publishes scenes for machines to copy. */
export interface SceneManifests {
  /** What is known of a scene without reading its files. @throws as {@link publish}, but for what can't be copied */
  survey(engine: RenderEngine, scene: string, setup: string): Promise<SurveyedScene>;
  /** @throws NotPortableError, or UserError when the scene can't be read */
  publish(engine: RenderEngine, scene: string, setup: string): Promise<PublishedScene>;
  /** @throws NotPortableError, or Error when a file is gone */
  onRoot(portable: PortableScene, root: Root): Promise<PublishedScene>;
}

/**
 * Hashes each file once, as long as it is unchanged. Workers that ask for a scene together share the answer, which is
 * never older than their question: what a frame is rendered from may be newer than what it is compared with, not older.
 *
 * @param hash SHA-256 of a file, as hex
 */
export function createSceneManifests(hash: (path: string) => Promise<string> = hashFile): SceneManifests {
  const hashes = new Map<string, { readonly stamp: string; readonly sha256: string }>();
  /** The last state of scenes: a manifest of many files takes longer than looking whether they are unchanged. */
  const published = new Map<string, { readonly key: string; readonly scene: PublishedScene }>();

  const hashing = once<string>();
  const publishing = shareNext<PublishedScene>();

  async function hashed({ realPath }: SceneFile): Promise<PublishedFile & { readonly sha256: string }> {
    const { bytes, stamp } = await stampOfFile(realPath);
    const known = hashes.get(realPath);
    const sha256 = known?.stamp === stamp ? known.sha256 : await hashing(`${realPath}\n${stamp}`, () => hash(realPath));
    hashes.delete(realPath);
    hashes.set(realPath, { stamp, sha256 });
    if (hashes.size > MAX_HASHES) hashes.delete(hashes.keys().next().value!);
    return { path: realPath, bytes, stamp, sha256 };
  }

  async function publish(engine: RenderEngine, scene: string, setup: string): Promise<PublishedScene> {
    const { found, paths, root, portable } = layOut(scene, await portableScene(engine, scene, setup));
    const files: (PublishedFile & { readonly sha256: string })[] = [];
    for (const file of found) files.push(await hashed(file));
    const key = [root, ...paths, ...files.map(({ path, stamp }) => `${path} ${stamp}`)].join('\n');
    const last = published.get(scene);
    if (last?.key === key) return { ...last.scene, portable };
    const manifest: SceneManifest = {
      scene: paths[0]!,
      files: files.map(({ sha256, bytes }, index) => ({ path: paths[index]!, sha256, bytes })),
    };
    if (!sceneManifestSchema.safeParse(manifest).success)
      throw new NotPortableError(`${scene} cannot be copied to machines: one of its files is too large.`);
    const json = JSON.stringify(manifest);
    const made = { id: idOf(json), json, root, files, portable };
    published.delete(scene);
    published.set(scene, { key, scene: made });
    if (published.size > MAX_PUBLISHED) published.delete(published.keys().next().value!);
    return made;
  }

  return {
    async survey(engine, scene, setup) {
      const portable = await portableScene(engine, scene, setup);
      try {
        layOut(scene, portable);
        return { portable, problem: null };
      } catch (error) {
        if (!(error instanceof NotPortableError)) throw error;
        return { portable, problem: error.message };
      }
    },
    publish: (engine, scene, setup) =>
      publishing([engine.id, setup, scene].join('\n'), () => publish(engine, scene, setup)),
    onRoot: (portable, root) =>
      publishing([root.path, portable.files[0]!.path].join('\n'), () => listed(portable, root)),
  };
}

/** Lists the files of a scene below a root, as they are now. */
async function listed({ files: found, ...portable }: PortableScene, { path: root }: Root): Promise<PublishedScene> {
  const files: RootedFiles['files'] = [];
  await severalAtOnce(STATS, found, async ({ path }, index) => {
    const { size, mtimeMs } = await stat(path);
    files[index] = { path: pathBelow(root, path)!, bytes: size, modifiedAt: mtimeMs };
  });
  if (!rootedFilesSchema.safeParse({ files }).success)
    throw new NotPortableError(`${found[0]!.path} has more than ${MAX_SCENE_FILES} files.`);
  const json = JSON.stringify({ files } satisfies RootedFiles);
  return { id: idOf(json), json, root, files: [], portable };
}

function idOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

async function portableScene(engine: RenderEngine, scene: string, setup: string): Promise<PortableScene> {
  if (!engine.portable) throw new NotPortableError(`Scenes of the engine ${engine.id} cannot be rendered elsewhere.`);
  return engine.portable(scene, setup);
}

/** Decides where the files of a scene lie in a copy of it. @throws NotPortableError */
function layOut(scene: string, { files: found, ...portable }: PortableScene): Layout {
  if (portable.fixed) throw new NotPortableError(portable.fixed.problem);
  // Where it writes counts, too: a machine tells those files by their place below the same folder.
  const drive = parse(found[0]!.path).root;
  const written = portable.furtherFiles(null).filter((path) => parse(path).root === drive);
  const root = commonFolder([...found.map(({ path }) => path), ...written]);
  const paths = found.map(({ path }) => relative(root, path).replaceAll(sep, '/'));
  const wrong = paths.find((path) => !relativePathSchema.safeParse(path).success);
  if (wrong !== undefined)
    throw new NotPortableError(`“${wrong}” has a name that not every system can have: give the file another one.`);
  const twin = sameOnSomeSystem(paths);
  if (twin !== null)
    throw new NotPortableError(
      `“${twin[0]}” and “${twin[1]}” are one file where capitals do not count, as on Windows and macOS: give one of them another name.`,
    );
  if (paths.length > MAX_SCENE_FILES) throw new NotPortableError(`${scene} has more than ${MAX_SCENE_FILES} files.`);
  return { found, paths, root, portable };
}

/** Two paths that some systems do not tell from each other; null for none. */
function sameOnSomeSystem(paths: readonly string[]): readonly [string, string] | null {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const key = foldedName(path);
    const other = seen.get(key);
    if (other !== undefined) return [other, path];
    seen.set(key, path);
  }
  return null;
}

/** Size and times of a file, which tell whether it was changed. @throws Error when it is not there */
export async function stampOfFile(path: string): Promise<{ readonly bytes: number; readonly stamp: string }> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  return { bytes: Number(size), stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}` };
}

/** The deepest folder that all files lie in. @param files absolute paths, at least one */
function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => dirname(file).split(sep));
  let length = folders[0]!.length;
  for (const folder of folders) {
    let same = 0;
    while (same < length && folder[same] === folders[0]![same]) same++;
    length = same;
  }
  if (length === 0)
    throw new NotPortableError(`${files[0]} cannot be copied to machines: its files are on several drives.`);
  return folders[0]!.slice(0, length).join(sep) || sep;
}

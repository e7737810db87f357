import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { type SceneManifest, sceneManifestSchema } from '../../shared/farm';
import { UserError } from '../../shared/user-error';
import type { RenderEngine, SceneFile } from '../engines/render-engine';
import { hashFile } from '../jobs/output/hash-file';

/** Maximum number of files whose hashes are kept. */
const MAX_HASHES = 100_000;

/** A scene as machines copy it. */
export interface PublishedScene {
  /** SHA-256 of {@link json}. */
  readonly id: string;
  /** A {@link SceneManifest}. */
  readonly json: string;
  /** Where the files of the manifest are on this machine, in its order. */
  readonly files: readonly PublishedFile[];
}

export interface PublishedFile {
  /** Absolute, with links resolved. */
  readonly path: string;
  readonly bytes: number;
  /** Size and times when it was hashed: with others it is another file. */
  readonly stamp: string;
}

/** Publishes scenes for machines to copy. */
export interface SceneManifests {
  /** @throws UserError when the scene can't be read, or can't be copied */
  publish(engine: RenderEngine, scene: string): Promise<PublishedScene>;
}

/** Hashes each file once, as long as it is unchanged. */
export function createSceneManifests(): SceneManifests {
  const hashes = new Map<string, { readonly stamp: string; readonly sha256: string }>();

  async function hashed({ realPath }: SceneFile): Promise<PublishedFile & { readonly sha256: string }> {
    const { bytes, stamp } = await stampOfFile(realPath);
    const known = hashes.get(realPath);
    const sha256 = known?.stamp === stamp ? known.sha256 : await hashFile(realPath);
    hashes.delete(realPath);
    hashes.set(realPath, { stamp, sha256 });
    if (hashes.size > MAX_HASHES) hashes.delete(hashes.keys().next().value!);
    return { path: realPath, bytes, stamp, sha256 };
  }

  return {
    async publish(engine, scene) {
      if (!engine.portableFiles) throw new Error(`Scenes of ${engine.id} can't be copied.`);
      const found = await engine.portableFiles(scene);
      const root = commonFolder(found.map(({ path }) => path));
      const files: (PublishedFile & { readonly sha256: string })[] = [];
      for (const file of found) files.push(await hashed(file));
      const paths = found.map(({ path }) => relative(root, path).replaceAll(sep, '/'));
      const manifest: SceneManifest = {
        scene: paths[0]!,
        files: files.map(({ sha256, bytes }, index) => ({ path: paths[index]!, sha256, bytes })),
      };
      if (!sceneManifestSchema.safeParse(manifest).success)
        throw new UserError(
          `${scene} cannot be copied to machines: one of its files has a name that not every system can have, or it has too many of them.`,
        );
      const json = JSON.stringify(manifest);
      return { id: createHash('sha256').update(json).digest('hex'), json, files };
    },
  };
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
  if (length === 0) throw new UserError(`${files[0]} cannot be copied to machines: its files are on several drives.`);
  return folders[0]!.slice(0, length).join(sep) || sep;
}

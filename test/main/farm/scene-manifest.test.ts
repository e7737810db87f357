import { mkdirSync, realpathSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { NotPortableError, type RenderEngine } from '../../../src/main/engines/render-engine';
import { createSceneManifests } from '../../../src/main/farm/scene-manifest';
import { hashFile } from '../../../src/main/jobs/output/hash-file';
import type { RootedFiles, SceneManifest } from '../../../src/shared/farm';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** Files, and an engine whose scene consists of them. */
function makeScene(...names: readonly string[]): { folder: string; paths: string[]; engine: RenderEngine } {
  const folder = realpathSync(temporaryFolder());
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path);
  }
  const files = paths.map((path) => ({ path, realPath: path }));
  const portable = async (): Promise<object> => ({ files, fixed: null, program: null, furtherFiles: () => [] });
  return { folder, paths, engine: { id: 'flat-colour', portable } as unknown as RenderEngine };
}

describe('a scene for machines', () => {
  it('is hashed once, however many workers ask for it together', async () => {
    const hash = vi.fn(hashFile);
    const { paths, engine } = makeScene('a.flat', 'b.png', 'c.png');
    const scenes = createSceneManifests(hash);
    const all = await Promise.all(Array.from({ length: 20 }, () => scenes.publish(engine, paths[0]!, '')));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(hash).toHaveBeenCalledTimes(3);
  });

  it('is the one of the question, if it changes while others ask for it', async () => {
    const { paths, engine } = makeScene('a.flat');
    const scenes = createSceneManifests();
    const first = scenes.publish(engine, paths[0]!, '');
    writeFileSync(paths[0]!, 'another');
    const second = await scenes.publish(engine, paths[0]!, '');
    await first;
    expect((JSON.parse(second.json) as SceneManifest).files[0]!.bytes).toBe(7);
  });

  it('stays on the manager with two files that some systems do not tell from each other', async () => {
    for (const [one, other] of [
      ['Wood.png', 'wood.png'],
      ['caf\u00e9.png', 'cafe\u0301.png'],
    ] as const) {
      const { paths, engine } = makeScene('a.flat', one, other);
      const scenes = createSceneManifests();
      await expect(scenes.publish(engine, paths[0]!, '')).rejects.toThrow(NotPortableError);
      expect((await scenes.survey(engine, paths[0]!, '')).problem).toContain(`“${one}” and “${other}” are one file`);
    }
  });

  it('on a root is known by size and time of all its files', async () => {
    const { folder, paths, engine } = makeScene('a.flat', 'textures/b.png');
    const scenes = createSceneManifests();
    const root = { name: 'shows', path: folder };
    const { portable } = await scenes.survey(engine, paths[0]!, '');
    const before = await scenes.onRoot(portable, root);
    const { files } = JSON.parse(before.json) as RootedFiles;
    expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['a.flat', paths[0]!.length],
      ['textures/b.png', paths[1]!.length],
    ]);
    expect((await scenes.onRoot(portable, root)).id).toBe(before.id);
    utimesSync(paths[1]!, 1, 1);
    expect((await scenes.onRoot(portable, root)).id).not.toBe(before.id);
  });
});

import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SceneChangedError } from '../../../src/main/machine/content-store';
import { RefusedError } from '../../../src/main/machine/farm-client';
import { type SceneCache, openSceneCache } from '../../../src/main/machine/scene-cache';
import { temporaryFolder } from '../../helpers/temporary-folder';

const NEVER = new AbortController().signal;
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A manager that has scenes, and counts what it sends. */
function makeManager(): {
  publish(files: Readonly<Record<string, string>> | readonly (readonly [string, string])[]): string;
  readonly client: Parameters<typeof openSceneCache>[0]['client'];
  /** Numbers of the first byte of each file that was asked for. */
  readonly asked: number[];
  /** Sends this many bytes of the next file only. */
  breakOffAfter(bytes: number): void;
  change(content: string): void;
} {
  const scenes = new Map<string, { json: string; contents: string[] }>();
  const asked: number[] = [];
  let limit: number | null = null;
  let changed: string | null = null;
  return {
    asked,
    breakOffAfter: (bytes) => (limit = bytes),
    change: (content) => (changed = content),
    publish(files) {
      const list = Array.isArray(files) ? (files as [string, string][]) : Object.entries(files);
      const json = JSON.stringify({
        scene: list[0]![0],
        files: list.map(([path, text]) => ({ path, sha256: sha256(text), bytes: Buffer.byteLength(text) })),
      });
      scenes.set(sha256(json), { json, contents: list.map(([, text]) => text) });
      return sha256(json);
    },
    client: {
      read: async (path) => scenes.get(path.replace('/scenes/', ''))!.json,
      async receive(path, _signal, from = 0) {
        const [, id, number] = /^\/scenes\/(\w+)\/files\/(\d+)$/.exec(path)!;
        const scene = scenes.get(id!);
        if (!scene) throw new RefusedError(409, 'No ticket needs this scene.');
        asked.push(from);
        const bytes = Buffer.from(changed ?? scene.contents[Number(number)]!).subarray(from);
        if (limit === null) return Readable.from([bytes]);
        const part = bytes.subarray(0, limit);
        limit = null;
        return Readable.from(
          (async function* breaking() {
            yield part;
            throw new Error('the connection was lost');
          })(),
        );
      },
    },
  };
}

async function openCache(
  manager: ReturnType<typeof makeManager>,
  limit = 1_000,
  folder = temporaryFolder(),
): Promise<SceneCache & { readonly folder: string }> {
  const cache = await openSceneCache({ folder, client: manager.client, limit });
  onTestFinished(() => cache.close());
  return { ...cache, folder };
}

const textOf = (cache: SceneCache, id: string): Promise<string> =>
  cache.use(id, NEVER, async ({ scene }) => readFileSync(scene, 'utf8'));

describe('the cache of scenes', () => {
  it('downloads each content once, and lays the files out as they were', async () => {
    const manager = makeManager();
    const cache = await openCache(manager);
    const first = manager.publish({ 'shots/a.flat': 'A', 'textures/wood.png': 'wood' });
    const second = manager.publish({ 'b.flat': 'B', 'wood.png': 'wood' });
    await cache.use(first, NEVER, async ({ scene, root }) => {
      expect(scene).toBe(join(root, 'shots', 'a.flat'));
      expect(readFileSync(join(root, 'textures', 'wood.png'), 'utf8')).toBe('wood');
      // A program that writes into its scene would change those of others.
      expect(statSync(scene).mode & 0o777).toBe(0o400);
    });
    expect(await textOf(cache, second)).toBe('B');
    expect(await textOf(cache, second)).toBe('B');
    expect(manager.asked).toHaveLength(3);
  });

  it('leaves nothing on the signal of a frame, however often its manager was away', async () => {
    const manager = makeManager();
    const scene = manager.publish({ 'a.flat': 'A' });
    let away = 2;
    const client = {
      ...manager.client,
      read: (path: string, signal: AbortSignal) =>
        away-- > 0 ? Promise.reject(new RefusedError(503, 'away')) : manager.client.read(path, signal),
    };
    const cache = await openCache({ ...manager, client });
    const { signal } = new AbortController();
    const used = await cache.use(scene, signal, async () => getEventListeners(signal, 'abort').length);
    expect(used).toBe(0);
    expect(away).toBe(-1);
  });

  it('lays no file over another of nearly the same name', async () => {
    const manager = makeManager();
    const cache = await openCache(manager);
    // As where capitals do not count.
    const scene = manager.publish([
      ['a.flat', 'A'],
      ['b.png', 'one'],
      ['b.png', 'two'],
    ]);
    await expect(textOf(cache, scene)).rejects.toThrow(/EEXIST/);
    expect(readFileSync(join(cache.folder, 'files', sha256('one')), 'utf8')).toBe('one');
  });

  it('goes on with a download where it broke off', async () => {
    const manager = makeManager();
    const cache = await openCache(manager);
    const scene = manager.publish({ 'a.flat': '0123456789' });
    manager.breakOffAfter(4);
    expect(await textOf(cache, scene)).toBe('0123456789');
    expect(manager.asked).toEqual([0, 4]);
  });

  it('goes on with the download of an earlier process, if it is of the same content', async () => {
    const manager = makeManager();
    const cache = await openCache(manager);
    const scene = manager.publish({ 'a.flat': '0123456789' });
    writeFileSync(join(cache.folder, 'files', `${sha256('0123456789')}.part`), '01234');
    expect(await textOf(await openCache(manager, 1_000, cache.folder), scene)).toBe('0123456789');
    const other = manager.publish({ 'a.flat': 'abcdefghij' });
    const partial = join(cache.folder, 'files', `${sha256('abcdefghij')}.part`);
    writeFileSync(partial, 'xxxxx');
    await expect(textOf(cache, other)).rejects.toThrow(SceneChangedError);
    expect(existsSync(partial)).toBe(false);
    expect(await textOf(cache, other)).toBe('abcdefghij');
    expect(manager.asked).toEqual([5, 5, 0]);
  });

  it('copies a scene again whose files an earlier process has not left whole', async () => {
    const manager = makeManager();
    const cache = await openCache(manager);
    const scene = manager.publish({ 'a.flat': '0123456789', 'wood.png': 'wood' });
    await cache.use(scene, NEVER, async ({ root }) => {
      chmodSync(join(root, 'wood.png'), 0o600);
      truncateSync(join(root, 'wood.png'), 2);
    });
    const texture = (found: SceneCache): Promise<string> =>
      found.use(scene, NEVER, async ({ root }) => readFileSync(join(root, 'wood.png'), 'utf8'));
    expect(await texture(await openCache(manager, 1_000, cache.folder))).toBe('wood');
    expect(manager.asked).toHaveLength(3);
    expect(await texture(await openCache(manager, 1_000, cache.folder))).toBe('wood');
    expect(manager.asked).toHaveLength(3);
  });

  it('takes nothing that is not what was announced', async () => {
    const manager = makeManager();
    const cache = await openCache(manager);
    const scene = manager.publish({ 'a.flat': '0123456789' });
    manager.change('0123456780');
    await expect(textOf(cache, scene)).rejects.toThrow(SceneChangedError);
    manager.change('0123456789 and more');
    await expect(textOf(cache, scene)).rejects.toThrow(SceneChangedError);
    expect(readdirSync(cache.scenes)).toEqual([]);
  });

  it('removes the least recently used copies above its limit, but none in use', async () => {
    const manager = makeManager();
    const cache = await openCache(manager, 25);
    const scenes = ['a', 'b', 'c', 'd'].map((name) => manager.publish({ [`${name}.flat`]: name.repeat(10) }));
    const [a, b, c, d] = scenes as [string, string, string, string];
    const used = (id: string, seconds: number): void => utimesSync(join(cache.scenes, `${id}.json`), seconds, seconds);
    const kept = (): boolean[] => scenes.map((id) => existsSync(join(cache.scenes, id)));
    await textOf(cache, a);
    await textOf(cache, b);
    used(a, 2_000);
    used(b, 1_000);
    await textOf(cache, c);
    expect(kept()).toEqual([true, false, true, false]);
    used(a, 1_000);
    used(c, 2_000);
    await cache.use(a, NEVER, async ({ scene }) => {
      used(a, 1_000);
      await textOf(cache, d);
      expect(readFileSync(scene, 'utf8')).toBe('aaaaaaaaaa');
    });
    expect(kept()).toEqual([true, false, false, true]);
    expect(readdirSync(join(cache.folder, 'files')).sort()).toEqual(
      [sha256('a'.repeat(10)), sha256('d'.repeat(10))].sort(),
    );
    // Removed ones are copied again.
    expect(await textOf(cache, b)).toBe('bbbbbbbbbb');
  });

  it('counts what an earlier process has left', async () => {
    const manager = makeManager();
    const cache = await openCache(manager, 25);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => manager.publish({ [`${name}.flat`]: name.repeat(10) }));
    await textOf(cache, a!);
    await textOf(cache, b!);
    writeFileSync(join(cache.folder, 'files', `${sha256('gone')}.part`), 'unfinished');
    const again = await openCache(manager, 25, cache.folder);
    await textOf(again, c!);
    expect(readdirSync(join(cache.folder, 'files'))).toHaveLength(2);
  });
});

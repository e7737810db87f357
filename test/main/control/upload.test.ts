import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createUploads } from '../../../src/main/control/upload';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** @param rendered names of scenes that unfinished jobs render; may be added to */
function makeUploads(rendered: string[] = []): {
  folder: string;
  /** @returns the name that the scene got */
  take(name: string, bytes: string, batch?: string): Promise<string>;
  bytesOf(name: string): string;
} {
  const folder = temporaryFolder();
  const inUse = (): string[] => rendered.map((name) => join(folder, name));
  const uploads = createUploads({ folder, extensions: ['.glb', '.blend'], inUse });
  return {
    folder,
    take: async (name, bytes, batch) => basename(await uploads.take(name, Readable.from([Buffer.from(bytes)]), batch)),
    bytesOf: (name) => readFileSync(join(folder, name), 'utf8'),
  };
}

describe('an uploaded scene', () => {
  it('that did not arrive whole before the host was killed is deleted at the next start', async () => {
    const folder = temporaryFolder();
    for (const name of [`.${randomUUID()}.tmp`, '.notes.tmp', 'kept.glb']) writeFileSync(join(folder, name), '');
    const uploads = createUploads({ folder, extensions: ['.glb'], inUse: () => [] });
    await uploads.take('scene.glb', Readable.from([Buffer.from('new')]));
    expect(readdirSync(folder).sort()).toEqual(['.notes.tmp', 'kept.glb', 'scene.glb']);
  });

  it('replaces the one of its name', async () => {
    const { folder, take, bytesOf } = makeUploads(['other.glb']);
    expect(await take('scene.glb', 'old')).toBe('scene.glb');
    expect(await take('C:\\work\\scene.glb', 'new')).toBe('scene.glb');
    expect(bytesOf('scene.glb')).toBe('new');
    expect(readdirSync(folder)).toEqual(['scene.glb']);
  });

  it('replaces none that a job is still to render, unless it is the same', async () => {
    const rendered: string[] = [];
    const { folder, take, bytesOf } = makeUploads(rendered);
    rendered.push(await take('scene.glb', 'one'));
    expect(await take('scene.glb', 'one')).toBe('scene.glb');
    rendered.push(await take('scene.glb', 'two'));
    expect(rendered).toEqual(['scene.glb', 'scene-2.glb']);
    expect(await take('scene.glb', 'six')).toBe('scene-3.glb');
    expect(await take('scene.glb', 'two')).toBe('scene-2.glb');
    // Nothing renders the third.
    expect(await take('scene.glb', 'ten')).toBe('scene-3.glb');
    expect(['scene.glb', 'scene-2.glb', 'scene-3.glb'].map(bytesOf)).toEqual(['one', 'two', 'ten']);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('replaces none that came with it, whatever the names of both are', async () => {
    const { take, bytesOf } = makeUploads();
    expect(await take('scene.glb', 'one', 'a')).toBe('scene.glb');
    expect(await take('scene.glb', 'two', 'a')).toBe('scene-2.glb');
    expect(await take('scene-2.glb', 'six', 'a')).toBe('scene-2-2.glb');
    expect(await take('scene.glb', 'one', 'a')).toBe('scene.glb');
    expect(['scene.glb', 'scene-2.glb', 'scene-2-2.glb'].map(bytesOf)).toEqual(['one', 'two', 'six']);
    expect(await take('scene.glb', 'ten', 'b')).toBe('scene.glb');
  });

  it('gets a path of its own while another of its name arrives', async () => {
    const { take, bytesOf } = makeUploads();
    const names = await Promise.all(['one', 'two', 'six'].map((bytes) => take('scene.glb', bytes, 'a')));
    expect([...names].sort()).toEqual(['scene-2.glb', 'scene-3.glb', 'scene.glb']);
    expect(names.map(bytesOf)).toEqual(['one', 'two', 'six']);
  });

  it.each(['scene.txt', 'a\nb.glb', `${'x'.repeat(200)}.glb`])('is not stored as %j', async (name) => {
    const { folder, take } = makeUploads();
    await expect(take(name, 'one')).rejects.toMatchObject({ status: 422 });
    expect(readdirSync(folder)).toEqual([]);
  });
});

import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createVideoPlaces, draftPath, removeDrafts, videoName } from '../../../src/addon/video/place-video';
import { temporaryFolder } from '../../helpers/temporary-folder';

async function place(storage: string, folder: string, text: string): Promise<string> {
  const draft = draftPath(folder, '.mp4');
  writeFileSync(draft, text);
  return createVideoPlaces(storage).place(draft, folder, 'shot', '.mp4');
}

test('a video that was made here is replaced', async () => {
  const [storage, folder] = [temporaryFolder(), temporaryFolder()];
  expect(await place(storage, folder, 'one')).toBe(join(folder, 'shot.mp4'));
  expect(await place(storage, folder, 'two')).toBe(join(folder, 'shot.mp4'));
  expect(readFileSync(join(folder, 'shot.mp4'), 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['shot.mp4']);
});

test('anything else stays: another file, one that was changed since, a link, a folder', async () => {
  const [storage, folder] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(folder, 'shot.mp4'), 'mine');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'shot (2).mp4'));
  mkdirSync(join(folder, 'shot (3).mp4'));
  expect(await place(storage, folder, 'one')).toBe(join(folder, 'shot (4).mp4'));
  utimesSync(join(folder, 'shot (4).mp4'), 1, 1);
  expect(await place(storage, folder, 'two')).toBe(join(folder, 'shot (5).mp4'));
  expect(readFileSync(join(folder, 'shot.mp4'), 'utf8')).toBe('mine');
});

test('drafts of a crash are removed, and nothing else', async () => {
  const folder = temporaryFolder();
  writeFileSync(draftPath(folder, '.mov'), '');
  writeFileSync(join(folder, '.framegauge-video-mine.mov'), '');
  await removeDrafts(folder);
  expect(readdirSync(folder)).toEqual(['.framegauge-video-mine.mov']);
  await removeDrafts(join(folder, 'none'));
});

test.each([
  ['shot 010', 'shot 010'],
  ['../a\\b:c', '__a_b_c'],
  ['...', '_'],
  ['', 'video'],
  ['a'.repeat(300), 'a'.repeat(120)],
])('%j is named %j', (name, file) => {
  expect(videoName(name)).toBe(file);
});

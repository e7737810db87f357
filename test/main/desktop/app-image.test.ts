import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appImageOf, keptExample } from '../../../src/main/desktop/app-image';
import { temporaryFolder } from '../../helpers/temporary-folder';

describe('the AppImage of a program', () => {
  const env = { APPIMAGE: '/home/me/Framegauge.AppImage', APPDIR: '/tmp/.mount_Frame1' };
  it.each([
    ['is where it was started from', env, '/tmp/.mount_Frame1/framegauge', env.APPIMAGE],
    ['is known without its mount', { APPIMAGE: env.APPIMAGE }, '/tmp/extracted/framegauge', env.APPIMAGE],
    ['is not that of the program that started it', env, '/opt/Framegauge/framegauge', null],
    ['is none for a package of another kind', {}, '/opt/Framegauge/framegauge', null],
  ])('%s', (_how, variables, executable, expected) => {
    expect(appImageOf(variables, executable)).toBe(expected);
  });
});

describe('the example of an AppImage', () => {
  it('is kept in the data folder as it was first', () => {
    const folder = temporaryFolder();
    const example = join(folder, 'turntable.glb');
    writeFileSync(example, 'first');
    const kept = keptExample(example, join(folder, 'data'));
    expect(kept).toBe(join(folder, 'data', 'scenes', 'example', 'turntable.glb'));
    writeFileSync(example, 'second');
    expect(keptExample(example, join(folder, 'data'))).toBe(kept);
    expect(readFileSync(kept, 'utf8')).toBe('first');
  });

  it('is the original where no copy can be made', () => {
    const folder = temporaryFolder();
    const example = join(folder, 'turntable.glb');
    writeFileSync(example, '');
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'scenes'), 'no folder');
    expect(keptExample(example, join(folder, 'data'))).toBe(example);
  });
});

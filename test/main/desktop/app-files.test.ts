import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOfAppUrl, isAppUrl, sceneFileOfAppUrl } from '../../../src/main/desktop/app-files';

const root = resolve('/srv/ui');

describe('fileOfAppUrl', () => {
  it('finds files of the UI with their type', () => {
    expect(fileOfAppUrl('app://framegauge/', root)).toEqual({
      path: resolve(root, 'index.html'),
      type: 'text/html; charset=utf-8',
    });
    expect(fileOfAppUrl('app://framegauge/assets/a.js?v=1#x', root)).toEqual({
      path: resolve(root, 'assets/a.js'),
      type: 'text/javascript; charset=utf-8',
    });
    expect(fileOfAppUrl('app://framegauge/a%20b.css', root)?.path).toBe(resolve(root, 'a b.css'));
  });

  it('has a type for everything that the built UI loads', () => {
    const built = resolve(import.meta.dirname, '../../../out/renderer');
    const files = readdirSync(join(built, 'assets'));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((name) => fileOfAppUrl(`app://framegauge/assets/${name}`, built) === null)).toEqual([]);
  });

  it.each([
    'app://framegauge/../secret.js',
    'app://framegauge/%2e%2e/secret.js',
    'app://framegauge/..%2fsecret.js',
    'app://framegauge/a/..%2f..%2f..%2fsecret.js',
    'app://framegauge/..%5csecret.js',
    'app://framegauge/C:%5csecret.js',
    'app://framegauge/a.js%00.html',
    'app://framegauge/%',
    'app://framegauge/a.js::$DATA',
  ])('serves nothing outside of the folder: %s', (address) => {
    const file = fileOfAppUrl(address, root);
    // A dot segment that the URL parser resolves by itself ends inside.
    if (file) expect(file.path.startsWith(resolve(root, 'x').slice(0, -1))).toBe(true);
    else expect(file).toBeNull();
  });

  it('serves no sibling whose name starts like the folder’s', () => {
    expect(fileOfAppUrl('app://framegauge/..%2fui-secret%2fa.js', root)).toBeNull();
  });

  it('serves no other origin and no unknown kind of file', () => {
    expect(fileOfAppUrl('app://other/index.html', root)).toBeNull();
    expect(fileOfAppUrl('https://framegauge/index.html', root)).toBeNull();
    expect(fileOfAppUrl('app://framegauge/run.sh', root)).toBeNull();
    expect(fileOfAppUrl('not an address', root)).toBeNull();
  });
});

describe('isAppUrl', () => {
  it('tells our origin from others', () => {
    expect(isAppUrl('app://framegauge/index.html#x')).toBe(true);
    for (const other of ['app://framegauge.evil/', 'app://framegauge:1/', 'https://framegauge/', 'about:blank', ''])
      expect(isAppUrl(other), other).toBe(false);
  });
});

describe('sceneFileOfAppUrl', () => {
  it('leads to a scene’s files at the host’s server', () => {
    const path = '/worker/files/a_B-9/3/scene';
    expect(sceneFileOfAppUrl(`app://framegauge${path}`)).toBe(path);
    expect(sceneFileOfAppUrl(`app://framegauge${path}?uri=a%2Fb.bin`)).toBe(`${path}?uri=a%2Fb.bin`);
  });

  it.each([
    'https://framegauge/worker/files/a/3/scene',
    'app://elsewhere/worker/files/a/3/scene',
    'app://framegauge/worker/files/a/3/scene/../../../../api/v1/jobs',
    'app://framegauge/worker/files/a/3/scene%2f..%2fx',
    'app://framegauge/api/v1/scene',
    'app://framegauge/worker/page/render-page/index.html',
  ])('leads to nothing else there: %s', (address) => {
    expect(sceneFileOfAppUrl(address)).toBe(null);
  });
});

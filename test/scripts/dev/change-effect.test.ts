import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effectOf } from '../../../scripts/dev/change-effect.mjs';

const root = resolve('/somewhere/framegauge');
const addons = join(root, '.cache/dev/addons');

describe('effectOf', () => {
  it.each([
    ['src/renderer/panels/queue-panel.tsx', { kind: 'ui' }],
    ['src/renderer/render-page/stage.ts', { kind: 'host' }],
    ['src/main/jobs/queue.ts', { kind: 'host' }],
    ['src/main/engines/blender/driver/render.py', { kind: 'host' }],
    ['src/shared/jobs.ts', { kind: 'host' }],
    ['src/preload/preload.ts', { kind: 'host' }],
    ['src/addon/prometheus/outputs/graphite.ts', { kind: 'addon', id: 'prometheus' }],
    ['src/addon/api/event-handlers.ts', { kind: 'addon', id: null }],
    ['src/addon/prometheus/addon.json', { kind: 'host' }],
    ['.cache/dev/addons/mine/main.mjs', { kind: 'installed-addon', folder: 'mine' }],
    ['.cache/dev/addons/mine/lib/deep.mjs', { kind: 'installed-addon', folder: 'mine' }],
    ['.cache/dev/addons/mine/addon.json', { kind: 'host' }],
    ['.cache/dev/queue.sqlite', { kind: 'none' }],
    ['test/main/jobs/queue.test.ts', { kind: 'none' }],
    ['README.md', { kind: 'none' }],
  ])('of %s', (file, effect) => {
    expect(effectOf(join(root, file), { root, addons })).toEqual(effect);
  });

  it('knows add-ons of a data folder elsewhere, and nothing else there', () => {
    const elsewhere = resolve('/data/addons');
    const of = (file: string): unknown => effectOf(resolve(file), { root, addons: elsewhere });
    expect(of('/data/addons/mine/main.mjs')).toEqual({ kind: 'installed-addon', folder: 'mine' });
    expect(of('/data/addons-old/mine/main.mjs')).toEqual({ kind: 'none' });
    expect(of('/src/main/host.ts')).toEqual({ kind: 'none' });
  });
});

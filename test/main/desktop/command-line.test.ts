import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentsIn, readCommandLine } from '../../../src/main/desktop/command-line';

const cwd = resolve('/work/here');
const read = (...argv: string[]): ReturnType<typeof readCommandLine> => readCommandLine(argv, {}, cwd);

describe('readCommandLine', () => {
  it('takes safe mode', () => {
    expect(read('--safe-mode').safeMode).toBe(true);
  });

  it('starts again in safe mode, and out of it', () => {
    const own = ['.', '--data=/d', 'a.glb'];
    const safe = argumentsIn('safe', own);
    expect(read(...safe)).toMatchObject({ safeMode: true, data: '/d', scene: resolve(cwd, 'a.glb') });
    expect(argumentsIn('safe', safe)).toEqual(safe);
    expect(argumentsIn('normal', safe)).toEqual(own);
  });

  it('has defaults', () => {
    expect(read()).toEqual({ data: undefined, scene: null, confirm: true, safeMode: false });
  });

  it('takes the data folder in both spellings', () => {
    expect(read('--data', '/d').data).toBe('/d');
    expect(read('--data=/d').data).toBe('/d');
    expect(read('--data').data).toBeUndefined();
    expect(read('--data=').data).toBeUndefined();
  });

  it('finds a scene among Chromium’s switches and the path of the app', () => {
    expect(read('--no-sandbox', '/work/app', '--inspect=0', 'a scene.GLB').scene).toBe(resolve(cwd, 'a scene.GLB'));
    expect(read('/abs/x.gltf').scene).toBe(resolve('/abs/x.gltf'));
    expect(read('x.blend').scene).toBe(resolve(cwd, 'x.blend'));
    expect(read('--load=x.glb', '.', 'notes.txt').scene).toBeNull();
  });

  it.each(['file://nas/x.glb', 'file:///%00.glb'])('leaves to others to say what is wrong with %s', (address) => {
    expect(read(address).scene).toBe(address);
  });

  it('does not take the data folder for a scene', () => {
    expect(read('--data', 'odd.glb').scene).toBeNull();
  });

  it('asks before ending unless told not to', () => {
    expect(read('--no-confirm').confirm).toBe(false);
    expect(readCommandLine([], { FRAMEGAUGE_NO_CONFIRM: '1' }, cwd).confirm).toBe(false);
    expect(readCommandLine([], { FRAMEGAUGE_NO_CONFIRM: '' }, cwd).confirm).toBe(true);
  });
});

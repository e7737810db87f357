import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SIZE,
  MINIMUM_SIZE,
  initialBounds,
  readWindowState,
  saveWindowState,
} from '../../../src/main/desktop/window-state';
import { temporaryFolder } from '../../helpers/temporary-folder';

const first = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };

describe('initialBounds', () => {
  it('has a default that fits the screen', () => {
    expect(initialBounds(null, [first])).toEqual({ ...DEFAULT_SIZE, maximized: false });
    expect(initialBounds(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({
      width: 1280,
      height: 720,
      maximized: false,
    });
  });

  it('goes back to where the window was', () => {
    const saved = { x: 2000, y: 40, width: 1000, height: 700, maximized: true };
    expect(initialBounds(saved, [first, second])).toEqual(saved);
  });

  it('keeps the size but not the place when that screen is gone', () => {
    expect(initialBounds({ x: 2000, y: 40, width: 1000, height: 700, maximized: false }, [first])).toEqual({
      width: 1000,
      height: 700,
      maximized: false,
    });
  });

  it('does not open where the title bar cannot be reached', () => {
    expect(initialBounds({ x: 100, y: -300, width: 1000, height: 700, maximized: false }, [first])).not.toHaveProperty(
      'x',
    );
    expect(initialBounds({ x: -980, y: 100, width: 1000, height: 700, maximized: false }, [first])).not.toHaveProperty(
      'x',
    );
  });

  it('is neither larger than the screen nor smaller than the UI needs', () => {
    expect(initialBounds({ x: 0, y: 0, width: 5000, height: 4000, maximized: false }, [first])).toMatchObject({
      width: 1920,
      height: 1080,
    });
    expect(initialBounds({ x: 0, y: 0, width: 10, height: 10, maximized: false }, [first])).toMatchObject(MINIMUM_SIZE);
  });
});

describe('the stored place', () => {
  it('comes back as it was', async () => {
    const file = join(temporaryFolder(), 'window.json');
    const state = { x: 1, y: 2, width: 1000, height: 700, maximized: false };
    await saveWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
  });

  it.each(['', '{', '{"x":1}', '{"x":"a","y":0,"width":1,"height":1,"maximized":false}', 'null'])(
    'is ignored when it cannot be read: %s',
    (content) => {
      const file = join(temporaryFolder(), 'window.json');
      writeFileSync(file, content);
      expect(readWindowState(file)).toBeNull();
    },
  );

  it('may be missing', () => {
    expect(readWindowState(join(temporaryFolder(), 'window.json'))).toBeNull();
  });
});

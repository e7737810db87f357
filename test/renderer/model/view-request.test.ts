import { describe, expect, it } from 'vitest';
import { formForScene } from '../../../src/renderer/model/render-form';
import { drawnSize, viewRequest } from '../../../src/renderer/model/view-request';
import { sampleScene } from '../../helpers/samples';

const scene = sampleScene();
const form = formForScene(scene, null);

describe('the size of the live view', () => {
  it('has the image’s aspect ratio, in device pixels, and fits into the room', () => {
    expect(drawnSize({ width: 800, height: 900 }, { width: '1280', height: '720' }, 1)).toEqual({
      width: 800,
      height: 450,
    });
    expect(drawnSize({ width: 800, height: 200 }, { width: '100', height: '100' }, 2)).toEqual({
      width: 400,
      height: 400,
    });
  });

  it('has an end, however large the window and whatever is typed', () => {
    expect(drawnSize({ width: 5_000, height: 5_000 }, { width: '1', height: '1' }, 3)).toEqual({
      width: 1_920,
      height: 1_920,
    });
    expect(drawnSize({ width: 160, height: 900 }, { width: 'wide', height: '' }, 1)).toEqual({
      width: 160,
      height: 90,
    });
    expect(drawnSize({ width: 0, height: 300 }, { width: '16', height: '9' }, 1)).toBe(null);
    expect(drawnSize({ width: 300, height: 300 }, { width: '16384', height: '1' }, 1)).toBe(null);
  });
});

describe('what the live view draws', () => {
  it('is the frame as the form asks for it, with samples that a view needs', () => {
    const size = { width: 640, height: 360 };
    expect(
      viewRequest('/files', { ...form, camera: 'Close-up', samples: '256', transparent: 'yes' }, scene, 12, size),
    ).toEqual({
      url: '/files',
      sceneName: null,
      animations: null,
      frame: 12,
      fps: 24,
      ...size,
      samples: 16,
      camera: 'Close-up',
      transparent: true,
    });
  });

  it('counts what can’t be used as the scene has it', () => {
    const request = viewRequest('/files', { ...form, fps: 'x', samples: '-3' }, scene, 1, { width: 2, height: 2 });
    expect(request).toMatchObject({ fps: 24, samples: 16 });
  });
});

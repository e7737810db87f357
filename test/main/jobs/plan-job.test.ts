import { expect, it } from 'vitest';
import { planJob } from '../../../src/main/jobs/plan-job';
import { sampleScene } from '../../helpers/samples';

const scene = sampleScene({ path: '/scenes/cars/red.glb', name: 'red', cameras: ['Front', 'Back'], animations: [] });
const plan = (request: object): ReturnType<typeof planJob> => planJob({ scene: scene.path, ...request }, scene, '/home/me/Framegauge');

it('takes what is left open from the scene and the preferences', () => {
  expect(plan({})).toEqual({
    scene: '/scenes/cars/red.glb',
    frames: '1-48',
    width: 1280,
    height: 720,
    samples: 16,
    camera: null,
    fps: 24,
    output: '/home/me/Framegauge/red/####.png',
    overwrite: false,
    workers: null,
  });
});

it('takes what is given', () => {
  const given = { frames: '3,1', width: 10, height: 20, samples: 1, camera: 'Back', fps: 30, output: '/out/x.png', overwrite: true, workers: 2 };
  expect(plan(given)).toEqual({ scene: scene.path, ...given });
});

it.each([
  ['//frames/####', '/scenes/cars/frames/####'],
  ['/out/', '/out/####.png'],
  ['/out/v1.2_##', '/out/v1.2_##'],
])('reads the output %s as %s', (output, expected) => expect(plan({ output }).output).toBe(expected));

it.each([
  [{ camera: 'Side' }, 'red has no camera “Side”: its cameras are “Front”, “Back”.'],
  [{ output: 'here/####.png' }, 'must be a full path'],
  [{ output: '/out/film.mp4' }, 'Images are written as PNG'],
  [{ frames: '9-1' }, 'runs backwards'],
])('refuses %j', (request, sentence) => expect(() => plan(request)).toThrow(sentence));

import { expect, it } from 'vitest';
import type { JobSettings } from '../../../../src/shared/jobs';
import { planGltfJob } from '../../../helpers/plan-job';
import { sampleScene } from '../../../helpers/samples';

const scene = sampleScene({
  path: '/scenes/cars/red.glb',
  name: 'red',
  cameras: ['Front', 'Back'],
  animations: [{ name: 'Turn', seconds: 2 }],
});
const plan = (request: object): JobSettings =>
  planGltfJob({ scene: scene.path, ...request }, scene, '/home/me/Framegauge');

it('takes what is left open from the scene and the preferences', () => {
  expect(plan({})).toMatchObject({
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
    installation: null,
    sceneName: null,
    renderEngine: null,
    format: 'png',
    views: [''],
    allowScripts: false,
    factoryStartup: false,
  });
});

it.each(['.', '..', '.framegauge-job-2-frame-1'])(
  'puts images of a scene with the name %j into a folder of their own that nobody takes for another',
  (name) => {
    const named = sampleScene({ path: `/scenes/${name}.glb`, name });
    expect(planGltfJob({ scene: named.path }, named, '/out').output).toBe(`/out/_${name.slice(1)}/####.png`);
  },
);

it('takes what is given', () => {
  const given = {
    frames: '3,1',
    width: 10,
    height: 20,
    samples: 1,
    camera: 'Back',
    fps: 30,
    output: '/out/x.png',
    overwrite: true,
    workers: 2,
  };
  expect(plan(given)).toMatchObject({ scene: scene.path, ...given });
});

it('takes a percentage of the size', () => {
  expect(plan({ percentage: 50 })).toMatchObject({ width: 640, height: 360 });
  expect(plan({ percentage: 33, width: 100, height: 10 })).toMatchObject({ width: 33, height: 3 });
  expect(plan({ percentage: 1, height: 10 })).toMatchObject({ width: 12, height: 1 });
  expect(plan({ percentage: 1_000, width: 1_638 })).toMatchObject({ width: 16_380, height: 7_200 });
});

it.each([
  ['//frames/####', '/scenes/cars/frames/####'],
  ['/out/', '/out/####.png'],
  ['/out/v1.2_##', '/out/v1.2_##'],
  ['//frames\\shot\\####.png', '/scenes/cars/frames/shot/####.png'],
  ['/out\\f_####.png', '/out/f_####.png'],
  ['/out/new\\', '/out/new/####.png'],
  // It may be there.
  ['/out/a\\b/f_####.png', '/out/a\\b/f_####.png'],
])('reads the output %s as %s', (output, expected) => expect(plan({ output }).output).toBe(expected));

it.each([
  [
    { width: 16_384, height: 16, percentage: 1_000 },
    '1000 % of 16384 pixels are 163840, and an image has at most 16384',
  ],
  [{ output: '/out/f_####.avif' }, 'glTF scenes are rendered to PNG: let the output “/out/f_####.avif” end with .png.'],
  [{ camera: 'Side' }, 'red has no camera “Side”: its cameras are “Front”, “Back”.'],
  [{ camera: 'S'.repeat(5_000) }, `red has no camera “${'S'.repeat(100)}…”: its cameras`],
  [{ output: 'here/####.png' }, 'must be a full path'],
  [{ output: `here/${'#'.repeat(5_000)}` }, '###…” must be a full path'],
  [{ output: `/out/${'#'.repeat(5_000)}.avif` }, '###…” end with .png.'],
  [{ output: '/out/film.mp4' }, 'glTF scenes are rendered to PNG: let the output “/out/film.mp4” end with .png.'],
  [{ output: '/out/a.jpg' }, 'glTF scenes are rendered to PNG: let the output “/out/a.jpg” end with .png.'],
  [{ format: 'exr' }, 'glTF scenes are rendered to PNG: leave the format OpenEXR out.'],
  [{ frames: '9-1' }, 'runs backwards'],
])('refuses %j', (request, sentence) => expect(() => plan(request)).toThrow(sentence));

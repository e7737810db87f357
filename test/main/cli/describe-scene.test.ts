import { expect, it } from 'vitest';
import { sceneDetails } from '../../../src/main/cli/describe-scene';
import { sampleBlend, sampleBlenderScene, sampleScene } from '../../helpers/samples';

const plain = { columns: null, colours: false };

it('tells what a glTF contains', () => {
  const scenes = { scenes: ['Day', 'Night'], activeScene: 'Night' };
  const info = sampleScene({
    ...scenes,
    warnings: ['It has no light.'],
    animations: [{ name: 'Turn', seconds: 1.996 }],
  });
  expect(sceneDetails(info, plain)).toEqual([
    'turntable  gltf',
    '  File        /scenes/turntable.glb (549 kB)',
    '  Frames      1-48 (48 frames), 24 frames per second',
    '  Images      1280 × 720, 16 samples',
    '  Scenes      “Day”, “Night” (default)',
    '  Cameras     “Main”, “Close-up”',
    '  Animations  “Turn” (2 s)',
    '',
    'Warnings',
    '  It has no light.',
  ]);
});

it('tells of each scene of a .blend what it renders', () => {
  const film = sampleBlenderScene({
    name: 'Film\u001b[2J',
    frameStep: 5,
    percentage: 100,
    camera: null,
    cameras: [],
    renderEngine: 'workbench',
    samples: null,
    output: '',
    format: null,
    movie: true,
    crop: { left: 0, right: 0.5, bottom: 0, top: 1 },
    joinedViews: 'side-by-side',
  });
  const info = sampleBlend({ warnings: [] }, [sampleBlenderScene(), film], { version: '3.4', scripts: true });
  expect(sceneDetails(info, plain)).toEqual([
    'robot  blender',
    '  File        /scenes/robot.blend (48 MB)',
    '  Saved by    Blender 3.4',
    '  Scripts     has some, which run only with --allow-scripts',
    '',
    'Scene “Scene”  active',
    '  Frames      1-240 (240 frames), 24 frames per second',
    '  Engine      cycles, 128 samples',
    '  Images      1920 × 1080 at 50 %, PNG',
    '  Output      //render/shot_####',
    '  Cameras     “Camera” (active), “Camera.001”',
    '',
    'Scene “Film [2J”',
    '  Frames      1-240x5 (48 frames), 24 frames per second',
    '  Engine      workbench',
    '  Images      1920 × 1080, a movie, cropped, two views side-by-side',
  ]);
});

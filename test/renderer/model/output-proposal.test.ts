import { normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absoluteOutput, defaultOutput } from '../../../src/renderer/model/output-proposal';
import { planBlendJob, planGltfJob } from '../../helpers/plan-job';
import { sampleBlend, sampleBlenderScene, sampleEngine, sampleScene } from '../../helpers/samples';

const home = '/home/ada';
const installations = [sampleEngine()];

describe('the output shown', () => {
  it.each(['//renders/####.png', '/tmp/a/', '/tmp/a/frame_###'])('for “%s” is what the host makes of it', (output) => {
    const scene = sampleScene();
    expect(absoluteOutput(output, scene, 'png')).toBe(
      planGltfJob({ scene: scene.path, output }, scene, '/elsewhere').output,
    );
  });

  it('for an empty field is what the host chooses', () => {
    const scene = sampleScene();
    const proposal = { scene, blenderScene: null, chosen: [], format: 'png' as const, home };
    expect(defaultOutput({ ...proposal, outputDirectory: '/renders' })).toBe(
      planGltfJob({ scene: scene.path }, scene, '/renders').output,
    );
    const two = sampleScene({
      scenes: ['Day', 'Night'],
      activeScene: 'Day',
      sceneContents: [
        { cameras: [], animations: [] },
        {
          cameras: ['A/B'],
          animations: [
            { name: 'Walk', seconds: 1 },
            { name: 'Run', seconds: 1 },
          ],
        },
      ],
    });
    const planned = planGltfJob(
      { scene: two.path, sceneName: 'Night', animations: ['Walk', 'Run'], camera: 'A/B' },
      two,
      '/renders',
    ).output;
    expect(
      defaultOutput({ ...proposal, scene: two, chosen: ['Night', 'Walk+Run', 'A/B'], outputDirectory: '/renders' }),
    ).toBe(planned);
    expect(defaultOutput({ ...proposal, outputDirectory: '' })).toBe('/home/ada/Framegauge/turntable/####.png');
  });

  it.each([
    ['/tmp/', 'png'],
    ['', 'exr'],
    ['//render/shot_####', 'png'],
    ['//render/', 'tiff'],
    ['//..\\out\\####.jpg', 'jpeg'],
    ['/films/shot.png', 'exr'],
    ['/films/shot.mp4', 'png'],
    ['relative/shot', 'webp'],
  ] as const)('for a .blend that says “%s”, as %s, is what the host chooses', (output, format) => {
    for (const sceneName of ['Scene', 'Titles']) {
      const scene = sampleBlend({ path: '/films/cat/robot.blend' }, [
        sampleBlenderScene({ output }),
        sampleBlenderScene({ name: 'Titles', output }),
      ]);
      const blenderScene = scene.blender!.scenes.find(({ name }) => name === sceneName)!;
      const planned = planBlendJob({ scene: scene.path, sceneName, format }, scene, '/renders', {
        installations,
      }).output;
      const shown = defaultOutput({
        scene,
        blenderScene,
        chosen: sceneName === 'Titles' ? ['Titles'] : [],
        format,
        home,
        outputDirectory: '/renders',
      });
      // The host takes “..” away; to a reader both are the same.
      expect(normalize(shown)).toBe(planned);
    }
  });
});

import { normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absoluteOutput, defaultOutput } from '../../../src/renderer/model/output-proposal';
import { planJob } from '../../../src/main/jobs/planning/plan-job';
import { sampleBlend, sampleBlenderScene, sampleEngine, sampleScene } from '../../helpers/samples';

const home = '/home/ada';
const engines = [sampleEngine()];

describe('the output shown', () => {
  it.each(['//renders/####.png', '/tmp/a/', '/tmp/a/frame_###'])('for “%s” is what the host makes of it', (output) => {
    const scene = sampleScene();
    expect(absoluteOutput(output, scene, 'png')).toBe(
      planJob({ scene: scene.path, output }, scene, '/elsewhere').output,
    );
  });

  it('for an empty field is what the host chooses', () => {
    const scene = sampleScene();
    const proposal = { scene, blenderScene: null, format: 'png' as const, home };
    expect(defaultOutput({ ...proposal, outputDirectory: '/renders' })).toBe(
      planJob({ scene: scene.path }, scene, '/renders').output,
    );
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
      const planned = planJob({ scene: scene.path, sceneName, format }, scene, '/renders', { engines }).output;
      const shown = defaultOutput({ scene, blenderScene, format, home, outputDirectory: '/renders' });
      // The host takes “..” away; to a reader both are the same.
      expect(normalize(shown)).toBe(planned);
    }
  });
});

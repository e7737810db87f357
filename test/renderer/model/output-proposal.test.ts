import { describe, expect, it } from 'vitest';
import { absoluteOutput, defaultOutput } from '../../../src/renderer/model/output-proposal';
import { planJob } from '../../../src/main/jobs/plan-job';
import { sampleScene } from '../../helpers/samples';

describe('the output shown', () => {
  it.each(['//renders/####.png', '/tmp/a/', '/tmp/a/frame_###'])('for “%s” is what the host makes of it', (output) => {
    const scene = sampleScene();
    expect(absoluteOutput(output, scene)).toBe(planJob({ scene: scene.path, output }, scene, '/elsewhere').output);
  });
  it('for an empty field is what the host chooses', () => {
    const scene = sampleScene();
    expect(defaultOutput(scene, '/home/ada', '/renders')).toBe(planJob({ scene: scene.path }, scene, '/renders').output);
    expect(defaultOutput(scene, '/home/ada', '')).toBe('/home/ada/Framegauge/turntable/####.png');
  });
});

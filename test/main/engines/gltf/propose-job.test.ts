import { describe, expect, it } from 'vitest';
import { gltfWarnings } from '../../../../src/main/engines/gltf/propose-job';
import type { JobRequest, JobSettings } from '../../../../src/shared/jobs';
import { planGltfJob } from '../../../helpers/plan-job';
import { sampleScene } from '../../../helpers/samples';

const scene = sampleScene({
  path: '/scenes/cars/red.glb',
  name: 'red',
  cameras: ['Front', 'Back'],
  animations: [{ name: 'Turn', seconds: 2 }],
});

it.each<[Partial<JobRequest>, string]>([
  [{ samples: 4_097 }, 'A glTF scene takes at most 4096 samples for each pixel, not 4097.'],
  [{ engine: 'blender' }, 'red is a glTF scene, which the engine “blender” does not render'],
  [{ sceneName: 'Two' }, 'red has no scene “Two”: it has only one, without a name; leave it out.'],
  [{ animations: ['Jump'] }, 'red has no animation “Jump”: its animations are “Turn”.'],
  [{ renderEngine: 'cycles' }, 'A glTF scene has no choice of render engines'],
  [{ device: 'gpu' }, 'What Cycles computes on is chosen for .blend files only: leave “gpu” out.'],
])('refuses %j', (request, sentence) =>
  expect(() => planGltfJob({ scene: scene.path, ...request }, scene, '/out')).toThrow(sentence),
);

describe('a glTF with animations and scenes', () => {
  const walk = { name: 'Walk', seconds: 2 };
  const idle = { name: 'Ka\u0301me', seconds: 1 };
  const both = sampleScene({
    path: '/scenes/hero.glb',
    name: 'hero',
    animations: [idle, walk],
    cameras: ['Front'],
    scenes: ['Day', 'Night'],
    activeScene: 'Day',
    sceneContents: [
      { cameras: ['Front'], animations: [idle, walk] },
      { cameras: ['Mo\u0308nd'], animations: [idle] },
    ],
  });
  const planned = (request: object): JobSettings => planGltfJob({ scene: both.path, ...request }, both, '/out');

  it('warns of animations that move the same things where both are played', () => {
    const scene = { ...both, overlaps: [[idle.name, walk.name]] as [string, string][], warnings: ['One.'] };
    const warnings = (request: object): string[] => gltfWarnings(scene, planned(request));
    expect(warnings({})).toEqual(['One.', expect.stringContaining('to render “Walk”, choose it without the other')]);
    expect(warnings({ animations: ['Walk'] })).toEqual(['One.']);
    expect(warnings({ sceneName: 'Night' })).toEqual(['One.']);
  });

  it.each([
    [24, '1-48'],
    [30, '1-60'],
    [12, '1-24'],
    [0.1, '1'],
  ])('has as many frames as fit at %s fps', (fps, frames) => expect(planned({ fps })).toMatchObject({ fps, frames }));

  it('is as long as the animations that are chosen', () => {
    expect(planned({ animations: ['Walk'] })).toMatchObject({ animations: ['Walk'], frames: '1-48' });
    expect(planned({ animations: ['K\u00e1me', 'K\u00e1me'] })).toMatchObject({
      animations: [idle.name],
      frames: '1-24',
    });
    expect(planned({})).toMatchObject({ animations: null });
  });

  it('goes by the scene that is chosen', () => {
    expect(planned({ sceneName: 'Night', camera: 'M\u00f6nd' })).toMatchObject({
      sceneName: 'Night',
      camera: 'Mo\u0308nd',
      frames: '1-24',
    });
    expect(planned({})).toMatchObject({ sceneName: null });
  });

  it.each([
    [{ animations: ['Run'] }, 'hero has no animation “Run”: its animations are “Ka\u0301me”, “Walk”.'],
    [
      { animations: ['Walk'], sceneName: 'Night' },
      'The animation “Walk” of hero moves nothing in its scene “Night”: choose another scene, or one of “Ka\u0301me”.',
    ],
    [{ sceneName: 'Noon' }, 'hero has no scene “Noon”: its scenes are “Day”, “Night”.'],
    [{ sceneName: 'Night', camera: 'Front' }, 'hero has no camera “Front”: its cameras are “Mo\u0308nd”.'],
  ])('refuses %j', (request, sentence) => expect(() => planned(request)).toThrow(sentence));

  it('has a length that a job can have', () => {
    const long = sampleScene({ animations: [{ name: 'Long', seconds: 1e9 }] });
    expect(() => planGltfJob({ scene: long.path }, long, '/out')).toThrow(
      'turntable is 24,000,000,000 frames long, and a job has at most 1,000,000: give the frames to render.',
    );
    expect(planGltfJob({ scene: long.path, frames: '5' }, long, '/out').frames).toBe('5');
  });
});

import { describe, expect, it } from 'vitest';
import { jobTable } from '../../../src/renderer/model/job-table';
import {
  frameOf,
  isForeign,
  jobBeside,
  keptChoice,
  LEADING,
  subjectOf,
  type Sight,
} from '../../../src/renderer/model/subject';
import { sampleJob, sampleScene } from '../../helpers/samples';

const scene = sampleScene();
const own = sampleJob({ id: 1, state: 'completed', finishedAt: 3, lastFrame: 48 });
const others = sampleJob({ id: 2, state: 'completed', finishedAt: 9 }, { scene: '/scenes/robot.glb', frames: '5-9' });
const sight = (change: Partial<Sight> = {}): Sight => ({
  choice: LEADING,
  scene,
  jobs: jobTable([own, others]),
  ...change,
});

describe('the subject', () => {
  it('is what was chosen', () => {
    expect(subjectOf(sight({ choice: { kind: 'scene' } }))).toEqual({ kind: 'scene', scene });
    expect(subjectOf(sight({ choice: { kind: 'job', id: 1 } }))).toEqual({ kind: 'job', job: own });
  });

  it('is the job that matters most until something is chosen, else the scene, else nothing', () => {
    expect(subjectOf(sight())).toEqual({ kind: 'job', job: others });
    expect(subjectOf(sight({ jobs: jobTable([]) }))).toEqual({ kind: 'scene', scene });
    expect(subjectOf(sight({ jobs: jobTable([]), scene: null }))).toEqual({ kind: 'none' });
  });

  it('is something else once what was chosen is gone', () => {
    expect(subjectOf(sight({ choice: { kind: 'job', id: 7 } }))).toEqual({ kind: 'job', job: others });
    expect(subjectOf(sight({ choice: { kind: 'scene' }, scene: null }))).toEqual({ kind: 'job', job: others });
  });

  it('is kept by a choice of what is shown, whichever job leads later', () => {
    expect(keptChoice(sight())).toEqual({ kind: 'job', id: 2 });
    expect(keptChoice(sight({ choice: { kind: 'job', id: 7 } }))).toEqual({ kind: 'job', id: 2 });
    expect(keptChoice(sight({ jobs: jobTable([]) }))).toEqual({ kind: 'scene' });
    for (const choice of [
      { kind: 'scene', from: 2 },
      { kind: 'job', id: 1 },
    ] as const)
      expect(keptChoice(sight({ choice }))).toBe(choice);
    expect(keptChoice(sight({ jobs: jobTable([]), scene: null }))).toBe(LEADING);
  });

  it('has beside a scene the job shown before, else one of the scene, else the leading one', () => {
    const beside = (change: Partial<Sight>) => jobBeside(sight({ choice: { kind: 'scene' }, ...change }))?.id ?? null;
    expect(beside({ choice: { kind: 'scene', from: 2 } })).toBe(2);
    expect(beside({ choice: { kind: 'scene', from: 7 } })).toBe(1);
    expect(beside({})).toBe(1);
    expect(beside({ scene: sampleScene({ path: '/scenes/lamp.glb' }) })).toBe(2);
    expect(beside({ jobs: jobTable([]) })).toBe(null);
  });

  it('is foreign as a job of another scene than the open one, or of none', () => {
    expect(isForeign({ kind: 'job', job: own }, scene)).toBe(false);
    expect(isForeign({ kind: 'job', job: others }, scene)).toBe(true);
    expect(isForeign({ kind: 'job', job: own }, null)).toBe(true);
    expect(isForeign({ kind: 'scene', scene }, scene)).toBe(false);
    expect(isForeign({ kind: 'none' }, null)).toBe(false);
  });

  it('shows the chosen frame, else the one last written, else the first', () => {
    expect(frameOf({ kind: 'job', job: own }, 12, 3)).toBe(12);
    expect(frameOf({ kind: 'job', job: own }, null, 3)).toBe(48);
    expect(frameOf({ kind: 'job', job: others }, null, 3)).toBe(5);
    expect(frameOf({ kind: 'scene', scene }, null, 3)).toBe(3);
    expect(frameOf({ kind: 'scene', scene }, 12, 3)).toBe(12);
    expect(frameOf({ kind: 'none' }, 12, null)).toBe(null);
  });
});

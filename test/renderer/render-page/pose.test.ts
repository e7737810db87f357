import { AnimationClip, NumberKeyframeTrack, Object3D, VectorKeyframeTrack } from 'three';
import { describe, expect, it } from 'vitest';
import { createPose } from '../../../src/renderer/render-page/pose';

function child(name: string, x = 0): Object3D {
  const object = new Object3D();
  object.name = name;
  object.position.x = x;
  return object;
}

const slide = (node: string, times: number[], xs: number[]): VectorKeyframeTrack =>
  new VectorKeyframeTrack(
    `${node}.position`,
    times,
    xs.flatMap((x) => [x, 0, 0]),
  );

describe('createPose', () => {
  it('plays all clips at once and holds each at its ends', () => {
    const root = new Object3D().add(child('A', 7), child('B', 7));
    const pose = createPose(root, [
      new AnimationClip('a', -1, [slide('A', [0, 1], [0, 1])]),
      new AnimationClip('b', -1, [slide('B', [0.5, 2], [0, 3])]),
    ]);
    const [a, b] = root.children as [Object3D, Object3D];
    expect(pose.seconds).toBe(2);
    const at = (time: number): number[] => {
      pose.set(time);
      return [a.position.x, b.position.x];
    };
    expect(at(0.25)).toEqual([0.25, 0]);
    expect(at(1.5)).toEqual([1, 2]);
    expect(at(2)).toEqual([1, 3]);
    expect(at(99)).toEqual([1, 3]);
    expect(at(0)).toEqual([0, 0]);
  });

  it('gives the same pose in whatever order times are asked for', () => {
    const root = new Object3D().add(child('A'));
    const pose = createPose(root, [new AnimationClip('a', -1, [slide('A', [0, 0.3, 0.7, 1], [0.1, 3, -2, 5])])]);
    const at = (time: number): number => {
      pose.set(time);
      return root.children[0]!.position.x;
    };
    const times = Array.from({ length: 25 }, (_, i) => i / 24);
    const forwards = times.map(at);
    const backwards = times.toReversed().map(at).toReversed();
    expect(backwards).toEqual(forwards);
  });

  it('lets the first clip have what two clips move', () => {
    const root = new Object3D().add(child('A'));
    const pose = createPose(root, [
      new AnimationClip('walk', -1, [slide('A', [0, 1], [0, 1])]),
      new AnimationClip('run', -1, [slide('A', [0, 1], [0, 10]), new NumberKeyframeTrack('A.visible', [0], [1])]),
    ]);
    pose.set(1);
    expect(root.children[0]!.position.x).toBe(1);
  });

  it('leaves a scene without clips as it is', () => {
    const root = new Object3D().add(child('A', 7));
    createPose(root, []).set(3);
    expect(root.children[0]!.position.x).toBe(7);
  });
});

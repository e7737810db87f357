import { Bone, BufferAttribute, BufferGeometry, Object3D, Skeleton, SkinnedMesh } from 'three';
import { describe, expect, it } from 'vitest';
import { createPose, type AnimationChannel } from '../../../src/renderer/render-page/pose';

function slide(object: Object3D, times: number[], xs: number[]): AnimationChannel {
  return {
    pointer: `/nodes/${object.id}/translation`,
    keys: {
      times: new Float32Array(times),
      values: new Float32Array(xs.flatMap((x) => [x, 0, 0])),
      size: 3,
      interpolation: 'LINEAR',
      isRotation: false,
    },
    apply: (value) => object.position.fromArray(value),
  };
}

describe('createPose', () => {
  it('plays all animations at once and holds each at its ends', () => {
    const [a, b] = [new Object3D(), new Object3D()];
    const pose = createPose(new Object3D().add(a, b), [slide(a, [0, 1], [0, 1]), slide(b, [0.5, 2], [0, 3])]);
    expect(pose.seconds).toBe(2);
    const at = (time: number): number[] => {
      pose.set(time);
      return [a.position.x, b.position.x].map((x) => Math.round(x * 1e5) / 1e5);
    };
    expect(at(0.25)).toEqual([0.25, 0]);
    expect(at(1.5)).toEqual([1, 2]);
    expect(at(2)).toEqual([1, 3]);
    expect(at(99)).toEqual([1, 3]);
    expect(at(0)).toEqual([0, 0]);
  });

  it('gives the same pose in whatever order times are asked for', () => {
    const a = new Object3D();
    const pose = createPose(new Object3D().add(a), [slide(a, [0, 0.3, 0.7, 1], [0.1, 3, -2, 5])]);
    const at = (time: number): number => {
      pose.set(time);
      return a.position.x;
    };
    const times = Array.from({ length: 25 }, (_, i) => i / 24);
    const forwards = times.map(at);
    const backwards = times.toReversed().map(at).toReversed();
    expect(backwards).toEqual(forwards);
    expect(new Set(forwards).size).toBeGreaterThan(20);
  });

  it('lets the first animation have what two move', () => {
    const a = new Object3D();
    const pose = createPose(new Object3D().add(a), [slide(a, [0, 1], [0, 1]), slide(a, [0, 1], [0, 10])]);
    pose.set(1);
    expect(a.position.x).toBe(1);
  });

  it('leaves a scene without animations as it is, with its matrices made', () => {
    const a = new Object3D();
    a.position.x = 7;
    createPose(new Object3D().add(a), []).set(3);
    expect(a.matrixWorld.elements[12]).toBe(7);
  });

  it('has the centre of a mesh with a skin where its joints have it, in whatever order times are asked for', () => {
    const of = (values: number[], size: number) => new BufferAttribute(new Float32Array(values), size);
    const geometry = new BufferGeometry()
      .setAttribute('position', of([1, 0, 0, 3, 0, 0], 3))
      .setAttribute('skinIndex', of([0, 0, 0, 0, 0, 0, 0, 0], 4))
      .setAttribute('skinWeight', of([1, 0, 0, 0, 1, 0, 0, 0], 4));
    const [mesh, joint] = [new SkinnedMesh(geometry), new Bone()];
    mesh.bind(new Skeleton([joint]));
    const keys = { ...slide(joint, [0, 1], [0, 0]).keys, values: new Float32Array([0, 0, 0, 0, Math.PI, 0]) };
    const turn: AnimationChannel = { pointer: '/x', keys, apply: ([, angle]) => void (joint.rotation.y = angle!) };
    const pose = createPose(new Object3D().add(joint, mesh), [turn]);
    // three.js sorts transparent meshes by it.
    const centre = (time: number): number => {
      pose.set(time);
      return Math.round(mesh.boundingSphere!.center.clone().applyMatrix4(mesh.matrixWorld).x * 1e6) / 1e6;
    };
    expect([0, 1, 0].map(centre)).toEqual([2, -2, 2]);
  });
});

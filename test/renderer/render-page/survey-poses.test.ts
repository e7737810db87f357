import {
  Bone,
  Box3,
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  Group,
  Mesh,
  Object3D,
  PointLight,
  Skeleton,
  SkinnedMesh,
} from 'three';
import { describe, expect, it } from 'vitest';
import type { SceneParts } from '../../../src/renderer/render-page/animation-targets';
import type { Keyframes } from '../../../src/renderer/render-page/keyframes';
import { createPose, type AnimationChannel, type Pose } from '../../../src/renderer/render-page/pose';
import { surveyPoses } from '../../../src/renderer/render-page/survey-poses';

const VISIBLE = 'extensions/KHR_node_visibility/visible';

function stepsOf(times: readonly number[], values: readonly number[]): Keyframes {
  return {
    times: new Float32Array(times),
    values: new Float32Array(values),
    size: 1,
    interpolation: 'STEP',
    isRotation: false,
  };
}

function partsOf(nodes: readonly Object3D[], lights: readonly PointLight[]): SceneParts {
  return {
    nodes: new Map(nodes.entries()),
    lights: new Map(lights.map((light, i) => [i, [light]])),
    meshesOfNode: new Map(),
    nodesOfMesh: new Map(),
    materials: new Map(),
    cameras: new Map(),
  };
}

function blinking(node: Object3D, index: number, keys: Keyframes): AnimationChannel {
  return {
    pointer: `/nodes/${index}/${VISIBLE}`,
    keys,
    apply: ([value]) => {
      node.visible = value! > 0;
    },
  };
}

describe('surveyPoses', () => {
  it('looks at 5,000 animated nodes for the sake of no light that is elsewhere', async () => {
    const nodes = Array.from({ length: 5_000 }, () => new Object3D());
    const root = new Group().add(...nodes);
    let looks = 0;
    const channels = nodes.map((node, i) => {
      const { times, ...keys } = stepsOf([0, 1 + i / 5_000], [0, 1]);
      return blinking(node, i, {
        ...keys,
        get times() {
          looks += 1;
          return times;
        },
      });
    });
    const looksAt = async (lights: readonly PointLight[]): Promise<number> => {
      const pose = createPose(root, channels);
      looks = 0;
      await surveyPoses(root, pose, partsOf(nodes, lights), () => undefined);
      return looks;
    };
    const lights = Array.from({ length: 50 }, () => new PointLight());
    root.add(...lights);
    expect(await looksAt(lights)).toBe(await looksAt([]));
  });

  it('sees a light that flashes between its poses while a node above it is shown', async () => {
    const [lit, hidden] = [new PointLight(), new PointLight()];
    const [above, beside] = [new Group().add(lit), new Group().add(hidden)];
    const root = new Group().add(above, beside);
    const flash = (light: PointLight, index: number): AnimationChannel => ({
      pointer: `/extensions/KHR_lights_punctual/lights/${index}/intensity`,
      keys: stepsOf([0, 5.01, 5.02, 10], [0, 300, 0, 0]),
      apply: ([value]) => {
        light.intensity = value!;
      },
    });
    const pose = createPose(root, [
      flash(lit, 0),
      flash(hidden, 1),
      blinking(above, 0, stepsOf([0, 5, 6], [0, 1, 0])),
      blinking(beside, 1, stepsOf([0, 5, 6], [1, 0, 1])),
    ]);
    const { lights } = await surveyPoses(root, pose, partsOf([above, beside], [lit, hidden]), () => undefined);
    expect(lights.get(lit)).toMatchObject({ intensity: 300, shines: true });
    expect(lights.get(hidden)).toMatchObject({ intensity: 300, shines: false });
  });

  /** A figure, how often its bounds are made, and an animation of a second. */
  function figure(vertices: number): { root: Group; mesh: SkinnedMesh; pose: Pose; made: () => number } {
    const position = new BufferAttribute(new Float32Array(3), 3);
    const mesh = new SkinnedMesh(new BufferGeometry().setAttribute('position', position));
    Object.assign(position, { count: vertices });
    mesh.bind(new Skeleton([new Bone()]));
    mesh.boundingBox = new Box3();
    mesh.getVertexPosition = (_vertex, target) => target.set(0, 0, 0);
    let made = 0;
    mesh.computeBoundingBox = () => {
      made += 1;
    };
    const root = new Group().add(mesh);
    const pose = createPose(root, [blinking(mesh, 0, stepsOf([0, 1], [1, 1]))]);
    return { root, mesh, pose, made: () => made };
  }

  it.each([
    [200_000, 17],
    [1_000_000, 4],
    [100_000_000, 3],
  ])('places %i vertices of a skin in %i of 17 poses', async (vertices, poses) => {
    const { root, pose, made } = figure(vertices);
    let looks = 0;
    await surveyPoses(root, pose, partsOf([], []), () => {
      looks += 1;
    });
    expect(made()).toBe(poses);
    expect(looks).toBe(17);
  });

  it('sees a figure of many vertices reach out for a moment', async () => {
    const { root, mesh } = figure(100_000_000);
    let reach = 0;
    mesh.getVertexPosition = (vertex, target) => target.set(vertex === 0 ? reach : 0, 0, 0);
    const keys = stepsOf([0, 0.24, 0.26, 1], [0, 9, 0, 0]);
    const pose = createPose(root, [{ pointer: '/nodes/0/translation', keys, apply: ([value]) => (reach = value!) }]);
    const { bounds } = await surveyPoses(root, pose, partsOf([], []), () => undefined);
    expect(bounds.max.x).toBe(9);
  });

  it('sees a ball beside a figure of many vertices leave for a moment', async () => {
    const { root } = figure(100_000_000);
    const ball = new Mesh(new BoxGeometry());
    const keys: Keyframes = {
      times: new Float32Array([0, 0.45, 0.5, 0.55, 1]),
      values: new Float32Array([0, 0, 9, 0, 0]),
      size: 1,
      interpolation: 'LINEAR',
      isRotation: false,
    };
    const apply = ([value]: Float32Array): unknown => ball.position.setY(value!);
    const pose = createPose(root.add(ball), [{ pointer: '/nodes/1/translation', keys, apply }]);
    const { bounds } = await surveyPoses(root, pose, partsOf([], []), () => undefined);
    expect(bounds.max.y).toBe(9.5);
  });

  it('lets messages be processed between poses, and is ended by what they say', async () => {
    const { root, pose, made } = figure(1);
    let isGivenUp = false;
    setImmediate(() => {
      isGivenUp = true;
    });
    const survey = surveyPoses(root, pose, partsOf([], []), () => {
      if (isGivenUp) throw new Error('The frame was given up.');
    });
    await expect(survey).rejects.toThrow('The frame was given up.');
    expect(made()).toBeLessThan(17);
  });
});

import { Light, MeshPhysicalMaterial, SpotLight, Vector2, type Material, type Object3D } from 'three';
import { describe, expect, it } from 'vitest';
import {
  findTarget,
  MASKED,
  MATERIAL,
  TEXTURES,
  type SceneParts,
} from '../../../src/renderer/render-page/animation-targets';

function partsOf({ material, light }: { material?: Material; light?: Light }): SceneParts {
  return {
    nodes: new Map<number, Object3D>(),
    meshesOfNode: new Map(),
    nodesOfMesh: new Map(),
    materials: new Map(material ? [[0, new Set([material])]] : []),
    cameras: new Map(),
    lights: new Map(light ? [[0, [light]]] : []),
  };
}

describe('an animated property of a material', () => {
  it.each(Object.keys(MATERIAL))('is one that three.js has: %s', (path) => {
    const material = new MeshPhysicalMaterial();
    material.userData[MASKED] = true;
    const state = (): string => JSON.stringify(material, (key, value: unknown) => (key === 'uuid' ? undefined : value));
    const values = (): unknown[] => Object.values(material).map((value: unknown) => JSON.stringify(value));
    const [before, valuesBefore] = [state(), values()];
    const target = findTarget(partsOf({ material }), `/materials/0/${path}`)!;
    target.apply(new Float32Array(target.size!).fill(0.125));
    expect([state(), values()]).not.toEqual([before, valuesBefore]);
  });

  it.each(Object.values(TEXTURES).flat())('is a texture that three.js has: %s', (slot) => {
    expect(new MeshPhysicalMaterial()).toHaveProperty(slot, null);
  });

  it.each([
    ['normalTexture/scale', 'normalScale'],
    ['extensions/KHR_materials_clearcoat/clearcoatNormalTexture/scale', 'clearcoatNormalScale'],
  ] as const)('keeps y inverted, or not, at 0 and below: %s', (path, name) => {
    for (const sign of [1, -1]) {
      const material = new MeshPhysicalMaterial();
      material[name] = new Vector2(1, sign);
      const { apply } = findTarget(partsOf({ material }), `/materials/0/${path}`)!;
      for (const value of [0, 0.5, -0.5, 0, -1, 2]) {
        apply(new Float32Array([value]));
        expect(material[name].x).toBeCloseTo(value);
        expect(material[name].y).toBeCloseTo(value * sign);
      }
    }
  });
});

describe('the animated cone of a spot light', () => {
  it('does not depend on the cone before, or on which angle comes first', () => {
    const light = new SpotLight(0xffffff, 1, 0, 0.4, 0.5);
    const set = (angle: string, value: number): void =>
      findTarget(partsOf({ light }), `/extensions/KHR_lights_punctual/lights/0/spot/${angle}`)!.apply(
        new Float32Array([value]),
      );
    // For a moment, the inner angle is above the outer one.
    set('outerConeAngle', 0.1);
    set('outerConeAngle', 0.4);
    expect(light.penumbra).toBeCloseTo(0.5);
    set('innerConeAngle', 0.8);
    set('outerConeAngle', 1);
    expect([light.angle, light.penumbra]).toEqual([expect.closeTo(1), expect.closeTo(0.2)]);
  });
});

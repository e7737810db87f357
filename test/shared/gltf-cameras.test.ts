import { describe, expect, it } from 'vitest';
import { camerasOf } from '../../src/shared/gltf-cameras';

describe('camerasOf', () => {
  it('names cameras by their nodes, in the order of the tree', () => {
    const gltf = {
      scenes: [{ nodes: [2, 0] }],
      nodes: [
        { name: 'Last', camera: 0 },
        { name: 'Inner', camera: 0 },
        { name: 'Rig', children: [1] },
      ],
      cameras: [{ name: 'Lens' }],
    };
    expect(camerasOf(gltf)).toEqual([
      { name: 'Inner', node: 1 },
      { name: 'Last', node: 0 },
    ]);
  });

  it('falls back to the camera’s own name, and keeps names apart as Blender does', () => {
    const gltf = {
      scenes: [{ nodes: [0, 1, 2, 3] }],
      nodes: [{ camera: 0 }, { camera: 0 }, { camera: 1 }, { name: 'Lens', camera: 1 }],
      cameras: [{ name: 'Lens' }, {}],
    };
    expect(camerasOf(gltf).map(({ name }) => name)).toEqual(['Lens', 'Lens.001', 'Camera', 'Lens.002']);
  });

  it('leaves out cameras of other scenes', () => {
    const gltf = {
      scene: 1,
      scenes: [{ nodes: [0] }, { nodes: [1] }],
      nodes: [
        { name: 'A', camera: 0 },
        { name: 'B', camera: 0 },
      ],
      cameras: [{}],
    };
    expect(camerasOf(gltf).map(({ name }) => name)).toEqual(['B']);
  });

  it('ends where nodes go round in a circle or do not exist', () => {
    expect(
      camerasOf({
        scenes: [{ nodes: [0] }],
        nodes: [{ name: 'A', camera: 0, children: [1, 7] }, { children: [0] }],
        cameras: [{}],
      }),
    ).toHaveLength(1);
    expect(camerasOf({})).toEqual([]);
  });

  it('takes another scene of the document', () => {
    const gltf = {
      scenes: [{ nodes: [0] }, { nodes: [1] }],
      nodes: [
        { name: 'A', camera: 0 },
        { name: 'B', camera: 0 },
      ],
      cameras: [{}],
    };
    expect(camerasOf(gltf, 1).map(({ name }) => name)).toEqual(['B']);
  });

  it('shows every root where no scene is listed', () => {
    const gltf = {
      nodes: [
        { name: 'Inner', camera: 0 },
        { name: 'Rig', children: [0] },
        { name: 'B', camera: 0 },
      ],
      cameras: [{}],
    };
    expect(camerasOf(gltf).map(({ name }) => name)).toEqual(['Inner', 'B']);
    expect(camerasOf({ ...gltf, scenes: [] })).toHaveLength(2);
  });

  it('takes two hundred thousand children of one node, and as many cameras of one name', () => {
    const count = 200_000;
    const gltf = {
      scenes: [{ nodes: [0] }],
      nodes: [
        { children: Array.from({ length: count }, (_, i) => i + 1) },
        ...Array.from({ length: count }, () => ({ name: 'Camera', camera: 0 })),
      ],
      cameras: [{}],
    };
    expect(camerasOf(gltf).at(-1)).toEqual({ name: 'Camera.199999', node: count });
  });
});

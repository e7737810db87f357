import { Box3, type Mesh, type Object3D, type Vector3 } from 'three';

/** Maximum number of meshes whose distance to a light is measured. */
const MAX_BOXES = 500;
/** A lamp that touches everything is not infinitely bright, in metres. */
const NEAREST = 1e-4;

/**
 * Distance in metres from a light to the surfaces it lights: to the faces of a box if the light is inside it, otherwise
 * to the box's nearest point; the median over all boxes. The distance to the scene's centre would be useless: a lamp
 * may hang right there.
 *
 * @param boxes bounds of each mesh
 */
export function distanceToSurfaces(point: Vector3, boxes: readonly Box3[]): number {
  const distances = boxes.map((box) =>
    box.containsPoint(point) ? median(sides(box, point)) : box.distanceToPoint(point),
  );
  return Math.max(median(distances), NEAREST);
}

function sides({ min, max }: Box3, point: Vector3): number[] {
  return (['x', 'y', 'z'] as const).flatMap((axis) => [point[axis] - min[axis], max[axis] - point[axis]]);
}

/** The upper median for an even count. */
function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Infinity;
}

/** Bounds of each mesh of a scene that is posed. */
export function meshBoxes(scene: Object3D): Box3[] {
  const boxes: Box3[] = [];
  scene.traverse((object) => {
    if (!('geometry' in object)) return;
    const mesh = object as Mesh;
    if (!mesh.geometry.boundingBox) mesh.geometry.computeBoundingBox();
    const box = ('boundingBox' in mesh ? (mesh.boundingBox as Box3 | null) : null) ?? mesh.geometry.boundingBox!;
    if (!box.isEmpty()) boxes.push(box.clone().applyMatrix4(mesh.matrixWorld));
  });
  // A sample is enough to locate things, however many there are.
  const step = Math.ceil(boxes.length / MAX_BOXES);
  return boxes.filter((_, i) => i % step === 0);
}

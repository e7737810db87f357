import type { Box3, BufferGeometry, InstancedMesh, Object3D, Vector3 } from 'three';

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

/**
 * Bounds of each mesh of a scene that is posed.
 *
 * @param isShown whether an object and what is below it are ever seen
 */
export function meshBoxes(scene: Object3D, isShown: (object: Object3D) => boolean): Box3[] {
  const boxes: Box3[] = [];
  const visit = (object: Object3D): void => {
    if (!isShown(object)) return;
    if ('geometry' in object) {
      const bounded = ('boundingBox' in object ? object : object.geometry) as InstancedMesh | BufferGeometry;
      if (!bounded.boundingBox) bounded.computeBoundingBox();
      if (!bounded.boundingBox!.isEmpty()) boxes.push(bounded.boundingBox!.clone().applyMatrix4(object.matrixWorld));
    }
    for (const child of object.children) visit(child);
  };
  visit(scene);
  return boxes;
}

/** A sample is enough to locate things, however many there are. */
export function someBoxes(boxes: readonly Box3[]): Box3[] {
  const step = Math.ceil(boxes.length / MAX_BOXES);
  return boxes.filter((_, i) => i % step === 0);
}

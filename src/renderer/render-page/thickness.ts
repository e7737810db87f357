import { Vector3, type Matrix4 } from 'three';

/**
 * Thickness of what a scale of 0 makes flat, relative to its largest scale: too little to be seen. Normals of what has
 * none have no direction, and its surfaces would be black.
 */
const THICKNESS = 1e-6;

/** Gives a scale that is 0 on one axis a thickness there. */
export function thickenScale(scale: Vector3): void {
  const sizes = scale.toArray().map(Math.abs);
  const thickness = THICKNESS * Math.max(...sizes);
  const flat = [0, 1, 2].filter((axis) => sizes[axis]! < thickness);
  // A line or a point stays one: it is not drawn.
  if (flat.length === 1) scale.setComponent(flat[0]!, scale.getComponent(flat[0]!) < 0 ? -thickness : thickness);
}

/** Gives a matrix that makes everything flat a thickness. */
export function thickenMatrix(matrix: Matrix4): void {
  const [x, y, z] = [0, 1, 2].map((column) => new Vector3().setFromMatrixColumn(matrix, column)) as [
    Vector3,
    Vector3,
    Vector3,
  ];
  // The matrix of cofactors: across the plane, whatever its axes are.
  const across = [y.clone().cross(z), z.clone().cross(x), x.clone().cross(y)];
  const size = Math.hypot(x.length(), y.length(), z.length());
  const area = Math.hypot(...across.map((column) => column.length()));
  if (area < THICKNESS * size ** 2 || Math.abs(x.dot(across[0]!)) >= THICKNESS * size * area) return;
  for (const [i, column] of [x, y, z].entries())
    column.addScaledVector(across[i]!, (THICKNESS * size) / area).toArray(matrix.elements, i * 4);
}

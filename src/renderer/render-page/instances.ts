import {
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  Matrix4,
  Mesh,
  Quaternion,
  Vector3,
  type BufferAttribute,
  type MeshPhysicalMaterial,
  type Object3D,
} from 'three';
import { checkFinite, damaged, floatsOf } from './accessors';
import { RenderFailure } from './render-failure';
import { thickenScale } from './thickness';

/** Attributes of EXT_mesh_gpu_instancing, by name. */
export type InstanceAttributes = ReadonlyMap<string, BufferAttribute>;

const MIRROR = new Matrix4().makeScale(-1, 1, 1);

/**
 * Renders a node's mesh once per instance.
 *
 * @param subject names the node in a sentence
 * @throws RenderFailure, final
 */
export function showInstances(object: Object3D, attributes: InstanceAttributes, subject: string): Object3D {
  const matrices = matricesOf(attributes, subject);
  const color = attributes.get('_COLOR_0');
  const colors = color ? colorsOf(color) : null;
  const result = new Group();
  for (const part of 'isGroup' in object ? [...object.children] : [object]) {
    if ('isSkinnedMesh' in part)
      throw new RenderFailure(
        `${subject} has instances of a mesh with a skin, which cannot be rendered here: export them as meshes of their own.`,
        true,
      );
    // three.js instances only meshes, and without morph targets.
    if (part instanceof Mesh && !part.morphTargetInfluences) result.add(...instancedMeshes(part, matrices, colors));
    else result.add(...matrices.map((matrix) => copyAt(part, matrix)));
  }
  return result;
}

function matricesOf(attributes: InstanceAttributes, subject: string): Matrix4[] {
  const counts = new Set([...attributes.values()].map(({ count }) => count));
  if (counts.size !== 1) throw damaged(`the attributes of the instances of ${subject} differ in their number`);
  const read = (name: string, size: number): Float32Array | null => {
    const attribute = attributes.get(name);
    if (!attribute) return null;
    if (attribute.itemSize !== size)
      throw damaged(`the ${name} of the instances of ${subject} has not ${size} numbers each`);
    const values = floatsOf(attribute);
    checkFinite(values, `The ${name} of the instances of ${subject}`);
    return values;
  };
  const [translation, rotation, scale] = [read('TRANSLATION', 3), read('ROTATION', 4), read('SCALE', 3)];
  const [position, quaternion, size] = [new Vector3(), new Quaternion(), new Vector3(1, 1, 1)];
  return Array.from({ length: [...counts][0]! }, (_, i) => {
    if (translation) position.fromArray(translation, i * 3);
    if (rotation) quaternion.fromArray(rotation, i * 4).normalize();
    if (scale) thickenScale(size.fromArray(scale, i * 3));
    return new Matrix4().compose(position, quaternion, size);
  });
}

function colorsOf(attribute: BufferAttribute): Float32Array {
  const [values, size] = [floatsOf(attribute), attribute.itemSize];
  return Float32Array.from(
    { length: attribute.count * 3 },
    (_, i) => values[Math.floor(i / 3) * size + Math.min(i % 3, size - 1)]!,
  );
}

/** Number of instances that are drawn one by one. */
const MOST_SINGLE = 1000;

/**
 * The front side of triangles is set per draw call, so mirrored instances need their own, below a mirrored object. So do
 * those of glass, as thick as each is large, where three.js takes the object's scale for all of them; and blended ones, the
 * farthest first. Of more than {@link MOST_SINGLE} nobody sees either, and so many draw calls would take minutes.
 */
function instancedMeshes(mesh: Mesh, matrices: readonly Matrix4[], colors: Float32Array | null): InstancedMesh[] {
  const all = matrices.map((_, i) => i);
  const { thickness, transparent } = mesh.material as MeshPhysicalMaterial;
  if (matrices.length <= MOST_SINGLE && (thickness > 0 || transparent))
    return all.map((i) => {
      const single = instancedMesh(mesh, [new Matrix4()], [i], colors);
      single.matrix.copy(matrices[i]!);
      single.matrixAutoUpdate = false;
      return single;
    });
  const groups = [false, true].map((mirrored) => ({
    mirrored,
    members: all.filter((i) => matrices[i]!.determinant() < 0 === mirrored),
  }));
  return groups
    .filter(({ members }) => members.length > 0)
    .map(({ mirrored, members }) => {
      // Graphics know where instances are in seven digits only: they are placed from where the first one is.
      const origin = new Vector3().setFromMatrixPosition(matrices[members[0]!]!);
      const toOrigin = new Matrix4().makeTranslation(origin.clone().negate());
      if (mirrored) toOrigin.premultiply(MIRROR);
      const instanced = instancedMesh(
        mesh,
        members.map((i) => new Matrix4().multiplyMatrices(toOrigin, matrices[i]!)),
        members,
        colors,
      );
      instanced.position.copy(origin);
      if (mirrored) instanced.scale.x = -1;
      return instanced;
    });
}

/** @param members the numbers of the instances at these matrices */
function instancedMesh(
  mesh: Mesh,
  matrices: readonly Matrix4[],
  members: readonly number[],
  colors: Float32Array | null,
): InstancedMesh {
  const instanced = new InstancedMesh(mesh.geometry, mesh.material, matrices.length);
  for (const [at, matrix] of matrices.entries()) instanced.setMatrixAt(at, matrix);
  if (colors)
    instanced.instanceColor = new InstancedBufferAttribute(
      Float32Array.from(members.flatMap((i) => [...colors.subarray(i * 3, i * 3 + 3)])),
      3,
    );
  return instanced;
}

/** With the matrix as it is: three.js cannot decompose one of no volume. */
function copyAt(object: Object3D, matrix: Matrix4): Object3D {
  const copy = object.clone();
  copy.updateMatrix();
  copy.matrix.premultiply(matrix);
  copy.matrixAutoUpdate = false;
  return copy;
}

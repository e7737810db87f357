import {
  BufferAttribute,
  DetachedBindMode,
  Matrix4,
  SkinnedMesh,
  Sphere,
  Vector3,
  type BufferGeometry,
  type Object3D,
  type Vector4,
} from 'three';
import { checkFinite, damaged, floatsOf } from './accessors';

/** As many joints move a vertex in three.js. */
const JOINTS = 4;
/** About as many vertices give the centre of a mesh. */
const CENTRED = 16;
const MIRROR = new Matrix4().makeScale(-1, 1, 1);

/** Marks geometries of which vertices had more joints; their copies are marked, too. */
const REDUCED = 'framegauge_reduced';

/** Whether vertices of a geometry lost joints to {@link keepStrongestJoints}. */
export function hasLostJoints(geometry: BufferGeometry): boolean {
  return geometry.userData[REDUCED] === true;
}

/**
 * Reduces the joints of each vertex to its four strongest. A file may list any number, in sets of four in any order, of
 * which three.js uses the first set.
 */
export function keepStrongestJoints(geometry: BufferGeometry): void {
  const { skinIndex, skinWeight } = geometry.attributes as Record<string, BufferAttribute | undefined>;
  if (!skinIndex || !skinWeight) return;
  const sets = [{ joints: skinIndex, weights: floatsOf(skinWeight) }];
  for (let set = 1; ; set++) {
    const joints = geometry.attributes[`joints_${set}`] as BufferAttribute | undefined;
    const weights = geometry.attributes[`weights_${set}`] as BufferAttribute | undefined;
    if (!joints || !weights) break;
    const numbers = floatsOf(weights);
    if (numbers.some((weight) => weight > 0)) sets.push({ joints, weights: numbers });
    geometry.deleteAttribute(`joints_${set}`);
    geometry.deleteAttribute(`weights_${set}`);
  }
  if (sets.length === 1) return;
  const count = Math.min(...sets.flatMap(({ joints, weights }) => [joints.count, weights.length / JOINTS]));
  const [indices, kept] = [new Uint16Array(count * JOINTS), new Float32Array(count * JOINTS)];
  for (let vertex = 0; vertex < count; vertex++) {
    const all = sets
      .flatMap(({ joints, weights }) =>
        [0, 1, 2, 3].map((c) => ({ joint: joints.getComponent(vertex, c), weight: weights[vertex * JOINTS + c]! })),
      )
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight);
    if (all.length > JOINTS) geometry.userData[REDUCED] = true;
    for (const [c, { joint, weight }] of all.slice(0, JOINTS).entries()) {
      indices[vertex * JOINTS + c] = joint;
      kept[vertex * JOINTS + c] = weight;
    }
  }
  geometry.setAttribute('skinIndex', new BufferAttribute(indices, JOINTS));
  geometry.setAttribute('skinWeight', new BufferAttribute(kept, JOINTS));
}

/** Joint indices out of range would put vertices at arbitrary positions. @throws RenderFailure, final */
export function checkSkin(mesh: SkinnedMesh, subject: string): void {
  const { bones, boneInverses } = mesh.skeleton;
  const { skinIndex, skinWeight } = mesh.geometry.attributes as Record<string, BufferAttribute | undefined>;
  for (const inverse of boneInverses)
    checkFinite(Float32Array.from(inverse.elements), `An inverse bind matrix of ${subject}`);
  if (!skinIndex || !skinWeight) return;
  for (let i = 0; i < skinIndex.count; i++) {
    for (let c = 0; c < JOINTS; c++) {
      if (skinWeight.getComponent(i, c) > 0 && skinIndex.getComponent(i, c) >= bones.length)
        throw damaged(`${subject} names joint ${skinIndex.getComponent(i, c)}, and its skin has ${bones.length}`);
    }
  }
}

/** The inverse of where a mesh was placed. */
const toMesh = new WeakMap<SkinnedMesh, Matrix4>();

/** The meshes below an object that have a skin; they are placed by {@link placeByJoints} from now on. */
export function skinnedBelow(root: Object3D): SkinnedMesh[] {
  const found: SkinnedMesh[] = [];
  root.traverse((object) => {
    if (!('isSkinnedMesh' in object)) return;
    const mesh = object as SkinnedMesh;
    mesh.matrixWorldAutoUpdate = false;
    // The joints' matrices lead to the mesh itself.
    mesh.bindMode = DetachedBindMode;
    mesh.skeleton.update = () => updateJoints(mesh);
    mesh.applyBoneTransform = <Vector extends Vector3 | Vector4>(vertex: number, vector: Vector): Vector => {
      SkinnedMesh.prototype.applyBoneTransform.call(mesh, vertex, vector);
      return vector.applyMatrix4(toMesh.get(mesh)!) as Vector;
    };
    toMesh.set(mesh, new Matrix4());
    found.push(mesh);
  });
  return found;
}

/**
 * Places a mesh where the first joint of its skin is. The transform of its node does not count (glTF 2.0, section
 * 3.7.3.3), but three.js takes it back in the shader, which draws nothing where it has no volume, is not exact where it
 * is far away, and takes faces for backs where it mirrors. They are mirrored where all joints mirror what is bound to
 * them.
 *
 * @param mesh without children, the joints' matrices are up to date
 */
export function placeByJoints(mesh: SkinnedMesh): void {
  const { bones, boneInverses } = mesh.skeleton;
  // Those of joints that are scaled to 0, and so hide what they move, say nothing.
  const volumes = bones.map((joint, i) => joint.matrixWorld.determinant() * (boneInverses[i]?.determinant() ?? 1));
  const isMirrored = volumes.some((volume) => volume < 0) && !volumes.some((volume) => volume > 0);
  // As large as the joints make it: glass is as thick as that.
  const size = Math.cbrt(Math.abs(volumes.find((volume) => volume !== 0) ?? 1));
  mesh.matrixWorld.makeScale(size, size, size).setPosition(new Vector3().setFromMatrixPosition(bones[0]!.matrixWorld));
  if (isMirrored) mesh.matrixWorld.multiply(MIRROR);
  toMesh.get(mesh)!.copy(mesh.matrixWorld).invert();
  // Transparent meshes are drawn in the order of their distances; three.js would keep the centre of the first pose.
  mesh.boundingSphere ??= new Sphere();
  mesh.boundingSphere.center.copy(centreOf(mesh));
}

/** About the centre of a mesh in its pose. */
function centreOf(mesh: SkinnedMesh): Vector3 {
  const centre = new Vector3();
  let vertices = 0;
  for (const vertex of someVertices(mesh, CENTRED)) {
    centre.add(vertex);
    vertices++;
  }
  return centre.divideScalar(Math.max(1, vertices));
}

/**
 * Where some vertices of a mesh are in its pose, evenly chosen: each takes about a microsecond.
 *
 * @param number about as many
 * @returns in the mesh's coordinates, the same object each time
 */
export function* someVertices(mesh: SkinnedMesh, number: number): Generator<Vector3> {
  const count = mesh.geometry.attributes['position']?.count ?? 0;
  const step = Math.max(1, Math.floor(count / number));
  const vertex = new Vector3();
  for (let i = 0; i < count; i += step) yield mesh.getVertexPosition(i, vertex);
}

/**
 * Writes the matrices that graphics read, in seven digits: relative to the mesh, for joints far from the origin. Meshes
 * of one skin are at one place.
 */
function updateJoints(mesh: SkinnedMesh): void {
  const { bones, boneInverses, boneMatrices, boneTexture } = mesh.skeleton;
  const matrix = new Matrix4();
  for (const [i, joint] of bones.entries())
    matrix
      .multiplyMatrices(toMesh.get(mesh)!, joint.matrixWorld)
      .multiply(boneInverses[i]!)
      .toArray(boneMatrices!, i * 16);
  if (boneTexture) boneTexture.needsUpdate = true;
}

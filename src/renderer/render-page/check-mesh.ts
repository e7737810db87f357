import {
  BufferAttribute,
  Texture,
  Vector3,
  type BufferGeometry,
  type Material,
  type Mesh,
  type MeshPhysicalMaterial,
  type Object3D,
} from 'three';
import { checkFinite, damaged, floatsOf } from './accessors';
import { hasLostJoints } from './skins';

const checked = new WeakSet<BufferGeometry>();
/** Those of which some tangents were made. */
const withMadeTangents = new WeakSet<BufferGeometry>();

/**
 * Checks that all data read by a draw call exists, so that the driver does not silently skip it, and replaces values
 * that cannot be rendered.
 *
 * @param subject names the mesh in a sentence: `the mesh “Cube”`
 * @param onRepaired receives a sentence about each repair
 * @throws RenderFailure, final
 */
export function checkMesh(object: Object3D, subject: string, onRepaired: (sentence: string) => void): void {
  const { geometry } = object as Mesh;
  const { position } = geometry.attributes as Record<string, BufferAttribute | undefined>;
  // Without positions there is nothing to draw (glTF 2.0, section 3.7.2.1).
  if (!position) return geometry.setDrawRange(0, 0);
  if (!checked.has(geometry)) checkGeometry(object as Mesh, position, subject, onRepaired);
  checked.add(geometry);
  // Meshes of several materials may share one geometry.
  if (withMadeTangents.has(geometry) && usesTangents((object as Mesh).material as MeshPhysicalMaterial))
    onRepaired(
      geometry.hasAttribute('uv')
        ? `Some tangents of ${subject} have no direction: they were made from its texture coordinates.`
        : `Some tangents of ${subject} have no direction: they were made from its normals, as it has no texture coordinates.`,
    );
}

function checkGeometry(
  object: Mesh,
  position: BufferAttribute,
  subject: string,
  onRepaired: (sentence: string) => void,
): void {
  const { geometry } = object;
  for (const [name, attribute] of Object.entries(geometry.attributes) as [string, BufferAttribute][]) {
    if (attribute.count < position.count)
      throw damaged(`${subject} has ${attribute.count} of ${position.count} values of its ${name}`);
    if (name === 'color') repairColors(geometry, attribute, subject, onRepaired);
    // three.js takes integers of 32 bits for those of a shader, where it has floats only.
    if (attribute.array instanceof Uint32Array)
      geometry.setAttribute(name, new BufferAttribute(floatsOf(attribute), attribute.itemSize));
  }
  checkFinite(position.array, `The position of a vertex of ${subject}`);
  for (const targets of Object.values(geometry.morphAttributes)) {
    for (const target of targets ?? []) {
      if (target.count < position.count)
        throw damaged(`a morph target of ${subject} has ${target.count} of ${position.count} vertices`);
      checkFinite(target.array, `A morph target of ${subject}`);
    }
  }
  const { color } = geometry.morphAttributes;
  if (color) geometry.morphAttributes.color = color.map((target) => withAlpha(target as BufferAttribute));
  if (geometry.index) geometry.setIndex(drawableIndex(geometry.index, position.count, subject));
  // Bounds given in the file are often wrong, which would cull the mesh; three.js computes missing ones.
  geometry.boundingBox = null;
  geometry.boundingSphere = null;
  if ('isMesh' in object && repairNormals(geometry))
    onRepaired(`Some normals of ${subject} have no direction: they were made from its faces.`);
  if (hasLostJoints(geometry))
    onRepaired(`Vertices of ${subject} hang on more than four joints: only the four strongest of each count.`);
  for (const name of ['tangent', 'uv', 'uv1', 'uv2', 'uv3', 'color', 'skinWeight']) {
    if (repairNumbers(geometry, name))
      onRepaired(`Some values of the ${name} of ${subject} are not numbers: they count as 0.`);
  }
  if ('isMesh' in object && repairTangents(geometry)) withMadeTangents.add(geometry);
}

/**
 * An index that WebGL 2 draws as it is: of whole numbers without sign, the greatest of which its type leaves free, as
 * that one always starts the drawing anew (OpenGL ES 3.0, section 2.8.1).
 *
 * @param vertices their number
 * @throws RenderFailure, final
 */
function drawableIndex(index: BufferAttribute, vertices: number, subject: string): BufferAttribute {
  const { array, itemSize } = index;
  if (itemSize !== 1) throw damaged(`the indices of ${subject} are ${itemSize} numbers each, and must be one`);
  let greatest = 0;
  for (let i = 0; i < array.length; i++) {
    const vertex = array[i]!;
    if (!(Number.isInteger(vertex) && vertex >= 0 && vertex < vertices))
      throw damaged(`${subject} names vertex ${vertex}, and has ${vertices}`);
    if (vertex > greatest) greatest = vertex;
  }
  const isDrawable =
    (array instanceof Uint8Array && greatest < 0xff) ||
    (array instanceof Uint16Array && greatest < 0xffff) ||
    array instanceof Uint32Array;
  return isDrawable ? index : new BufferAttribute(Uint32Array.from(array), 1);
}

/** As three.js uses them: a clearcoat's normal texture alone goes by the texture coordinates. */
function usesTangents({ normalMap, anisotropy }: MeshPhysicalMaterial): boolean {
  return Boolean(normalMap) || anisotropy > 0;
}

/**
 * Without texture coordinates, a whole mesh shows the image's corner. @returns indices of the missing coordinate sets
 */
export function missingCoordinates(mesh: Mesh): number[] {
  const channels = Object.values(mesh.material as Material).flatMap((value: unknown) =>
    value instanceof Texture ? [value.channel] : [],
  );
  return [...new Set(channels)].filter((channel) => !mesh.geometry.hasAttribute(channel === 0 ? 'uv' : `uv${channel}`));
}

/** Colours of a morph target with an alpha of 0: one that there is not changes nothing, but three.js would add 1. */
function withAlpha(color: BufferAttribute): BufferAttribute {
  if (color.itemSize === 4) return color;
  const values = floatsOf(color);
  return new BufferAttribute(
    Float32Array.from({ length: color.count * 4 }, (_, i) => (i % 4 === 3 ? 0 : values[(i >> 2) * 3 + (i % 4)]!)),
    4,
  );
}

/**
 * Recomputes zero-length normals, or all where they are not of three numbers, from the adjacent faces; a shader would
 * render them black.
 */
function repairNormals(geometry: BufferGeometry): boolean {
  const normal = geometry.attributes['normal'] as BufferAttribute | undefined;
  if (!normal) return false;
  const values = normal.itemSize === 3 ? floatsOf(normal) : new Float32Array(normal.count * 3);
  const isBad = (array: ArrayLike<number>, i: number): boolean =>
    !(Math.hypot(array[i * 3]!, array[i * 3 + 1]!, array[i * 3 + 2]!) > 1e-6);
  let bad = false;
  for (let i = 0; i < normal.count && !bad; i++) bad = isBad(values, i);
  if (!bad) return false;
  const faces = geometry.clone();
  faces.morphAttributes = {};
  faces.deleteAttribute('normal');
  faces.computeVertexNormals();
  const computed = faces.attributes['normal']!.array;
  const mended = values.slice();
  for (let i = 0; i < normal.count; i++)
    if (isBad(values, i))
      mended.set(
        isBad(computed, i) ? [0, 0, 1] : [computed[i * 3]!, computed[i * 3 + 1]!, computed[i * 3 + 2]!],
        i * 3,
      );
  geometry.setAttribute('normal', new BufferAttribute(mended, 3));
  return true;
}

/**
 * Recomputes tangents that are zero or along the normal, or on neither side of it, or all where they tell of no side,
 * from the texture coordinates, or across the normal where these have no direction either; a shader would render them
 * black.
 */
function repairTangents(geometry: BufferGeometry): boolean {
  const { normal, tangent } = geometry.attributes as Record<string, BufferAttribute | undefined>;
  if (!normal || !tangent) return false;
  const isWhole = tangent.itemSize === 4;
  const [values, normals] = [isWhole ? floatsOf(tangent) : new Float32Array(tangent.count * 4), floatsOf(normal)];
  const [up, along] = [new Vector3(), new Vector3()];
  const isBad = (array: ArrayLike<number>, i: number): boolean => {
    up.fromArray(normals, i * 3).normalize();
    along.fromArray(array, i * 4);
    return !(along.length() > 1e-6 && up.cross(along.normalize()).length() > 1e-3) || array[i * 4 + 3] === 0;
  };
  const bad = Array.from({ length: tangent.count }, (_, i) => i).filter((i) => isBad(values, i));
  if (bad.length === 0) return false;
  const computed = tangentsOf(geometry);
  const mended = values.slice();
  for (const i of bad) {
    if (computed && !isBad(computed, i)) mended.set(computed.subarray(i * 4, i * 4 + 4), i * 4);
    else {
      up.fromArray(normals, i * 3);
      if (Math.abs(up.x) < Math.abs(up.y)) along.set(1, 0, 0);
      else along.set(0, 1, 0);
      mended.set([...along.cross(up).normalize(), 1], i * 4);
    }
  }
  geometry.setAttribute('tangent', new BufferAttribute(mended, 4));
  return true;
}

/** From the first texture coordinates; null without any. */
function tangentsOf(geometry: BufferGeometry): Float32Array | null {
  if (!geometry.hasAttribute('uv')) return null;
  const faces = geometry.clone();
  faces.deleteAttribute('tangent');
  if (!faces.index) faces.setIndex(Array.from({ length: faces.attributes['position']!.count }, (_, i) => i));
  faces.computeTangents();
  const tangents = faces.attributes['tangent']!.array as Float32Array;
  // glTF's point up in the image, against its coordinates (glTF 2.0, section 3.9.3).
  for (let i = 3; i < tangents.length; i += 4) tangents[i]! *= -1;
  return tangents;
}

/**
 * glTF has no colours but from 0 to 1, and no whole numbers that are not normalized (section 3.7.2.1). They are mended in a
 * copy: a file may name one accessor for colours and for positions or normals.
 */
function repairColors(
  geometry: BufferGeometry,
  color: BufferAttribute,
  subject: string,
  onRepaired: (sentence: string) => void,
): void {
  const { array } = color;
  if (!(array instanceof Float32Array)) {
    if (color.normalized || array instanceof Uint32Array) return;
    onRepaired(
      `The colours of the vertices of ${subject} are whole numbers, and not normalized: they count as if they were.`,
    );
    const normalized = color.clone();
    normalized.normalized = true;
    geometry.setAttribute('color', normalized);
    return;
  }
  if (!array.some((value) => value < 0 || value > 1)) return;
  const clamped = color.clone();
  clamped.array.forEach((value, index) => (clamped.array[index] = Math.min(1, Math.max(0, value))));
  geometry.setAttribute('color', clamped);
  onRepaired(`Some colours of the vertices of ${subject} are above 1 or below 0: they count as 1 or 0.`);
}

function repairNumbers(geometry: BufferGeometry, name: string): boolean {
  const array = geometry.attributes[name]?.array;
  if (!(array instanceof Float32Array)) return false;
  let found = false;
  for (let i = 0; i < array.length; i++) {
    if (Number.isFinite(array[i])) continue;
    array[i] = 0;
    found = true;
  }
  return found;
}

import type { GltfJson } from './gltf-container';

/** The mode of triangle strips. */
const STRIP = 5;
/** Attributes that three.js morphs. */
const MORPHED = ['POSITION', 'NORMAL', 'COLOR_0'];

/**
 * Rewrites the attributes of a document's primitives so that three.js reads them as glTF 2.0 defines them.
 *
 * @param json is modified
 */
export function mendPrimitives(json: GltfJson): void {
  const zeros = new Map<string, number>();
  /** An accessor without data, whose values are all 0 (glTF 2.0, section 3.6.2.3), as many as another's. */
  const zerosLike = (accessor: number): number => {
    const { type, count } = json['accessors'][accessor];
    const key = `${type} ${count}`;
    let index = zeros.get(key);
    if (index === undefined) zeros.set(key, (index = json['accessors'].push({ componentType: 5126, type, count }) - 1));
    return index;
  };
  for (const { primitives } of (json['meshes'] ?? []) as GltfJson[]) {
    for (const primitive of primitives as GltfJson[]) {
      // three.js decodes triangles, however they are stored.
      if (primitive['extensions']?.KHR_draco_mesh_compression && primitive['mode'] === STRIP) delete primitive['mode'];
      dropTangents(primitive);
      completeTargets(primitive, zerosLike);
    }
  }
}

/**
 * Tangents without normals do not count (section 3.7.2.1). With them, three.js would take a normal texture for one in
 * the tangents' space, and turn it upside down.
 */
function dropTangents({ attributes, extensions }: GltfJson): void {
  if (attributes.NORMAL !== undefined) return;
  delete attributes.TANGENT;
  delete extensions?.KHR_draco_mesh_compression?.attributes.TANGENT;
}

/**
 * Gives every morph target all attributes that any of them has, and positions. An attribute that a target lacks keeps
 * its value (section 3.7.2.2); three.js would add it once more. Without positions in any target it fails.
 */
function completeTargets({ attributes, targets }: GltfJson, zerosLike: (accessor: number) => number): void {
  if (!targets) return;
  for (const name of MORPHED) {
    const base: unknown = attributes[name];
    if (typeof base !== 'number') for (const target of targets) delete target[name];
    else if (name === 'POSITION' || targets.some((target: GltfJson) => target[name] !== undefined))
      for (const target of targets) target[name] ??= zerosLike(base);
  }
}

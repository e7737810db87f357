/** The parts of a glTF document that naming its cameras takes. */
export interface GltfCameraSource {
  readonly scene?: number | undefined;
  readonly scenes?: readonly { readonly nodes?: readonly number[] | undefined }[] | undefined;
  readonly nodes?:
    | readonly {
        readonly name?: string | undefined;
        readonly camera?: number | undefined;
        readonly children?: readonly number[] | undefined;
      }[]
    | undefined;
  readonly cameras?: readonly { readonly name?: string | undefined }[] | undefined;
}

export interface GltfCamera {
  readonly name: string;
  /** Index of the node that carries it. */
  readonly node: number;
}

/**
 * The cameras that a glTF document's default scene shows, in the order of its node tree. A camera goes by the name of its node, as an object does in
 * Blender, else by that of the camera itself; where two are called the same, the second becomes `Camera.001`.
 */
export function camerasOf(gltf: GltfCameraSource): GltfCamera[] {
  const cameras: GltfCamera[] = [];
  const names = new Set<string>();
  const seen = new Set<number>();
  const waiting = (gltf.scenes?.[gltf.scene ?? 0]?.nodes ?? []).toReversed();
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const node = gltf.nodes?.[index];
    // A node has one parent; a document that says otherwise must not hang us.
    if (!node || seen.has(index)) continue;
    seen.add(index);
    waiting.push(...(node.children ?? []).toReversed());
    if (node.camera === undefined) continue;
    const base = node.name || gltf.cameras?.[node.camera]?.name || 'Camera';
    let name = base;
    for (let n = 1; names.has(name); n++) name = `${base}.${String(n).padStart(3, '0')}`;
    names.add(name);
    cameras.push({ name, node: index });
  }
  return cameras;
}

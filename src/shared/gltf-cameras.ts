import { distinctNames } from './gltf-names';

/** The parts of a glTF document needed to name its cameras. */
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
  /** Index of the camera's node. */
  readonly node: number;
}

/**
 * The root nodes of a scene. A document need not list scenes (glTF 2.0, section 3.5.1): then every node without a
 * parent is shown, as in Blender's importer.
 *
 * @param scene index; omitted: the document's default scene, else the first
 */
export function rootNodesOf(gltf: GltfCameraSource, scene = gltf.scene ?? 0): readonly number[] {
  if (gltf.scenes && gltf.scenes.length > 0) return gltf.scenes[scene]?.nodes ?? [];
  const nodes = gltf.nodes ?? [];
  const children = new Set<number>();
  for (const node of nodes) for (const child of node.children ?? []) children.add(child);
  return nodes.map((_, index) => index).filter((index) => !children.has(index));
}

/**
 * The nodes of a scene, in tree order.
 *
 * @param scene index; omitted: the document's default scene, else the first
 */
export function nodesIn(gltf: GltfCameraSource, scene?: number): number[] {
  const found: number[] = [];
  const seen = new Set<number>();
  const waiting = rootNodesOf(gltf, scene).toReversed();
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const node = gltf.nodes?.[index];
    // A node has one parent; an invalid document with cycles must not hang the program.
    if (!node || seen.has(index)) continue;
    seen.add(index);
    found.push(index);
    const children = node.children ?? [];
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i]!);
  }
  return found;
}

/**
 * The cameras of a scene of a glTF document, in tree order. A camera is named after its node, like an object in
 * Blender, else by its own name; the second of two equal names becomes `Camera.001`.
 *
 * @param scene index; omitted: the document's default scene, else the first
 */
export function camerasOf(gltf: GltfCameraSource, scene?: number): GltfCamera[] {
  const carriers = nodesIn(gltf, scene).filter((index) => gltf.nodes![index]!.camera !== undefined);
  const names = distinctNames(
    carriers.map((index) => gltf.nodes![index]!.name || gltf.cameras?.[gltf.nodes![index]!.camera!]?.name || 'Camera'),
  );
  return carriers.map((node, i) => ({ name: names[i]!, node }));
}

import { basename } from 'node:path';
import { isPart, listOf } from '../../../shared/gltf-parts';
import { UserError } from '../../../shared/user-error';
import { type GltfDocument, SUPPORTED_EXTENSIONS, elementBytes } from './gltf-document';
import { base64Of, bytesIn } from './inline-data';
import { SCENE_LIMITS } from './scene-limits';
import { shortened } from '../../../shared/shortened';

/** The error for an invalid glTF 2.0 file. @param what becomes part of a sentence */
export function damaged(name: string, what: string): UserError {
  return new UserError(`“${name}” is damaged: ${what}. Export or copy it again.`);
}

/**
 * Validates a document: all references exist, and nothing exceeds its data. Runs in linear time.
 *
 * @param path of the scene file
 * @param bin length of the binary chunk; null if there is none
 * @throws UserError
 */
export function checkDocument(document: GltfDocument, path: string, bin: number | null): void {
  const name = basename(path);
  const broken = (what: string): UserError => damaged(name, what);
  const required = document.extensionsRequired?.find((extension) => !SUPPORTED_EXTENSIONS.has(extension));
  if (required !== undefined)
    throw new UserError(
      `“${name}” requires the glTF extension ${shortened(required)}, which cannot be rendered here: export it without.`,
    );
  const {
    bufferViews = [],
    accessors = [],
    nodes = [],
    scenes = [],
    meshes = [],
    materials = [],
    textures = [],
    images = [],
    skins = [],
    cameras = [],
    animations = [],
  } = document;
  /** @param there the existing items of that kind */
  const need = (who: string, kind: string, at: number | undefined, there: { readonly length: number }): void => {
    if (at !== undefined && at >= there.length) throw broken(`${who} names ${kind} ${at}, which does not exist`);
  };
  if (scenes.length === 0 && nodes.length === 0)
    throw new UserError(`“${name}” has no scene in it: export it with one.`);
  if ((document.scene ?? 0) >= Math.max(1, scenes.length)) throw broken(`its scene ${document.scene} does not exist`);
  checkData(document, bin, broken);
  for (const [i, accessor] of accessors.entries()) {
    need(`accessor ${i}`, 'buffer view', accessor.bufferView, bufferViews);
    need(`accessor ${i}`, 'buffer view', accessor.sparse?.indices.bufferView, bufferViews);
    need(`accessor ${i}`, 'buffer view', accessor.sparse?.values.bufferView, bufferViews);
    const bytes = accessor.count * elementBytes(accessor);
    if (accessor.bufferView === undefined) {
      if (bytes > SCENE_LIMITS.zeros) throw broken(`accessor ${i} has ${accessor.count} elements and no data`);
      continue;
    }
    const view = bufferViews[accessor.bufferView]!;
    // Strides can only make it longer.
    if (accessor.byteOffset + bytes > view.byteLength && view.extensions === undefined)
      throw broken(`accessor ${i} reaches beyond its buffer view`);
  }
  for (const [i, image] of images.entries()) {
    need(`image ${i}`, 'buffer view', image.bufferView, bufferViews);
    if (image.uri === undefined && image.bufferView === undefined) throw broken(`image ${i} has no data`);
  }
  for (const [i, { source, extensions = {} }] of textures.entries()) {
    need(`texture ${i}`, 'image', source, images);
    for (const extension of ['KHR_texture_basisu', 'EXT_texture_webp', 'EXT_texture_avif'])
      need(`texture ${i}`, 'image', indexIn(extensions[extension], 'source'), images);
  }
  for (const [i, { pbrMetallicRoughness, extensions = {}, ...material }] of materials.entries()) {
    const inExtensions = Object.values(extensions).flatMap((extension) =>
      isPart(extension) ? Object.entries(extension) : [],
    );
    for (const [key, texture] of [
      ...Object.entries(pbrMetallicRoughness ?? {}),
      ...Object.entries(material),
      ...inExtensions,
    ]) {
      if (key.endsWith('Texture')) need(`material ${i}`, 'texture', indexIn(texture, 'index'), textures);
    }
  }
  for (const [i, { primitives }] of meshes.entries()) {
    for (const { attributes, indices, material, targets = [], extensions = {} } of primitives) {
      for (const key in attributes) need(`mesh ${i}`, 'accessor', attributes[key], accessors);
      for (const target of targets) for (const key in target) need(`mesh ${i}`, 'accessor', target[key], accessors);
      need(`mesh ${i}`, 'accessor', indices, accessors);
      need(`mesh ${i}`, 'material', material, materials);
      need(`mesh ${i}`, 'buffer view', indexIn(extensions['KHR_draco_mesh_compression'], 'bufferView'), bufferViews);
    }
  }
  for (const [i, { joints, skeleton, inverseBindMatrices }] of skins.entries()) {
    for (const joint of joints) need(`skin ${i}`, 'node', joint, nodes);
    need(`skin ${i}`, 'node', skeleton, nodes);
    need(`skin ${i}`, 'accessor', inverseBindMatrices, accessors);
  }
  const lights = listOf(document.extensions?.['KHR_lights_punctual'], 'lights');
  for (const [i, node] of nodes.entries()) {
    const who = `node ${i}`;
    need(who, 'mesh', node.mesh, meshes);
    need(who, 'camera', node.camera, cameras);
    need(who, 'skin', node.skin, skins);
    need(who, 'light', indexIn(node.extensions?.['KHR_lights_punctual'], 'light'), lights);
    for (const child of node.children ?? []) need(who, 'node', child, nodes);
  }
  for (const [i, scene] of scenes.entries())
    for (const node of scene.nodes ?? []) need(`scene ${i}`, 'node', node, nodes);
  for (const [i, animation] of animations.entries()) {
    const who = `animation ${i}`;
    for (const { input, output } of animation.samplers) {
      need(who, 'accessor', input, accessors);
      need(who, 'accessor', output, accessors);
    }
    for (const { sampler, target } of animation.channels) {
      need(who, 'sampler', sampler, animation.samplers);
      need(who, 'node', target.node, nodes);
    }
  }
  checkTree(nodes, broken);
}

function checkData(
  { buffers = [], bufferViews = [] }: GltfDocument,
  bin: number | null,
  broken: (what: string) => UserError,
): void {
  for (const [i, buffer] of buffers.entries()) {
    const fallback = Object.keys(buffer.extensions ?? {}).some((extension) =>
      extension.endsWith('_meshopt_compression'),
    );
    if (buffer.uri !== undefined) {
      const inline = base64Of(buffer.uri);
      if (inline !== null && bytesIn(inline) < buffer.byteLength)
        throw broken(`buffer ${i} has ${bytesIn(inline)} of ${buffer.byteLength} bytes`);
    } else if (i === 0 && bin !== null) {
      if (bin < buffer.byteLength) throw broken(`its binary chunk has ${bin} of ${buffer.byteLength} bytes`);
    } else if (!fallback) throw broken(`buffer ${i} has no data`);
  }
  for (const [i, view] of bufferViews.entries()) {
    const buffer = buffers[view.buffer];
    if (!buffer) throw broken(`buffer view ${i} names buffer ${view.buffer}, which does not exist`);
    if (view.byteOffset + view.byteLength > buffer.byteLength)
      throw broken(`buffer view ${i} reaches beyond its buffer`);
    const packed = view.extensions?.['EXT_meshopt_compression'] ?? view.extensions?.['KHR_meshopt_compression'];
    const from = indexIn(packed, 'buffer');
    if (from !== undefined && !buffers[from])
      throw broken(`buffer view ${i} names buffer ${from}, which does not exist`);
  }
}

/**
 * Nodes must form trees (glTF 2.0, section 3.5.2). They are traversed from the roots; any node not reached is part of a
 * cycle or below one.
 */
function checkTree(nodes: NonNullable<GltfDocument['nodes']>, broken: (what: string) => UserError): void {
  /** Number of parents of each node. */
  const parents = new Uint32Array(nodes.length);
  for (const node of nodes) for (const child of node.children ?? []) parents[child]! += 1;
  const depths = new Uint32Array(nodes.length);
  const ready: number[] = [];
  for (let i = 0; i < nodes.length; i++) if (parents[i] === 0) ready.push(i);
  let reached = 0;
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    reached += 1;
    const depth = depths[at]! + 1;
    if (depth > SCENE_LIMITS.nodeDepth)
      throw broken(`more than ${SCENE_LIMITS.nodeDepth} of its nodes are below each other`);
    for (const child of nodes[at]!.children ?? []) {
      depths[child] = Math.max(depths[child]!, depth);
      parents[child]! -= 1;
      if (parents[child] === 0) ready.push(child);
    }
  }
  if (reached === nodes.length) return;
  // Each remaining node has a remaining parent: following parents leads into a cycle.
  const parentOf = new Map<number, number>();
  for (const [i, node] of nodes.entries())
    if (parents[i]! > 0) for (const child of node.children ?? []) if (parents[child]! > 0) parentOf.set(child, i);
  const passed = new Set<number>();
  let at = parents.findIndex((count) => count > 0);
  for (; !passed.has(at); at = parentOf.get(at)!) passed.add(at);
  const named = nodes[at]!.name;
  throw broken(`node ${at}${named ? ` (“${shortened(named)}”)` : ''} is below itself: children go round in a circle`);
}

/** An index from an unvalidated object; undefined if it is none. */
function indexIn(value: unknown, key: string): number | undefined {
  const member = isPart(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return Number.isSafeInteger(member) && (member as number) >= 0 ? (member as number) : undefined;
}

import { findGltfFault } from '../../shared/gltf-fault';
import { camerasOf, rootNodesOf, type GltfCamera } from '../../shared/gltf-cameras';
import { animationNamesOf, findName, sceneNamesOf } from '../../shared/gltf-names';
import type { GltfJson } from './gltf-container';
import { mendPrimitives } from './mend-primitives';
import { quoted, RenderFailure } from './render-failure';
import { convertSpecularGlossiness } from './specular-glossiness';

/** The part of a file to render. */
export interface SceneChoice {
  /** Names of the animations to play; null for all. */
  readonly animations: readonly string[] | null;
  /** Null for the file's default scene. */
  readonly sceneName: string | null;
}

export interface PreparedDocument {
  /** For three.js's loader: one scene, no animations, nothing that it mishandles. */
  readonly json: GltfJson;
  /** The animations to play, as in the file, in its order. */
  readonly animations: readonly GltfJson[];
  /** Cameras of the scene, under the names that the host shows. */
  readonly cameras: readonly GltfCamera[];
  /** Morph target weights of nodes that have any, from the node or its mesh. */
  readonly weights: ReadonlyMap<number, readonly unknown[]>;
  /** Custom properties of the scene (glTF `extras`). */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** As good as infinite (glTF 2.0, section 3.10.3.3), where a camera has no zfar; three.js would see two million metres far. */
const FARTHEST = 1e30;

/** Extensions that three.js honours only if the file declares them. */
const DECLARED = ['KHR_materials_unlit', 'KHR_texture_transform'];

/**
 * Checks a document, selects the part to render, and rewrites features unknown to three.js with ones that it supports.
 *
 * @param json is modified
 * @throws RenderFailure, final
 */
export function prepareDocument(json: GltfJson, { animations, sceneName }: SceneChoice): PreparedDocument {
  const fault = findGltfFault(json);
  if (fault !== null) throw new RenderFailure(`The scene file is damaged: ${fault}. Export it again.`, true);
  dropNames(json);
  const scene = sceneOf(json, sceneName);
  const extras = (scene === undefined ? null : json['scenes'][scene].extras) ?? {};
  const chosen = animationsOf(json, animations);
  const cameras = camerasOf(json, scene);
  json['scenes'] = [{ nodes: rootsOf(json, scene) }];
  json['scene'] = 0;
  json['animations'] = [];
  convertSpecularGlossiness(json);
  declareExtensions(json);
  mendPrimitives(json);
  for (const list of ['nodes', 'meshes', 'materials', 'images', 'cameras']) {
    // three.js interprets some custom properties of its own exporter, which in other files mean something else.
    for (const part of json[list] ?? []) delete part.extras;
  }
  // Bounds that a file states are often wrong, and three.js fails on those that are no lists.
  for (const accessor of json['accessors'] ?? []) delete accessor.min;
  for (const { perspective } of json['cameras'] ?? []) if (perspective) perspective.zfar ??= FARTHEST;
  for (const light of json['extensions']?.KHR_lights_punctual?.lights ?? []) mendSpot(light);
  return {
    json,
    animations: chosen,
    cameras,
    weights: takeWeights(json),
    extras: typeof extras === 'object' ? (extras as Record<string, unknown>) : {},
  };
}

/** Takes out names that are not texts: the host reads none there, and offers what has them under another. */
function dropNames(json: GltfJson): void {
  for (const list of Object.values(json)) {
    if (!Array.isArray(list)) continue;
    for (const part of list as unknown[])
      if (typeof part === 'object' && part !== null && 'name' in part && typeof part.name !== 'string')
        delete part.name;
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map(quoted).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown || 'none';
}

function sceneOf(json: GltfJson, name: string | null): number | undefined {
  const names = sceneNamesOf(json);
  if (name === null) {
    if (names.length === 0) return undefined;
    const own: unknown = json['scene'] ?? 0;
    if (typeof own !== 'number' || !(own in names))
      throw new RenderFailure(
        `The scene file is damaged: its own choice is scene ${JSON.stringify(own).slice(0, 20)}, which does not exist. Export it again.`,
        true,
      );
    return own;
  }
  const found = findName(names, name);
  if (found === null) throw new RenderFailure(`The file has no scene ${quoted(name)}; it has ${listed(names)}.`, true);
  return names.indexOf(found);
}

function animationsOf(json: GltfJson, wanted: readonly string[] | null): GltfJson[] {
  const all: GltfJson[] = json['animations'] ?? [];
  if (wanted === null) return all;
  const names = animationNamesOf(json);
  const chosen = new Set<number>();
  for (const name of wanted) {
    const found = findName(names, name);
    if (found === null)
      throw new RenderFailure(`The file has no animation ${quoted(name)}; it has ${listed(names)}.`, true);
    chosen.add(names.indexOf(found));
  }
  return all.filter((_, i) => chosen.has(i));
}

/**
 * The scene's root nodes. A node that is also a descendant of another root is already included; joints used by skins
 * are added wherever they are.
 */
function rootsOf(json: GltfJson, scene: number | undefined): number[] {
  const nodes: GltfJson[] = json['nodes'] ?? [];
  const parents = new Map<number, number>();
  for (const [i, node] of nodes.entries()) for (const child of node['children'] ?? []) parents.set(child, i);
  const listedRoots = new Set(rootNodesOf(json, scene));
  const shown = new Set<number>();
  const waiting: number[] = [];
  const show = (root: number): void => {
    waiting.push(root);
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      shown.add(i);
      for (const child of nodes[i]!['children'] ?? []) waiting.push(child);
    }
  };
  const hangsBelow = (node: number): boolean => {
    for (let at = parents.get(node); at !== undefined; at = parents.get(at)) if (listedRoots.has(at)) return true;
    return false;
  };
  const roots = [...listedRoots].filter((root) => !hangsBelow(root));
  for (const root of roots) show(root);
  for (const i of shown) {
    const skin = nodes[i]!['skin'];
    for (const joint of skin === undefined ? [] : json['skins'][skin].joints) {
      if (shown.has(joint)) continue;
      let top: number = joint;
      for (let at = parents.get(top); at !== undefined; at = parents.get(at)) top = at;
      roots.push(top);
      show(top);
    }
  }
  return roots;
}

function declareExtensions(json: GltfJson): void {
  const used: string[] = json['extensionsUsed'] ?? [];
  const compressed = (json['meshes'] ?? []).some(({ primitives }: GltfJson) =>
    primitives.some(({ extensions }: GltfJson) => extensions?.KHR_draco_mesh_compression),
  );
  json['extensionsUsed'] = [
    ...new Set([
      ...used.filter((name) => name !== 'KHR_draco_mesh_compression'),
      ...DECLARED,
      ...(compressed ? ['KHR_draco_mesh_compression'] : []),
    ]),
  ];
}

/** Takes the meshes' weights out of the document: three.js would use a list that is longer than the targets'. */
function takeWeights(json: GltfJson): Map<number, readonly unknown[]> {
  const weights = new Map<number, readonly unknown[]>();
  for (const [i, node] of ((json['nodes'] ?? []) as GltfJson[]).entries()) {
    const own: unknown = node['weights'] ?? json['meshes']?.[node['mesh']]?.weights;
    if (Array.isArray(own)) weights.set(i, own);
  }
  for (const mesh of json['meshes'] ?? []) delete mesh.weights;
  return weights;
}

/** A cone of zero angle, or with an inner angle above the outer one, would make three.js divide by zero. */
function mendSpot(light: GltfJson): void {
  if (light['type'] !== 'spot') return;
  const spot = light['spot'] ?? {};
  const outer = Math.min(Math.max(spot.outerConeAngle ?? Math.PI / 4, 1e-3), Math.PI / 2);
  light['spot'] = {
    ...spot,
    outerConeAngle: outer,
    innerConeAngle: Math.min(Math.max(spot.innerConeAngle ?? 0, 0), outer),
  };
}

import {
  Group,
  Mesh,
  NoColorSpace,
  type BufferAttribute,
  type Camera,
  type DirectionalLight,
  type Light,
  type LineBasicMaterial,
  type Material,
  type MeshStandardMaterial,
  type Object3D,
  type PointsMaterial,
  type SkinnedMesh,
  type Texture,
} from 'three';
import type { GLTFLoaderPlugin, GLTFParser } from 'three/examples/jsm/loaders/GLTFLoader.js';
import type { KTX2Loader } from 'three/examples/jsm/loaders/KTX2Loader.js';
import { damaged, readAccessor } from './accessors';
import { MASKED, type SceneParts } from './animation-targets';
import { checkMesh, missingCoordinates } from './check-mesh';
import { addEmission } from './glowing-lines';
import type { GltfJson } from './gltf-container';
import { decodeImage, imageSubject, roughnessOf } from './images';
import { showInstances } from './instances';
import { failureOf, quoted } from './render-failure';
import { checkSkin, keepStrongestJoints } from './skins';
import { GLOSSINESS } from './specular-glossiness';
import { applySampler } from './texture-sampler';
import { transformTexture } from './texture-transform';
import { thickenMatrix, thickenScale } from './thickness';

/** The inputs for reading a document. */
export interface SceneSources {
  /** The binary chunk of a .glb. */
  readonly bin: Uint8Array<ArrayBuffer> | null;
  /** Loads the bytes behind a URI of the document. @throws RenderFailure */
  readonly load: (uri: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly ktx2: KTX2Loader;
  /** Weights of nodes' morph targets. */
  readonly weights: ReadonlyMap<number, readonly unknown[]>;
  /** Receives warnings about the image for the user, a sentence each. */
  readonly warn: (sentence: string) => void;
}

/** Members of the parser that its public types omit. */
interface InnerParser {
  _getNodeRef(cache: object, index: number, object: Object3D): Object3D;
  readonly meshCache: object;
}

const LISTS: Readonly<Record<string, readonly [list: string, subject: string]>> = {
  mesh: ['meshes', 'The mesh'],
  material: ['materials', 'The material'],
  node: ['nodes', 'The node'],
  skin: ['skins', 'The skin'],
  bufferView: ['bufferViews', 'Buffer view'],
  texture: ['textures', 'The texture'],
};

function subjectOf(json: GltfJson, type: string, index: number): string {
  const [list, subject] = LISTS[type] ?? ['', `The ${type}`];
  const name: unknown = json[list]?.[index]?.name;
  return typeof name === 'string' && name !== '' ? `${subject} ${quoted(name)}` : `${subject} ${index}`;
}

/**
 * Replaces the parts of three.js's glTF parser that silently omit data, guess, or fail with a message of the JavaScript
 * engine: accessors and images are read here, every error names the part of the document, and nothing is looked up by
 * name. Written for the three.js version in package.json; the scene corpus tests show when another one is incompatible.
 *
 * @returns the plugin to register, and a function that returns the objects made from the document once it is parsed
 */
export function adaptParser(
  parser: GLTFParser,
  sources: SceneSources,
): { plugin: GLTFLoaderPlugin; parts: () => Promise<SceneParts> } {
  const json = parser.json as GltfJson;
  const inner = parser as unknown as InnerParser;
  const materials = new Map<number, Set<Material>>();
  const meshesOfNode = new Map<number, Object3D[]>();

  // Finding nodes by name would confuse nodes of the same name; nothing here needs names.
  parser.createUniqueName = () => '';
  const copyReference = inner._getNodeRef.bind(parser);
  inner._getNodeRef = (cache, index, object) => {
    const copy = copyReference(cache, index, object);
    copy.name = '';
    if (copy !== object && 'target' in copy) aimCopy(copy as DirectionalLight);
    return copy;
  };

  const known = new Map<string, Promise<unknown>>();
  const getDependency = parser.getDependency.bind(parser);
  parser.getDependency = (type, index) => {
    const key = `${type}:${index}`;
    let dependency = known.get(key);
    if (!dependency) {
      dependency = attempt(() => getDependency(type, index)).catch((error: unknown) => {
        throw failureOf(error, `${subjectOf(json, type, index)} cannot be loaded`, true);
      });
      // Callers that wait for it get the error; others may have stopped waiting after an earlier failure.
      dependency.catch(() => undefined);
      known.set(key, dependency);
    }
    return dependency;
  };

  const loadView = (view: number): Promise<ArrayBuffer> =>
    parser.getDependency('bufferView', view) as Promise<ArrayBuffer>;
  parser.loadBuffer = async (index) => {
    const { uri, byteLength } = json['buffers'][index];
    const bytes = uri === undefined ? (index === 0 ? sources.bin : null) : await sources.load(uri);
    if (!bytes || bytes.length < byteLength)
      throw damaged(`buffer ${index} has ${bytes?.length ?? 0} of ${byteLength} bytes`);
    return bytes.byteOffset === 0 && bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  };
  parser.loadBufferView = async (index) => {
    const { buffer, byteOffset = 0, byteLength } = json['bufferViews'][index];
    const bytes = (await parser.getDependency('buffer', buffer)) as ArrayBuffer;
    if (byteOffset + byteLength > bytes.byteLength) throw damaged(`buffer view ${index} reaches beyond its buffer`);
    return bytes.slice(byteOffset, byteOffset + byteLength);
  };
  parser.loadAccessor = (index) => readAccessor(json, index, loadView);

  const images = new Map<number, Promise<Texture>>();
  const loadImage = (index: number): Promise<Texture> => {
    const image = json['images'][index];
    let loading = images.get(index);
    if (!loading) {
      const subject = imageSubject(image, index);
      loading = (async () => {
        const bytes =
          image.bufferView === undefined
            ? await sources.load(image.uri)
            : new Uint8Array(await loadView(image.bufferView));
        const texture = await decodeImage({ bytes, subject }, sources.ktx2);
        return image[GLOSSINESS] === undefined ? texture : roughnessOf(texture, image[GLOSSINESS], subject);
      })();
      images.set(index, loading);
    }
    return loading;
  };
  parser.loadTextureImage = async (index, source) => {
    const texture = (await loadImage(source)).clone();
    const sampler = json['samplers']?.[json['textures'][index].sampler] ?? {};
    texture.flipY = false;
    applySampler(texture, sampler);
    return texture;
  };
  parser.loadTexture = (index) => parser.loadTextureImage(index, json['textures'][index].source, parser.textureLoader);
  // A separate texture per use: it may be colour in one and data in another, and be animated in one only. The GPU keeps
  // one copy of the pixels.
  parser.assignTexture = async (parameters, slot, { index, texCoord = 0, extensions }, colorSpace) => {
    const texture = ((await parser.getDependency('texture', index)) as Texture).clone();
    const transform = extensions?.KHR_texture_transform;
    texture.channel = transform?.texCoord ?? texCoord;
    texture.colorSpace = (colorSpace as Texture['colorSpace'] | undefined) ?? NoColorSpace;
    if (transform)
      transformTexture(texture, {
        ...(transform.offset && { offset: transform.offset }),
        ...(transform.scale && { scale: transform.scale }),
        rotation: transform.rotation ?? 0,
      });
    parameters[slot] = texture;
    return texture;
  };

  const materialIndex = new WeakMap<Material, number>();
  const loadMaterial = parser.loadMaterial.bind(parser);
  parser.loadMaterial = async (index) => {
    const material = await loadMaterial(index);
    material.userData[MASKED] = json['materials'][index].alphaMode === 'MASK';
    materialIndex.set(material, index);
    return material;
  };
  const assignFinalMaterial = parser.assignFinalMaterial.bind(parser);
  parser.assignFinalMaterial = (mesh) => {
    const surface = mesh.material as Material;
    const index = materialIndex.get(surface);
    assignFinalMaterial(mesh);
    const final = mesh.material as Material;
    if ('isLineBasicMaterial' in final || 'isPointsMaterial' in final)
      addEmission(final as LineBasicMaterial | PointsMaterial, surface as MeshStandardMaterial);
    if (index === undefined) return;
    materialIndex.set(final, index);
    materials.set(index, (materials.get(index) ?? new Set()).add(final));
  };
  const loadGeometries = parser.loadGeometries.bind(parser);
  parser.loadGeometries = async (primitives) => {
    const geometries = await loadGeometries(primitives);
    for (const geometry of geometries) keepStrongestJoints(geometry);
    return geometries;
  };
  const loadMesh = parser.loadMesh.bind(parser);
  parser.loadMesh = async (index) => {
    const mesh = await loadMesh(index);
    const name = subjectOf(json, 'mesh', index).replace('The', 'the');
    if (movesCoordinates(json['meshes'][index]))
      sources.warn(`Morph targets of ${name} move texture coordinates, which cannot be done here: they stand still.`);
    mesh.traverse((part) => {
      if (!('geometry' in part)) return;
      checkMesh(part, name, sources.warn);
      for (const channel of missingCoordinates(part as Mesh))
        sources.warn(
          `A material of ${name} has a texture by TEXCOORD_${channel}, which the mesh does not have: it shows one colour of it.`,
        );
    });
    return mesh;
  };

  async function createNodeMesh(index: number): Promise<Object3D> {
    const node = json['nodes'][index];
    const mesh = (await parser.getDependency('mesh', node.mesh)) as Object3D;
    let object = inner._getNodeRef(inner.meshCache, node.mesh, mesh);
    if (node.skin === undefined) object = withoutSkin(object);
    // The node's children are where it is, which a mesh with a skin is not.
    else if ('isSkinnedMesh' in object) object = new Group().add(object);
    const attributes = Object.entries(
      (node.extensions?.EXT_mesh_gpu_instancing?.attributes ?? {}) as Record<string, number>,
    );
    if (attributes.length > 0) {
      const loaded = await Promise.all(
        attributes.map(
          async ([name, accessor]) =>
            [name, (await parser.getDependency('accessor', accessor)) as BufferAttribute] as const,
        ),
      );
      object = showInstances(object, new Map(loaded), subjectOf(json, 'node', index));
    }
    const drawn: Object3D[] = [];
    object.traverse((part) => {
      if ('geometry' in part) drawn.push(part);
    });
    meshesOfNode.set(index, drawn);
    const weights = sources.weights.get(index);
    if (weights) for (const part of drawn) setWeights(part, weights);
    return object;
  }

  const plugin: GLTFLoaderPlugin = {
    // Replaces three.js's own plugin of this name.
    name: 'EXT_mesh_gpu_instancing',
    // Children first: the loader recurses, and the stack overflows after some hundred levels.
    beforeRoot: () => {
      for (const index of fromBelow(json)) void parser.getDependency('node', index);
      return null;
    },
    createNodeMesh: (index) =>
      json['nodes'][index].mesh === undefined ? null : (createNodeMesh(index) as Promise<Mesh>),
  };

  async function parts(): Promise<SceneParts> {
    const nodes = new Map<number, Object3D>();
    for (const key of known.keys()) {
      const [type, index] = key.split(':') as [string, string];
      if (type === 'node') nodes.set(Number(index), (await known.get(key)) as Object3D);
    }
    const nodesOfMesh = new Map<number, number[]>();
    const cameras = new Map<number, Object3D[]>();
    const lights = new Map<number, Light[]>();
    const push = <Member>(map: Map<number, Member[]>, index: number, member: Member): void =>
      void (map.get(index) ?? map.set(index, []).get(index)!).push(member);
    for (const [index, object] of nodes) {
      const node = json['nodes'][index];
      if (node.matrix !== undefined) {
        // As it is: three.js decomposes it, and loses its shear, or everything where it has no volume.
        object.matrix.fromArray(node.matrix);
        object.matrixAutoUpdate = false;
        thickenMatrix(object.matrix);
      } else {
        object.quaternion.normalize();
        thickenScale(object.scale);
      }
      object.visible &&= node.extensions?.KHR_node_visibility?.visible !== false;
      if (node.mesh !== undefined && node.weights === undefined) push(nodesOfMesh, node.mesh, index);
      const camera = node.camera === undefined ? undefined : attached(object, 'isCamera');
      if (camera) push(cameras, node.camera, camera as Camera);
      const light: unknown = node.extensions?.KHR_lights_punctual?.light;
      const lamp = light === undefined ? undefined : attached(object, 'isLight');
      if (lamp) push(lights, light as number, lamp as Light);
      for (const mesh of meshesOfNode.get(index) ?? [])
        if ('isSkinnedMesh' in mesh)
          checkSkin(mesh as SkinnedMesh, subjectOf(json, 'node', index).replace('The', 'the'));
        else if (node.skin !== undefined && (mesh as Mesh).geometry.hasAttribute('skinIndex'))
          sources.warn(
            `${subjectOf(json, 'node', index)} has lines or points that hang on joints, which cannot be done here: they are where the node is.`,
          );
    }
    return { nodes, meshesOfNode, nodesOfMesh, materials, cameras, lights };
  }
  return { plugin, parts };
}

/** The nodes of the scene in post-order: each after its children. */
function fromBelow(json: GltfJson): number[] {
  const order: number[] = [...json['scenes'][0].nodes];
  for (let i = 0; i < order.length; i++) for (const child of json['nodes'][order[i]!].children ?? []) order.push(child);
  return order.toReversed();
}

/** Whether a mesh has morph targets for texture coordinates, which glTF 2.0 leaves open to support (section 3.7.2.2). */
function movesCoordinates({ primitives }: GltfJson): boolean {
  return primitives.some(({ targets = [] }: GltfJson) =>
    targets.some((target: GltfJson) => Object.keys(target).some((name) => name.startsWith('TEXCOORD_'))),
  );
}

/** Runs a function that may throw synchronously or reject. */
async function attempt<Result>(run: () => Promise<Result>): Promise<Result> {
  return await run();
}

/** A node's own camera or light comes before its children. */
function attached(node: Object3D, kind: 'isCamera' | 'isLight'): Object3D | undefined {
  return kind in node ? node : node.children.find((child) => kind in child);
}

/** A cloned light's target is not part of any scene and would stay behind when the light is rotated. */
function aimCopy(light: DirectionalLight): void {
  light.remove(...light.children);
  light.target.position.set(0, 0, -1);
  light.add(light.target);
}

/** A mesh that another node shows with a skin, without that skin. */
function withoutSkin(object: Object3D): Object3D {
  if (object instanceof Mesh && 'isSkinnedMesh' in object) {
    const plain = new Mesh(object.geometry, object.material);
    setWeights(plain, object.morphTargetInfluences ?? []);
    return plain;
  }
  const children = object.children.map(withoutSkin);
  if (children.some((child, i) => child !== object.children[i])) object.clear().add(...children);
  return object;
}

function setWeights(object: Object3D, weights: readonly unknown[]): void {
  const influences = (object as Mesh).morphTargetInfluences;
  if (influences) for (let i = 0; i < influences.length; i++) influences[i] = Number(weights[i] ?? 0);
}

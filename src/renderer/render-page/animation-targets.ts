import {
  Color,
  OrthographicCamera,
  PerspectiveCamera,
  Vector2,
  type Light,
  type Material,
  type Object3D,
  type PointLight,
  type SpotLight,
  type Texture,
} from 'three';
import { transformTexture } from './texture-transform';
import { thickenScale } from './thickness';

/** The objects of a loaded scene, by the part of the document that they were created from. */
export interface SceneParts {
  readonly nodes: ReadonlyMap<number, Object3D>;
  /** All objects of a node's mesh that may have morph targets. */
  readonly meshesOfNode: ReadonlyMap<number, readonly Object3D[]>;
  /** The nodes that use a mesh, and have no weights of their own. */
  readonly nodesOfMesh: ReadonlyMap<number, readonly number[]>;
  /** One material of a document becomes several in three.js where meshes differ in normals, tangents or colours. */
  readonly materials: ReadonlyMap<number, ReadonlySet<Material>>;
  readonly cameras: ReadonlyMap<number, readonly Object3D[]>;
  readonly lights: ReadonlyMap<number, readonly Light[]>;
}

/** Sets an animated property. */
export interface AnimationTarget {
  /** Number of components of the value; null for as many as a keyframe has. */
  readonly size: number | null;
  readonly isRotation?: boolean;
  readonly apply: (value: Float32Array) => void;
}

type Values = Float32Array;
type Apply<Part> = (part: Part, value: Values) => void;
interface Property<Part> {
  readonly size: number;
  readonly apply: Apply<Part>;
}

const property = <Part>(size: number, apply: Apply<Part>): Property<Part> => ({ size, apply });

/** A scalar property of a material. */
const factor = (name: string): Property<Material> =>
  property(1, (material, [value]) => {
    if (name in material) (material as unknown as Record<string, number>)[name] = value!;
  });
/** Linear RGB. */
const color = (name: string): Property<Material> =>
  property(3, (material, value) => {
    const target = (material as unknown as Record<string, unknown>)[name];
    if (target instanceof Color) target.fromArray(value);
  });
/** three.js inverts y where there are no tangents: whether the signs differ stays as it is, also at 0 and below. */
const normalScale = (name: string): Property<Material> =>
  property(1, (material, [value]) => {
    const target = (material as unknown as Record<string, unknown>)[name];
    if (target instanceof Vector2) target.set(value!, 1 / target.x < 0 === 1 / target.y < 0 ? value! : -value!);
  });

/** Marks materials whose alpha makes holes; the cutoff of others says nothing (glTF 2.0, section 3.9.4). */
export const MASKED = 'framegauge_masked';

/** Properties of a material, by their pointers. */
export const MATERIAL: Readonly<Record<string, Property<Material>>> = {
  'pbrMetallicRoughness/baseColorFactor': property(4, (material, value) => {
    (material as unknown as { color: Color }).color.fromArray(value);
    material.opacity = value[3]!;
  }),
  'pbrMetallicRoughness/metallicFactor': factor('metalness'),
  'pbrMetallicRoughness/roughnessFactor': factor('roughness'),
  alphaCutoff: property(1, (material, [value]) => {
    if (material.userData[MASKED]) material.alphaTest = value!;
  }),
  emissiveFactor: color('emissive'),
  'normalTexture/scale': normalScale('normalScale'),
  'occlusionTexture/strength': factor('aoMapIntensity'),
  'extensions/KHR_materials_anisotropy/anisotropyRotation': factor('anisotropyRotation'),
  'extensions/KHR_materials_anisotropy/anisotropyStrength': factor('anisotropy'),
  'extensions/KHR_materials_clearcoat/clearcoatFactor': factor('clearcoat'),
  'extensions/KHR_materials_clearcoat/clearcoatNormalTexture/scale': normalScale('clearcoatNormalScale'),
  'extensions/KHR_materials_clearcoat/clearcoatRoughnessFactor': factor('clearcoatRoughness'),
  'extensions/KHR_materials_dispersion/dispersion': factor('dispersion'),
  'extensions/KHR_materials_emissive_strength/emissiveStrength': factor('emissiveIntensity'),
  'extensions/KHR_materials_ior/ior': factor('ior'),
  'extensions/KHR_materials_iridescence/iridescenceFactor': factor('iridescence'),
  'extensions/KHR_materials_iridescence/iridescenceIor': factor('iridescenceIOR'),
  'extensions/KHR_materials_iridescence/iridescenceThicknessMaximum': factor('iridescenceThicknessMaximum'),
  'extensions/KHR_materials_iridescence/iridescenceThicknessMinimum': factor('iridescenceThicknessMinimum'),
  'extensions/KHR_materials_sheen/sheenColorFactor': color('sheenColor'),
  'extensions/KHR_materials_sheen/sheenRoughnessFactor': factor('sheenRoughness'),
  'extensions/KHR_materials_specular/specularColorFactor': color('specularColor'),
  'extensions/KHR_materials_specular/specularFactor': factor('specularIntensity'),
  'extensions/KHR_materials_transmission/transmissionFactor': factor('transmission'),
  'extensions/KHR_materials_volume/attenuationColor': color('attenuationColor'),
  'extensions/KHR_materials_volume/attenuationDistance': factor('attenuationDistance'),
  'extensions/KHR_materials_volume/thicknessFactor': factor('thickness'),
};

/** three.js's names of a material's textures. */
export const TEXTURES: Readonly<Record<string, readonly string[]>> = {
  'pbrMetallicRoughness/baseColorTexture': ['map'],
  'pbrMetallicRoughness/metallicRoughnessTexture': ['metalnessMap', 'roughnessMap'],
  emissiveTexture: ['emissiveMap'],
  normalTexture: ['normalMap'],
  occlusionTexture: ['aoMap'],
  'extensions/KHR_materials_anisotropy/anisotropyTexture': ['anisotropyMap'],
  'extensions/KHR_materials_clearcoat/clearcoatNormalTexture': ['clearcoatNormalMap'],
  'extensions/KHR_materials_clearcoat/clearcoatRoughnessTexture': ['clearcoatRoughnessMap'],
  'extensions/KHR_materials_clearcoat/clearcoatTexture': ['clearcoatMap'],
  'extensions/KHR_materials_iridescence/iridescenceTexture': ['iridescenceMap'],
  'extensions/KHR_materials_iridescence/iridescenceThicknessTexture': ['iridescenceThicknessMap'],
  'extensions/KHR_materials_sheen/sheenColorTexture': ['sheenColorMap'],
  'extensions/KHR_materials_sheen/sheenRoughnessTexture': ['sheenRoughnessMap'],
  'extensions/KHR_materials_specular/specularColorTexture': ['specularColorMap'],
  'extensions/KHR_materials_specular/specularTexture': ['specularIntensityMap'],
  'extensions/KHR_materials_transmission/transmissionTexture': ['transmissionMap'],
  'extensions/KHR_materials_volume/thicknessTexture': ['thicknessMap'],
};
const TRANSFORM = '/extensions/KHR_texture_transform/';

function textureProperty(path: string): Property<Material> | undefined {
  const at = path.indexOf(TRANSFORM);
  const slots = at < 0 ? undefined : TEXTURES[path.slice(0, at)];
  const part = path.slice(at + TRANSFORM.length);
  if (!slots || !['offset', 'rotation', 'scale'].includes(part)) return undefined;
  return property(part === 'rotation' ? 1 : 2, (material, value) => {
    for (const slot of slots) {
      const texture = (material as unknown as Record<string, Texture | null>)[slot];
      if (texture) transformTexture(texture, { [part]: part === 'rotation' ? value[0]! : [value[0]!, value[1]!] });
    }
  });
}

const CAMERA: Readonly<Record<string, Property<Object3D>>> = {
  'orthographic/xmag': property(
    1,
    (camera, [value]) =>
      camera instanceof OrthographicCamera && Object.assign(camera, { left: -value!, right: value! }),
  ),
  'orthographic/ymag': property(
    1,
    (camera, [value]) =>
      camera instanceof OrthographicCamera && Object.assign(camera, { top: value!, bottom: -value! }),
  ),
  'orthographic/zfar': property(
    1,
    (camera, [far]) => camera instanceof OrthographicCamera && Object.assign(camera, { far }),
  ),
  'orthographic/znear': property(
    1,
    (camera, [near]) => camera instanceof OrthographicCamera && Object.assign(camera, { near }),
  ),
  // The image has its own aspect ratio.
  'perspective/aspectRatio': property(1, () => undefined),
  'perspective/yfov': property(
    1,
    (camera, [value]) =>
      camera instanceof PerspectiveCamera && Object.assign(camera, { fov: (value! * 180) / Math.PI }),
  ),
  'perspective/zfar': property(
    1,
    (camera, [far]) => camera instanceof PerspectiveCamera && Object.assign(camera, { far }),
  ),
  'perspective/znear': property(
    1,
    (camera, [near]) => camera instanceof PerspectiveCamera && Object.assign(camera, { near }),
  ),
};

/** Factor that converts a light's intensity to radiometric units; see scene-light.ts. */
export const LIGHT_UNIT = 'framegauge_unit';

const LIGHT: Readonly<Record<string, Property<Light>>> = {
  color: property(3, (light, value) => light.color.fromArray(value)),
  intensity: property(1, (light, [value]) => {
    light.intensity = value! * ((light.userData[LIGHT_UNIT] as number | undefined) ?? 1);
  }),
  range: property(1, (light, [value]) => {
    if ('distance' in light) (light as PointLight).distance = value!;
  }),
  'spot/innerConeAngle': property(1, (light, [value]) => setCone(light as SpotLight, { inner: value! })),
  'spot/outerConeAngle': property(1, (light, [value]) => setCone(light as SpotLight, { outer: value! })),
};

interface Cone {
  inner: number;
  outer: number;
}
/** In the file's or an animation's words: three.js's are clamped, and one depends on the other. */
const cones = new WeakMap<SpotLight, Cone>();

/** In radians. */
function setCone(light: SpotLight, change: Partial<Cone>): void {
  if (!('penumbra' in light)) return;
  const cone = {
    ...(cones.get(light) ?? { inner: light.angle * (1 - light.penumbra), outer: light.angle }),
    ...change,
  };
  cones.set(light, cone);
  light.angle = Math.min(Math.max(cone.outer, 1e-3), Math.PI / 2);
  light.penumbra = 1 - Math.min(Math.max(cone.inner / light.angle, 0), 1);
}

function nodeTarget(parts: SceneParts, index: number, path: string): AnimationTarget | null {
  const node = parts.nodes.get(index);
  if (!node) return { size: null, apply: () => undefined };
  // What moves a node with a matrix of its own, which glTF forbids, moves its decomposed parts.
  const moving = (target: AnimationTarget): AnimationTarget => {
    node.matrixAutoUpdate = true;
    return target;
  };
  switch (path) {
    case 'translation':
      return moving({ size: 3, apply: (value) => node.position.fromArray(value) });
    case 'rotation':
      return moving({ size: 4, isRotation: true, apply: (value) => node.quaternion.fromArray(value).normalize() });
    case 'scale':
      return moving({ size: 3, apply: (value) => thickenScale(node.scale.fromArray(value)) });
    case 'weights':
      return weightsTarget(parts.meshesOfNode.get(index) ?? []);
    case 'extensions/KHR_node_visibility/visible':
      return {
        size: 1,
        apply: ([value]) => {
          node.visible = value! > 0;
        },
      };
    default: {
      const weight = weightIn(path);
      return weight === null ? null : weightsTarget(parts.meshesOfNode.get(index) ?? [], weight);
    }
  }
}

/** The number of a single weight in a pointer; null where it points to something else. */
function weightIn(path: string): number | null {
  const number = /^weights\/(\d+)$/.exec(path)?.[1];
  return number === undefined ? null : Number(number);
}

/** @param only the one weight that is set; null for all */
function weightsTarget(meshes: readonly Object3D[], only: number | null = null): AnimationTarget {
  const influences = meshes
    .map((mesh) => (mesh as { morphTargetInfluences?: number[] }).morphTargetInfluences)
    .filter((list) => list !== undefined);
  if (only !== null)
    return {
      size: 1,
      apply: ([value]) => {
        for (const list of influences) if (only < list.length) list[only] = value!;
      },
    };
  return {
    size: influences[0]?.length ?? null,
    apply: (value) => {
      for (const list of influences) for (let i = 0; i < list.length; i++) list[i] = value[i]!;
    },
  };
}

/**
 * Resolves a pointer of KHR_animation_pointer, or a channel in the same form (`/nodes/3/translation`), to its target.
 *
 * @returns null where it cannot be animated here
 */
export function findTarget(parts: SceneParts, pointer: string): AnimationTarget | null {
  const match = /^\/(nodes|meshes|materials|cameras|extensions\/KHR_lights_punctual\/lights)\/(\d+)\/(.+)$/.exec(
    pointer,
  );
  if (!match) return null;
  const [, kind, number, path] = match as unknown as [string, string, string, string];
  const index = Number(number);
  const all = <Part>(members: Iterable<Part> | undefined, found: Property<Part> | undefined): AnimationTarget | null =>
    found
      ? {
          size: found.size,
          apply: (value) => {
            for (const member of members ?? []) found.apply(member, value);
          },
        }
      : null;
  switch (kind) {
    case 'nodes':
      return nodeTarget(parts, index, path);
    case 'meshes':
      return path === 'weights' || weightIn(path) !== null
        ? weightsTarget(
            (parts.nodesOfMesh.get(index) ?? []).flatMap((node) => parts.meshesOfNode.get(node) ?? []),
            weightIn(path),
          )
        : null;
    case 'materials':
      return all(parts.materials.get(index), MATERIAL[path] ?? textureProperty(path));
    case 'cameras':
      return all(parts.cameras.get(index), CAMERA[path]);
    default:
      return all(parts.lights.get(index), LIGHT[path]);
  }
}

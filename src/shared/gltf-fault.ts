import { checkMaterial } from './gltf-material-fault';
import {
  checkChoice,
  checkIndex,
  checkNumber,
  checkNumbers,
  extensionsOf,
  Fault,
  isPart,
  listOf,
  type Part,
  partOf,
  partsOf,
  shown,
} from './gltf-parts';

/**
 * Checks a glTF 2.0 document whose references are valid: returns a clause that locates the first number or enum value
 * that cannot be rendered, such as “light 2 is of type "area"”; null where there is none. Linear in the size of the
 * document.
 */
export function findGltfFault(document: unknown): string | null {
  try {
    checkNodes(document);
    checkPrimitives(document);
    for (const [i, material] of partsOf(document, 'materials').entries()) checkMaterial(material, `material ${i}`);
    checkAnimations(document);
    checkTextures(document);
    checkLights(document);
    checkCameras(document);
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

function checkNodes(document: unknown): void {
  const accessors = listOf(document, 'accessors');
  const parents = new Map<unknown, number>();
  for (const [i, node] of partsOf(document, 'nodes').entries()) {
    for (const [key, length] of [
      ['translation', 3],
      ['rotation', 4],
      ['scale', 3],
      ['matrix', 16],
    ] as const)
      checkNumbers(`the ${key} of node ${i}`, node[key], [length]);
    const instances = partOf(extensionsOf(`node ${i}`, node)['EXT_mesh_gpu_instancing'], 'attributes');
    for (const [key, accessor] of Object.entries(instances)) {
      checkIndex(`node ${i}`, 'accessor', accessor, accessors.length);
      checkType(
        `the ${key} of the instances of node ${i}`,
        accessors[accessor as number],
        typesOf(INSTANCE_TYPES, key),
      );
    }
    for (const child of listOf(node, 'children')) {
      const other = parents.get(child);
      if (other !== undefined && other !== i)
        throw new Fault(`node ${String(child)} is a child of both node ${other} and node ${i}`);
      parents.set(child, i);
    }
  }
}

/** The types of an instance's attributes (EXT_mesh_gpu_instancing). */
const INSTANCE_TYPES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(TRANSLATION|SCALE)$/, ['VEC3']],
  [/^ROTATION$/, ['VEC4']],
];

/**
 * The types of a vertex' attributes (glTF 2.0, section 3.7.2.1). Normals and tangents of other types are made anew where
 * they are drawn.
 */
const ATTRIBUTE_TYPES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^POSITION$/, ['VEC3']],
  [/^TEXCOORD_\d+$/, ['VEC2']],
  [/^COLOR_\d+$/, ['VEC3', 'VEC4']],
  [/^(JOINTS|WEIGHTS)_\d+$/, ['VEC4']],
];

function typesOf(table: typeof ATTRIBUTE_TYPES, key: string): readonly string[] | undefined {
  return table.find(([name]) => name.test(key))?.[1];
}

/** Those of a morph target: a tangent's side is not morphed (section 3.7.2.2). */
const TARGET_TYPES: typeof ATTRIBUTE_TYPES = [[/^(NORMAL|TANGENT)$/, ['VEC3']], ...ATTRIBUTE_TYPES];

/** @param accessor its index was checked. @param types undefined: any */
function checkType(where: string, accessor: unknown, types: readonly string[] | undefined): void {
  const type = isPart(accessor) ? accessor['type'] : undefined;
  if (types && type !== undefined && !types.includes(type as string))
    throw new Fault(`${where} is of type ${shown(type)}, and not ${types.join(' or ')}`);
}

function checkPrimitives(document: unknown): void {
  const accessors = listOf(document, 'accessors');
  const checkAttributes = (where: string, attributes: Part, types: typeof ATTRIBUTE_TYPES): void => {
    for (const [key, accessor] of Object.entries(attributes))
      checkType(`the ${key} of ${where}`, accessors[accessor as number], typesOf(types, key));
  };
  for (const [i, mesh] of partsOf(document, 'meshes').entries()) {
    for (const primitive of partsOf(mesh, 'primitives')) {
      checkChoice(`the mode of a primitive of mesh ${i}`, primitive['mode'], [0, 1, 2, 3, 4, 5, 6]);
      checkAttributes(`mesh ${i}`, partOf(primitive, 'attributes'), ATTRIBUTE_TYPES);
      for (const target of partsOf(primitive, 'targets'))
        checkAttributes(`a morph target of mesh ${i}`, target, TARGET_TYPES);
    }
  }
}

function checkAnimations(document: unknown): void {
  const accessors = listOf(document, 'accessors');
  for (const [i, animation] of partsOf(document, 'animations').entries()) {
    for (const sampler of partsOf(animation, 'samplers')) {
      checkChoice(`the interpolation of animation ${i}`, sampler['interpolation'], ['LINEAR', 'STEP', 'CUBICSPLINE']);
      checkType(`the input of animation ${i}`, accessors[sampler['input'] as number], ['SCALAR']);
    }
  }
}

const IMAGE_EXTENSIONS = ['KHR_texture_basisu', 'EXT_texture_webp', 'EXT_texture_avif'];

function checkTextures(document: unknown): void {
  for (const [i, texture] of partsOf(document, 'textures').entries()) {
    checkIndex(`texture ${i}`, 'sampler', texture['sampler'], listOf(document, 'samplers').length);
    const extensions = extensionsOf(`texture ${i}`, texture);
    if (
      texture['source'] !== undefined ||
      IMAGE_EXTENSIONS.some((name) => partOf(extensions, name)['source'] !== undefined)
    )
      continue;
    const other = Object.keys(extensions)[0];
    throw new Fault(
      other === undefined
        ? `texture ${i} has no image`
        : `texture ${i} has its image only by the extension ${other.slice(0, 60)}, which cannot be rendered here`,
    );
  }
}

function checkLights(document: unknown): void {
  for (const [i, light] of partsOf(partOf(partOf(document, 'extensions'), 'KHR_lights_punctual'), 'lights').entries()) {
    const { type, color } = light;
    if (type !== 'directional' && type !== 'point' && type !== 'spot')
      throw new Fault(`light ${i} is of type ${shown(type)}; lights are directional, point or spot`);
    checkNumbers(`the color of light ${i}`, color, [3]);
    for (const key of ['intensity', 'range']) checkNumber(`the ${key} of light ${i}`, light[key]);
    for (const key of ['innerConeAngle', 'outerConeAngle'])
      checkNumber(`the ${key} of light ${i}`, partOf(light, 'spot')[key]);
  }
}

function checkCameras(document: unknown): void {
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  for (const [i, camera] of partsOf(document, 'cameras').entries()) {
    const kind = camera['type'];
    const { yfov, xmag, ymag, znear, zfar } = partOf(camera, String(kind));
    if (kind === 'perspective') {
      if (!isNumber(yfov) || yfov <= 0 || yfov >= Math.PI)
        throw new Fault(`camera ${i} has no field of view between 0 and π`);
      if (!isNumber(znear) || znear <= 0) throw new Fault(`camera ${i} has no znear above 0`);
      if (zfar !== undefined && (!isNumber(zfar) || zfar <= znear))
        throw new Fault(`the zfar of camera ${i} is not beyond its znear`);
    } else if (kind === 'orthographic') {
      if (!isNumber(xmag) || !isNumber(ymag) || xmag === 0 || ymag === 0)
        throw new Fault(`camera ${i} has an xmag or ymag of nothing`);
      if (!isNumber(znear) || !isNumber(zfar) || zfar <= znear)
        throw new Fault(`the zfar of camera ${i} is not beyond its znear`);
    } else throw new Fault(`camera ${i} is neither perspective nor orthographic`);
  }
}

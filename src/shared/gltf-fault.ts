/** Any JSON object. */
type Part = Readonly<Record<string, unknown>>;

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partOf(value: unknown, key: string): Part {
  const found = isPart(value) ? value[key] : undefined;
  return isPart(found) ? found : {};
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const found = isPart(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

/** The entries of a list of objects, such as the nodes. @throws Fault where one is something else */
function partsOf(value: unknown, key: string): readonly Part[] {
  const list = listOf(value, key);
  const wrong = list.findIndex((part) => !isPart(part));
  if (wrong >= 0) throw new Fault(`${key}[${wrong}] is not an object`);
  return list as readonly Part[];
}

class Fault extends Error {}

/**
 * Checks a glTF 2.0 document whose references are valid: returns a clause that locates the first number or enum value
 * that cannot be rendered, such as “light 2 is of type "area"”; null where there is none. Linear in the size of the
 * document.
 */
export function findGltfFault(document: unknown): string | null {
  try {
    checkNodes(document);
    checkPrimitives(document);
    checkMaterials(document);
    checkTextures(document);
    checkLights(document);
    checkCameras(document);
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

/** @param index undefined is valid */
function checkIndex(where: string, what: string, index: unknown, length: number): void {
  if (index === undefined) return;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0)
    throw new Fault(`${where} names a ${what} by something that is not a number`);
  if (index >= length) throw new Fault(`${where} names ${what} ${index}, which does not exist`);
}

function checkNumbers(where: string, values: unknown, lengths: readonly number[]): void {
  if (values === undefined) return;
  if (!Array.isArray(values) || !lengths.includes(values.length))
    throw new Fault(`${where} is not a list of ${lengths.join(' or ')} numbers`);
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Fault(`${where} has a value that is not a finite number`);
}

function checkNodes(document: unknown): void {
  const accessors = listOf(document, 'accessors').length;
  const parents = new Map<unknown, number>();
  for (const [i, node] of partsOf(document, 'nodes').entries()) {
    for (const [key, length] of [
      ['translation', 3],
      ['rotation', 4],
      ['scale', 3],
      ['matrix', 16],
    ] as const)
      checkNumbers(`the ${key} of node ${i}`, node[key], [length]);
    for (const accessor of Object.values(
      partOf(partOf(partOf(node, 'extensions'), 'EXT_mesh_gpu_instancing'), 'attributes'),
    ))
      checkIndex(`node ${i}`, 'accessor', accessor, accessors);
    for (const child of listOf(node, 'children')) {
      const other = parents.get(child);
      if (other !== undefined && other !== i)
        throw new Fault(`node ${String(child)} is a child of both node ${other} and node ${i}`);
      parents.set(child, i);
    }
  }
}

function checkPrimitives(document: unknown): void {
  for (const [i, mesh] of partsOf(document, 'meshes').entries()) {
    for (const primitive of partsOf(mesh, 'primitives')) {
      const mode = primitive['mode'] ?? 4;
      if (typeof mode !== 'number' || ![0, 1, 2, 3, 4, 5, 6].includes(mode))
        throw new Fault(`mesh ${i} has a primitive of mode ${JSON.stringify(mode).slice(0, 20)}; the modes are 0 to 6`);
    }
  }
}

/** Every property with an `index` in a material refers to a texture; see glTF 2.0's `textureInfo`. */
function checkMaterials(document: unknown): void {
  for (const [i, material] of partsOf(document, 'materials').entries()) {
    const groups = [
      material,
      partOf(material, 'pbrMetallicRoughness'),
      ...Object.values(partOf(material, 'extensions')),
    ];
    for (const group of groups) {
      if (!isPart(group)) continue;
      for (const [key, value] of Object.entries(group)) {
        if (key.endsWith('Texture') && isPart(value)) {
          if (value['index'] === undefined) throw new Fault(`the ${key} of material ${i} names no texture`);
          const coordinates =
            partOf(partOf(value, 'extensions'), 'KHR_texture_transform')['texCoord'] ?? value['texCoord'] ?? 0;
          if (typeof coordinates !== 'number' || ![0, 1, 2, 3].includes(coordinates))
            throw new Fault(
              `material ${i} uses texture coordinates ${JSON.stringify(coordinates).slice(0, 20)}; 0 to 3 can be rendered`,
            );
        }
        if (key.endsWith('Factor') && Array.isArray(value)) checkNumbers(`the ${key} of material ${i}`, value, [3, 4]);
      }
    }
  }
}

const IMAGE_EXTENSIONS = ['KHR_texture_basisu', 'EXT_texture_webp', 'EXT_texture_avif'];

function checkTextures(document: unknown): void {
  for (const [i, texture] of partsOf(document, 'textures').entries()) {
    checkIndex(`texture ${i}`, 'sampler', texture['sampler'], listOf(document, 'samplers').length);
    const extensions = partOf(texture, 'extensions');
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
      throw new Fault(
        `light ${i} is of type ${JSON.stringify(type)?.slice(0, 30) ?? 'none'}; lights are directional, point or spot`,
      );
    checkNumbers(`the color of light ${i}`, color, [3]);
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

import {
  checkChoice,
  checkNumber,
  checkNumbers,
  extensionsOf,
  Fault,
  isPart,
  type Part,
  partOf,
  shown,
} from './gltf-parts';

/** Names of the properties that are lists of so many numbers; `numbers` are single ones. */
interface Values {
  readonly lists?: Readonly<Record<string, number>>;
  readonly numbers?: readonly string[];
}

/** Properties of a material's own group, by its name; the empty one is the material itself. */
const CORE: Readonly<Record<string, Values>> = {
  '': { lists: { emissiveFactor: 3 }, numbers: ['alphaCutoff'] },
  pbrMetallicRoughness: { lists: { baseColorFactor: 4 }, numbers: ['metallicFactor', 'roughnessFactor'] },
};

/** Properties of the material extensions that are rendered. */
const EXTENSIONS: Readonly<Record<string, Values>> = {
  EXT_materials_bump: { numbers: ['bumpFactor'] },
  KHR_materials_anisotropy: { numbers: ['anisotropyStrength', 'anisotropyRotation'] },
  KHR_materials_clearcoat: { numbers: ['clearcoatFactor', 'clearcoatRoughnessFactor'] },
  KHR_materials_diffuse_roughness: { numbers: ['diffuseRoughnessFactor'] },
  KHR_materials_dispersion: { numbers: ['dispersion'] },
  KHR_materials_emissive_strength: { numbers: ['emissiveStrength'] },
  KHR_materials_ior: { numbers: ['ior'] },
  KHR_materials_iridescence: {
    numbers: ['iridescenceFactor', 'iridescenceIor', 'iridescenceThicknessMinimum', 'iridescenceThicknessMaximum'],
  },
  KHR_materials_pbrSpecularGlossiness: {
    lists: { diffuseFactor: 4, specularFactor: 3 },
    numbers: ['glossinessFactor'],
  },
  KHR_materials_sheen: { lists: { sheenColorFactor: 3 }, numbers: ['sheenRoughnessFactor'] },
  KHR_materials_specular: { lists: { specularColorFactor: 3 }, numbers: ['specularFactor'] },
  KHR_materials_transmission: { numbers: ['transmissionFactor'] },
  // Not attenuationDistance: exporters of JavaScript write null where it is infinite.
  KHR_materials_volume: { lists: { attenuationColor: 3 }, numbers: ['thicknessFactor'] },
};

/**
 * @param where names the material in a clause
 * @throws Fault
 */
export function checkMaterial(material: Part, where: string): void {
  checkChoice(`the alphaMode of ${where}`, material['alphaMode'], ['OPAQUE', 'MASK', 'BLEND']);
  const extensions = extensionsOf(where, material);
  const pbr = material['pbrMetallicRoughness'];
  if (pbr !== undefined && !isPart(pbr)) throw new Fault(`the pbrMetallicRoughness of ${where} is not an object`);
  checkGroup(material, CORE['']!, where);
  checkGroup(pbr ?? {}, CORE['pbrMetallicRoughness']!, where);
  for (const [name, extension] of Object.entries(extensions))
    if (isPart(extension)) checkGroup(extension, Object.hasOwn(EXTENSIONS, name) ? EXTENSIONS[name]! : {}, where);
}

function checkGroup(group: Part, { lists = {}, numbers = [] }: Values, where: string): void {
  for (const [key, length] of Object.entries(lists)) checkNumbers(`the ${key} of ${where}`, group[key], [length]);
  for (const key of numbers) checkNumber(`the ${key} of ${where}`, group[key]);
  for (const [key, value] of Object.entries(group))
    if (key.endsWith('Texture') && isPart(value)) checkTexture(value, key, where);
}

/** See glTF 2.0's `textureInfo`. @param key of a property, such as `normalTexture` */
function checkTexture(texture: Part, key: string, where: string): void {
  if (texture['index'] === undefined) throw new Fault(`the ${key} of ${where} names no texture`);
  const transform = partOf(extensionsOf(`the ${key} of ${where}`, texture), 'KHR_texture_transform');
  const coordinates = transform['texCoord'] ?? texture['texCoord'] ?? 0;
  if (typeof coordinates !== 'number' || ![0, 1, 2, 3].includes(coordinates))
    throw new Fault(`${where} uses texture coordinates ${shown(coordinates)}; 0 to 3 can be rendered`);
  for (const name of ['offset', 'scale']) checkNumbers(`the ${name} of the ${key} of ${where}`, transform[name], [2]);
  checkNumber(`the rotation of the ${key} of ${where}`, transform['rotation']);
  // Of a normal texture and of an occlusion texture.
  checkNumber(`the scale of the ${key} of ${where}`, texture['scale']);
  checkNumber(`the strength of the ${key} of ${where}`, texture['strength']);
}

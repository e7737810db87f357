import type { GltfJson } from './gltf-container';

const EXTENSION = 'KHR_materials_pbrSpecularGlossiness';
/** High enough for a surface to reflect exactly its specular colour, unaffected by refraction. */
const MIRROR_IOR = 1_000;

/** Those with images that can be read, in three.js's order. */
const IMAGE_EXTENSIONS = ['KHR_texture_basisu', 'EXT_texture_webp', 'EXT_texture_avif'];

/** Marks an image derived from another one's glossiness: roughness = 1 − alpha × factor. */
export const GLOSSINESS = 'framegauge_glossiness';

/**
 * Converts materials of the archived extension KHR_materials_pbrSpecularGlossiness to metal-rough ones with
 * KHR_materials_ior and KHR_materials_specular, like glTF Transform's `metalRough`: with no metalness and a very high
 * refractive index, a surface reflects exactly its specular colour.
 */
export function convertSpecularGlossiness(json: GltfJson): void {
  for (const material of json['materials'] ?? []) {
    const source = material.extensions?.[EXTENSION];
    if (!source) continue;
    const { [EXTENSION]: _, ...extensions } = material.extensions;
    const glossiness: number = source.glossinessFactor ?? 1;
    const texture = source.specularGlossinessTexture;
    material.pbrMetallicRoughness = {
      baseColorFactor: source.diffuseFactor ?? [1, 1, 1, 1],
      ...(source.diffuseTexture && { baseColorTexture: source.diffuseTexture }),
      metallicFactor: 0,
      roughnessFactor: texture ? 1 : 1 - glossiness,
      ...(texture && {
        metallicRoughnessTexture: { ...texture, index: addRoughness(json, texture.index, glossiness) },
      }),
    };
    material.extensions = {
      ...extensions,
      KHR_materials_ior: { ior: MIRROR_IOR },
      KHR_materials_specular: {
        specularFactor: 1,
        specularColorFactor: source.specularFactor ?? [1, 1, 1],
        ...(texture && { specularColorTexture: texture }),
      },
    };
  }
}

/** @returns the index of a copy of a texture that uses the roughness derived from its image */
function addRoughness(json: GltfJson, index: number, factor: number): number {
  const texture = json['textures'][index];
  const extended = IMAGE_EXTENSIONS.map((name) => texture.extensions?.[name]?.source);
  const image = json['images'][extended.find((source) => source !== undefined) ?? texture.source];
  json['images'].push({ ...image, [GLOSSINESS]: factor });
  const { extensions: _, ...rest } = texture;
  json['textures'].push({ ...rest, source: json['images'].length - 1 });
  return json['textures'].length - 1;
}

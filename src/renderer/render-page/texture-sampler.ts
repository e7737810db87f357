import {
  ClampToEdgeWrapping,
  LinearFilter,
  LinearMipmapLinearFilter,
  LinearMipmapNearestFilter,
  MirroredRepeatWrapping,
  NearestFilter,
  NearestMipmapLinearFilter,
  NearestMipmapNearestFilter,
  RepeatWrapping,
  type Texture,
} from 'three';
import type { GltfJson } from './gltf-container';

/** OpenGL's constants (glTF 2.0, section 3.8.4.2). */
const MIN_FILTERS = {
  9728: NearestFilter,
  9729: LinearFilter,
  9984: NearestMipmapNearestFilter,
  9985: LinearMipmapNearestFilter,
  9986: NearestMipmapLinearFilter,
  9987: LinearMipmapLinearFilter,
} as const;
const WRAPPINGS = { 33071: ClampToEdgeWrapping, 33648: MirroredRepeatWrapping, 10497: RepeatWrapping } as const;

/** Filters and repeats a texture as a sampler of a document says. */
export function applySampler(texture: Texture, sampler: GltfJson): void {
  texture.magFilter = sampler['magFilter'] === 9728 ? NearestFilter : LinearFilter;
  texture.minFilter = MIN_FILTERS[sampler['minFilter'] as keyof typeof MIN_FILTERS] ?? LinearMipmapLinearFilter;
  texture.wrapS = WRAPPINGS[sampler['wrapS'] as keyof typeof WRAPPINGS] ?? RepeatWrapping;
  texture.wrapT = WRAPPINGS[sampler['wrapT'] as keyof typeof WRAPPINGS] ?? RepeatWrapping;
  const needsMipmaps = texture.minFilter !== NearestFilter && texture.minFilter !== LinearFilter;
  const compressed = 'isCompressedTexture' in texture;
  texture.generateMipmaps = needsMipmaps && !compressed;
  // A texture whose filter requires mipmaps but has none would be black.
  if (compressed && needsMipmaps && texture.mipmaps!.length <= 1) texture.minFilter = LinearFilter;
}

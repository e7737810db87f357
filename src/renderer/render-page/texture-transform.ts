import type { Texture } from 'three';

/** KHR_texture_transform. */
export interface TextureTransform {
  offset: [number, number];
  /** In radians, counter-clockwise. */
  rotation: number;
  scale: [number, number];
}

const transforms = new WeakMap<Texture, TextureTransform>();

/**
 * Transforms a texture; omitted properties are unchanged. The extension rotates before it scales, the opposite of
 * three.js, so the matrix is computed here.
 */
export function transformTexture(texture: Texture, change: Partial<TextureTransform>): void {
  const transform = {
    ...(transforms.get(texture) ?? { offset: [0, 0], rotation: 0, scale: [1, 1] }),
    ...change,
  } satisfies TextureTransform;
  transforms.set(texture, transform);
  const [x, y] = transform.offset;
  const [width, height] = transform.scale;
  const [cos, sin] = [Math.cos(transform.rotation), Math.sin(transform.rotation)];
  texture.matrixAutoUpdate = false;
  texture.matrix.set(width * cos, height * sin, x, -width * sin, height * cos, y, 0, 0, 1);
}

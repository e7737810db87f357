import { Texture, type CompressedTexture, type DataTexture } from 'three';
import type { KTX2Loader } from 'three/examples/jsm/loaders/KTX2Loader.js';
import { failureOf, quoted, RenderFailure } from './render-failure';

/** An image of a scene. */
export interface SceneImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its name in a sentence: `The image “wood.png”`. */
  readonly subject: string;
}

type Kind = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/avif' | 'image/ktx2';

/** Detects a file's format by its first bytes. Names and declared types are often wrong, and no decoder needs them. */
function kindOf(bytes: Uint8Array): Kind | { readonly other: string } {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
  if (text.startsWith('ftypavif', 4) || text.startsWith('ftypavis', 4) || text.startsWith('ftypmif1', 4))
    return 'image/avif';
  if (text.startsWith('\xabKTX 20\xbb')) return 'image/ktx2';
  const known = (
    [
      ['GIF8', 'GIF'],
      ['BM', 'BMP'],
      ['DDS ', 'DDS'],
      ['II*\0', 'TIFF'],
      ['MM\0*', 'TIFF'],
      ['\x76\x2f\x31\x01', 'OpenEXR'],
      ['#?RADIANCE', 'Radiance HDR'],
      ['8BPS', 'Photoshop'],
      ['\xabKTX 11', 'KTX 1'],
      ['sB', 'Basis'],
    ] as const
  ).find(([start]) => text.startsWith(start));
  return { other: known?.[1] ?? (/^\s*(?:<\?xml|<svg)/.test(text) ? 'SVG' : '') };
}

/**
 * Creates a texture from an image's bytes, whatever type the file declares. Colour profiles and orientation tags are
 * ignored, as glTF 2.0 requires in section 3.8.3: texture coordinates refer to the stored pixels.
 *
 * @throws RenderFailure, final, which names the image
 */
export async function decodeImage({ bytes, subject }: SceneImage, ktx2: KTX2Loader): Promise<Texture> {
  const kind = kindOf(bytes);
  if (typeof kind === 'object') {
    throw new RenderFailure(
      kind.other === ''
        ? `${subject} is damaged or of a kind that cannot be read: give it as PNG, JPEG, WebP, AVIF or KTX 2.`
        : `${subject} is a ${kind.other} file, which glTF does not know: give it as PNG, JPEG, WebP, AVIF or KTX 2.`,
      true,
    );
  }
  if (kind === 'image/ktx2') return decodeKtx2(bytes, subject, ktx2);
  const texture = new Texture(await decodeBitmap(bytes, kind, subject));
  texture.needsUpdate = true;
  return texture;
}

async function decodeBitmap(bytes: Uint8Array<ArrayBuffer>, type: Kind, subject: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([withoutOrientation(bytes, type)], { type }), {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
  } catch {
    throw new RenderFailure(
      `${subject} is damaged, or larger than this machine can decode: save or copy it again.`,
      true,
    );
  }
}

/** Bytes of the header's part that {@link decodeKtx2} reads. */
const KTX2_HEADER = 28;

async function decodeKtx2(bytes: Uint8Array<ArrayBuffer>, subject: string, loader: KTX2Loader): Promise<Texture> {
  if (bytes.length < KTX2_HEADER) throw new RenderFailure(`${subject} is damaged: save or copy it again.`, true);
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  // KTX 2.0, section 3. A vkFormat of 0 is Basis Universal, the only one that KHR_texture_basisu allows.
  const [isBasis, width, height] = [
    header.getUint32(12, true) === 0,
    header.getUint32(20, true),
    header.getUint32(24, true),
  ];
  if (isBasis && (width % 4 !== 0 || height % 4 !== 0))
    throw new RenderFailure(
      `${subject} has ${width} × ${height} pixels; the sides of a Basis Universal texture are multiples of four: resize it and convert it again.`,
      true,
    );
  let texture: CompressedTexture | DataTexture;
  try {
    texture = await new Promise((resolve, reject) => {
      loader.parse(bytes.slice().buffer, resolve, reject);
    });
  } catch (error) {
    throw failureOf(error, `${subject} cannot be decoded`, true);
  }
  if (
    !('isCompressedTexture' in texture || 'isDataTexture' in texture) ||
    'isCompressedArrayTexture' in texture ||
    'isCompressedCubeTexture' in texture
  ) {
    throw new RenderFailure(`${subject} is a stack of images, where a single one is needed.`, true);
  }
  if (!isBasis && 'isCompressedTexture' in texture)
    throw new RenderFailure(
      `${subject} holds pixels for one kind of graphics card, which others cannot draw: convert it to Basis Universal.`,
      true,
    );
  return texture;
}

/**
 * Converts glossiness to roughness: 1 − alpha × factor in the green channel, where glTF stores roughness.
 *
 * @param texture decoded from an image of KHR_materials_pbrSpecularGlossiness
 */
export async function roughnessOf(texture: Texture, factor: number, subject: string): Promise<Texture> {
  if (!(texture.image instanceof ImageBitmap))
    throw new RenderFailure(
      `${subject} holds glossiness in a compressed form, which cannot be converted: export it with metal and roughness.`,
      true,
    );
  const { width, height } = texture.image;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(texture.image, 0, 0);
  texture.image.close();
  // A canvas premultiplies colours with alpha and loses precision, but only alpha is needed.
  const pixels = context.getImageData(0, 0, width, height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    pixels.data[at + 1] = 255 - pixels.data[at + 3]! * factor;
    pixels.data[at] = pixels.data[at + 2] = 0;
    pixels.data[at + 3] = 255;
  }
  const roughness = new Texture(
    await createImageBitmap(pixels, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' }),
  );
  roughness.needsUpdate = true;
  return roughness;
}

/** A copy whose Exif data, and thus orientation, no decoder finds. */
function withoutOrientation(bytes: Uint8Array<ArrayBuffer>, type: Kind): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const rename = (at: number, name: string, as: string): void => {
    if ([...name].every((letter, i) => copy[at + i] === letter.charCodeAt(0)))
      for (let i = 0; i < as.length; i++) copy[at + i] = as.charCodeAt(i);
  };
  if (type === 'image/jpeg') {
    // Segments of marker and length up to the scan (ITU T.81, annex B).
    for (
      let at = 2;
      at + 10 < copy.length && copy[at] === 0xff && copy[at + 1] !== 0xda;
      at += 2 + view.getUint16(at + 2)
    )
      if (copy[at + 1] === 0xe1) rename(at + 4, 'Exif', 'None');
  } else if (type === 'image/png') {
    // The chunk's checksum is wrong afterwards, so decoders skip it as damaged.
    for (let at = 8; at + 12 <= copy.length; at += 12 + view.getUint32(at)) rename(at + 4, 'eXIf', 'noNe');
  } else if (type === 'image/webp') {
    for (
      let at = 12;
      at + 8 <= copy.length;
      at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1)
    )
      rename(at, 'EXIF', 'NONE');
  }
  return copy;
}

/** Names an image by its file, else by its name, else by its index in the document. */
export function imageSubject(image: { readonly uri?: unknown; readonly name?: unknown }, index: number): string {
  if (typeof image.uri === 'string' && !/^data:/i.test(image.uri)) return `The image ${quoted(image.uri)}`;
  return typeof image.name === 'string' && image.name !== ''
    ? `The image ${quoted(image.name)} inside the scene file`
    : `Image ${index} inside the scene file`;
}

import { z } from 'zod';

/** Longest side and most layers of a linear image that are sent and taken. */
const LARGEST_SIDE = 1 << 24;
export const MOST_LAYERS = 500;
/** Most pixels that are taken: 128 MB of samples. */
const MOST_PIXELS = 1 << 24;
/** Most bytes of the description in front of the samples. */
const LONGEST_HEAD = 1 << 18;

const side = z.int().min(1).max(LARGEST_SIDE);
const headSchema = z.strictObject({
  width: side,
  height: side,
  /** Of the layer in the file, of which this may be a smaller version. */
  fullWidth: side,
  fullHeight: side,
  /** As `ViewLayer.Combined`; '' for channels without one. */
  layer: z.string().max(512),
  /** All layers that can be shown. */
  layers: z.array(z.string().max(512)).max(MOST_LAYERS),
});

/** A picture in scene-linear light. */
export interface LinearImage extends z.infer<typeof headSchema> {
  /** RGBA as half floats, alpha premultiplied, top row first. */
  readonly samples: Uint16Array<ArrayBuffer>;
}

/**
 * As it goes from host to page: the length of a description, 32 bits, the description as JSON, padded with spaces to
 * four bytes, and the samples. All numbers are little-endian.
 */
export function encodeLinearImage({ samples, ...head }: LinearImage): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const length = Math.ceil(json.length / 4) * 4;
  const bytes = new Uint8Array(4 + length + samples.byteLength);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.fill(0x20, 4, 4 + length);
  bytes.set(json, 4);
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 4 + length);
  return bytes;
}

/** @returns null for what is no such image */
export function decodeLinearImage(bytes: ArrayBuffer): LinearImage | null {
  if (bytes.byteLength < 4) return null;
  const length = new DataView(bytes).getUint32(0, true);
  if (length > LONGEST_HEAD || length % 4 !== 0 || 4 + length > bytes.byteLength) return null;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  } catch {
    return null;
  }
  const head = headSchema.safeParse(json);
  if (!head.success) return null;
  const { width, height } = head.data;
  if (width * height > MOST_PIXELS || bytes.byteLength !== 4 + length + width * height * 8) return null;
  return { ...head.data, samples: new Uint16Array(bytes, 4 + length) };
}

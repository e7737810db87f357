import { withoutPadding } from '../../shared/without-padding';
import { RenderFailure } from './render-failure';

/** A glTF document as parsed by JSON.parse: only what `findGltfFault` has checked can be relied on. */
// oxlint-disable-next-line typescript/no-explicit-any -- three.js's loader takes it as it is, too.
export type GltfJson = Record<string, any>;

export interface GltfContainer {
  readonly json: GltfJson;
  /** The binary chunk; null where there is none. */
  readonly bin: Uint8Array<ArrayBuffer> | null;
}

/** Magic number and chunk types, little-endian (glTF 2.0, section 4.4). */
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

/** Parses a .glb or .gltf. @throws RenderFailure, final */
export function readContainer(bytes: ArrayBuffer): GltfContainer {
  const view = new DataView(bytes);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== MAGIC)
    return { json: parse(new Uint8Array(bytes)), bin: null };
  let json: GltfJson | null = null;
  let bin: Uint8Array<ArrayBuffer> | null = null;
  const end = Math.min(view.getUint32(8, true), bytes.byteLength);
  for (let at = 12; at + 8 <= end;) {
    const length = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    if (at + 8 + length > end)
      throw new RenderFailure(
        'The scene file is damaged: one of its chunks is longer than the file. Export or copy it again.',
        true,
      );
    const chunk = new Uint8Array(bytes, at + 8, length);
    if (type === JSON_CHUNK) json ??= parse(chunk);
    else if (type === BIN_CHUNK) bin ??= chunk;
    at += 8 + length;
  }
  if (!json) throw new RenderFailure('The scene file is damaged: it has no JSON in it. Export or copy it again.', true);
  return { json, bin };
}

function parse(bytes: Uint8Array): GltfJson {
  let value: unknown;
  try {
    // Some exporters pad a chunk with zeros instead of spaces. TextDecoder strips a byte order mark.
    value = JSON.parse(withoutPadding(new TextDecoder().decode(bytes)));
  } catch {
    throw new RenderFailure('The scene file is damaged: its JSON cannot be read. Export or copy it again.', true);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RenderFailure('The scene file is not a glTF document. Export or copy it again.', true);
  return value;
}

import type { GltfDocument } from './gltf-document';

/** Reads bytes from one of the document's buffers; null where unavailable. */
export type BufferReader = (buffer: number, offset: number, length: number) => Promise<Buffer | null>;

const FLOAT = 5126;

/**
 * Length of each animation in a document, in seconds: it ends with its last key. That is read from the data, as the
 * render page does; the maximum that a document states (glTF 2.0, section 3.11) may be wrong, and counts only where the
 * data cannot be read without decoding them.
 *
 * @returns in the document's order; null where unknown
 */
export async function animationLengths(document: GltfDocument, read: BufferReader): Promise<(number | null)[]> {
  const ends = new Map<number, number | null>();
  const lengths: (number | null)[] = [];
  for (const { samplers } of document.animations ?? []) {
    let length: number | null = 0;
    for (const { input } of samplers) {
      let end = ends.get(input);
      if (end === undefined) ends.set(input, (end = await lastTime(document, input, read)));
      length = length === null || end === null ? null : Math.max(length, end);
    }
    lengths.push(length);
  }
  return lengths;
}

async function lastTime(document: GltfDocument, input: number, read: BufferReader): Promise<number | null> {
  const accessor = document.accessors![input]!;
  const end = (await storedTime(document, accessor, read)) ?? accessor.max?.[0];
  return end === undefined || !Number.isFinite(end) ? null : Math.max(0, end);
}

/** The last key as stored; null where it cannot be read. */
async function storedTime(
  document: GltfDocument,
  accessor: NonNullable<GltfDocument['accessors']>[number],
  read: BufferReader,
): Promise<number | null> {
  if (accessor.componentType !== FLOAT || accessor.type !== 'SCALAR' || accessor.sparse) return null;
  // Without data, all values are 0 (section 3.6.2.3).
  if (accessor.bufferView === undefined) return 0;
  const view = document.bufferViews![accessor.bufferView]!;
  // Its data would have to be decompressed first.
  if (view.extensions && Object.keys(view.extensions).length > 0) return null;
  const at = view.byteOffset + accessor.byteOffset + (accessor.count - 1) * (view.byteStride ?? 4);
  const bytes = await read(view.buffer, at, 4);
  return bytes?.length === 4 ? bytes.readFloatLE(0) : null;
}

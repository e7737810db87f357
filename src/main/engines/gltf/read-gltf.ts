import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../shared/user-error';
import { externalFilesOf, type ExternalFile } from './external-files';
import { elementBytes, gltfDocumentSchema, SUPPORTED_EXTENSIONS, type GltfDocument } from './gltf-document';

/** glTF 2.0, section 4.4: magic and chunk types of a binary file, as little-endian numbers. */
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
/** More JSON than this is no scene description. */
const MAX_JSON = 512 * 1024 * 1024;

export interface GltfFile {
  readonly document: GltfDocument;
  /** Size of the scene file in bytes. */
  readonly bytes: number;
  readonly externals: readonly ExternalFile[];
  /** Images among `externals` that are not there. */
  readonly missing: readonly ExternalFile[];
}

/**
 * Reads a .glb or .gltf as far as it takes to know what it offers and whether it is whole: the binary data stays on disk.
 *
 * @param path absolute
 * @throws UserError, one sentence that names the file and what is wrong with it
 */
export async function readGltf(path: string): Promise<GltfFile> {
  const name = basename(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const info = await handle.stat();
    if (!info.isFile()) throw new UserError(`“${path}” is not a file: give a .glb or .gltf file.`);
    if (info.size === 0) throw new UserError(`“${name}” is empty: export or copy it again.`);
    const head = Buffer.alloc(Math.min(20, info.size));
    await handle.read(head, 0, head.length, 0);
    const binary = extname(path).toLowerCase() === '.glb' || (head.length >= 4 && head.readUInt32LE(0) === MAGIC);
    const { json, bin } = binary
      ? await readBinary(handle, head, info.size, name)
      : { json: await readText(handle, 0, info.size, name), bin: null };
    const document = parseDocument(json, name);
    checkDocument(document, bin, name);
    const externals = externalFilesOf(document, path);
    const missing = await checkExternals(document, externals, name);
    return { document, bytes: info.size, externals, missing };
  } catch (error) {
    throw readError(error, path);
  } finally {
    await handle?.close();
  }
}

function readError(error: unknown, path: string): unknown {
  if (error instanceof UserError) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError(`There is no file “${path}”: check its name.`);
    case 'EISDIR':
      return new UserError(`“${path}” is a folder: give a .glb or .gltf file.`);
    case 'EACCES':
    case 'EPERM':
      return new UserError(`“${path}” may not be read: give yourself the right to read it.`);
    default:
      return new UserError(`“${path}” cannot be read: ${(error as Error).message}.`);
  }
}

async function readBinary(
  handle: FileHandle,
  head: Buffer,
  size: number,
  name: string,
): Promise<{ json: string; bin: number | null }> {
  const broken = (what: string): UserError => new UserError(`“${name}” is damaged: ${what}. Export or copy it again.`);
  if (head.length < 4 || head.readUInt32LE(0) !== MAGIC)
    throw new UserError(`“${name}” is not a glTF file: it does not start with “glTF” as a .glb does.`);
  if (head.length < 20) throw broken(`it breaks off after ${size} bytes`);
  const version = head.readUInt32LE(4);
  if (version !== 2)
    throw new UserError(
      `“${name}” is glTF version ${version}, but only version 2 can be rendered: export it as glTF 2.0.`,
    );
  const length = head.readUInt32LE(8);
  if (length > size) throw broken(`it has ${size} of ${length} bytes`);
  const jsonLength = head.readUInt32LE(12);
  if (head.readUInt32LE(16) !== JSON_CHUNK) throw broken('its first chunk is not JSON');
  if (20 + jsonLength > length) throw broken('its JSON chunk is longer than the file');
  let bin: number | null = null;
  // Chunks of unknown types may follow (section 4.4.3.1).
  for (let at = 20 + jsonLength; at < length;) {
    const chunk = Buffer.alloc(8);
    if (at + 8 > length) throw broken('its last chunk breaks off');
    await handle.read(chunk, 0, 8, at);
    const chunkLength = chunk.readUInt32LE(0);
    if (at + 8 + chunkLength > length) throw broken('its last chunk is longer than the file');
    if (bin === null && chunk.readUInt32LE(4) === BIN_CHUNK) bin = chunkLength;
    at += 8 + chunkLength;
  }
  return { json: await readText(handle, 20, jsonLength, name), bin };
}

async function readText(handle: FileHandle, from: number, length: number, name: string): Promise<string> {
  if (length > MAX_JSON)
    throw new UserError(
      `“${name}” has ${Math.round(length / 1024 ** 2)} MB of JSON: export it as .glb, which keeps its data apart.`,
    );
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
    if (bytesRead === 0) throw new UserError(`“${name}” was shortened while it was read: try again.`);
    done += bytesRead;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`“${name}” is damaged: its JSON is not UTF-8 text. Export or copy it again.`);
  }
}

function parseDocument(json: string, name: string): GltfDocument {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UserError(
      `“${name}” is damaged: its JSON cannot be read (${(error as Error).message.replace(/\s+/g, ' ').slice(0, 120)}). Export or copy it again.`,
    );
  }
  const version = z.object({ asset: z.object({ version: z.string() }) }).safeParse(value);
  if (!version.success)
    throw new UserError(`“${name}” is not a glTF file: it does not say which version of glTF it is (asset.version).`);
  const { asset } = version.data;
  if (!/^2\.\d+$/.test(asset.version))
    throw new UserError(
      `“${name}” is glTF version ${asset.version.slice(0, 20)}, but only version 2 can be rendered: export it as glTF 2.0.`,
    );
  const result = gltfDocumentSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new UserError(
      `“${name}” is damaged: ${issue.path.join('.')} is not what glTF 2.0 asks for (${issue.message}). Export it again.`,
    );
  }
  return result.data;
}

/** @param bin length of the binary chunk; null where there is none */
function checkDocument(document: GltfDocument, bin: number | null, name: string): void {
  const broken = (what: string): UserError => new UserError(`“${name}” is damaged: ${what}. Export or copy it again.`);
  const required = document.extensionsRequired?.find((extension) => !SUPPORTED_EXTENSIONS.has(extension));
  if (required !== undefined)
    throw new UserError(
      `“${name}” requires the glTF extension ${required}, which cannot be rendered here: export it without.`,
    );
  const { buffers = [], bufferViews = [], accessors = [], nodes = [], scenes = [] } = document;
  if (scenes.length === 0) throw new UserError(`“${name}” has no scene in it: export it with one.`);
  if ((document.scene ?? 0) >= scenes.length) throw broken(`its scene ${document.scene} does not exist`);
  buffers.forEach((buffer, i) => {
    const fallback = Object.keys(buffer.extensions ?? {}).some((extension) =>
      extension.endsWith('_meshopt_compression'),
    );
    if (buffer.uri !== undefined) {
      const inline = inlineBytes(buffer.uri);
      if (inline !== null && inline < buffer.byteLength)
        throw broken(`buffer ${i} has ${inline} of ${buffer.byteLength} bytes`);
    } else if (i === 0 && bin !== null) {
      if (bin < buffer.byteLength) throw broken(`its binary chunk has ${bin} of ${buffer.byteLength} bytes`);
    } else if (!fallback) throw broken(`buffer ${i} has no data`);
  });
  bufferViews.forEach((view, i) => {
    const buffer = buffers[view.buffer];
    if (!buffer) throw broken(`buffer view ${i} names buffer ${view.buffer}, which does not exist`);
    if (view.byteOffset + view.byteLength > buffer.byteLength)
      throw broken(`buffer view ${i} reaches beyond its buffer`);
  });
  accessors.forEach((accessor, i) => {
    if (accessor.bufferView === undefined) return;
    const view = bufferViews[accessor.bufferView];
    if (!view) throw broken(`accessor ${i} names buffer view ${accessor.bufferView}, which does not exist`);
    // Strides can only make it longer.
    if (
      accessor.byteOffset + accessor.count * elementBytes(accessor) > view.byteLength &&
      view.extensions === undefined
    )
      throw broken(`accessor ${i} reaches beyond its buffer view`);
  });
  for (const [i, image] of (document.images ?? []).entries()) {
    if (image.uri === undefined && (image.bufferView === undefined || !bufferViews[image.bufferView]))
      throw broken(`image ${i} has no data`);
  }
  for (const [i, mesh] of (document.meshes ?? []).entries()) {
    for (const primitive of mesh.primitives) {
      for (const accessor of [
        ...Object.values(primitive.attributes),
        ...(primitive.indices === undefined ? [] : [primitive.indices]),
      ]) {
        if (!accessors[accessor]) throw broken(`mesh ${i} names accessor ${accessor}, which does not exist`);
      }
    }
  }
  for (const [i, node] of nodes.entries()) {
    if (node.mesh !== undefined && !document.meshes?.[node.mesh])
      throw broken(`node ${i} names mesh ${node.mesh}, which does not exist`);
    if (node.camera !== undefined && !document.cameras?.[node.camera])
      throw broken(`node ${i} names camera ${node.camera}, which does not exist`);
    for (const child of node.children ?? [])
      if (!nodes[child]) throw broken(`node ${i} names node ${child}, which does not exist`);
  }
  for (const [i, scene] of scenes.entries()) {
    for (const node of scene.nodes ?? [])
      if (!nodes[node]) throw broken(`scene ${i} names node ${node}, which does not exist`);
  }
  for (const [i, animation] of (document.animations ?? []).entries()) {
    for (const sampler of animation.samplers)
      if (!accessors[sampler.input] || !accessors[sampler.output])
        throw broken(`animation ${i} names an accessor that does not exist`);
    for (const channel of animation.channels) {
      if (!animation.samplers[channel.sampler]) throw broken(`animation ${i} names a sampler that does not exist`);
      if (channel.target.node !== undefined && !nodes[channel.target.node])
        throw broken(`animation ${i} names node ${channel.target.node}, which does not exist`);
    }
  }
}

/** Bytes in a base64 data URI; null for other URIs. */
function inlineBytes(uri: string): number | null {
  const match = /^data:[^,]*;base64,/i.exec(uri);
  if (!match) return null;
  const text = uri.length - match[0].length;
  return Math.floor((text * 3) / 4) - (uri.endsWith('==') ? 2 : uri.endsWith('=') ? 1 : 0);
}

async function checkExternals(
  document: GltfDocument,
  externals: readonly ExternalFile[],
  name: string,
): Promise<ExternalFile[]> {
  const missing: ExternalFile[] = [];
  for (const file of externals) {
    const info = file.path === null ? null : await stat(file.path).catch(() => null);
    const needed = Math.max(
      0,
      ...(document.buffers ?? []).filter((buffer) => buffer.uri === file.uri).map((buffer) => buffer.byteLength),
    );
    if (!info?.isFile()) {
      if (file.kind === 'buffer')
        throw new UserError(
          `“${name}” needs “${file.uri}”, which is not there: put it beside the scene, or export as .glb.`,
        );
      missing.push(file);
    } else if (info.size < needed)
      throw new UserError(
        `“${name}” needs ${needed} bytes of “${file.uri}”, which has ${info.size}: export or copy both again.`,
      );
  }
  return missing;
}

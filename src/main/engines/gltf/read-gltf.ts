import { type FileHandle, realpath } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { z } from 'zod';
import { findGltfFault } from '../../../shared/gltf-fault';
import { UserError } from '../../../shared/user-error';
import { withoutPadding } from '../../../shared/without-padding';
import { stampOf } from '../file-stamp';
import { openRegularFile } from '../../data/open-regular-file';
import type { AllowedFile } from '../../data/allowed-folders';
import { type SceneAccess, allowedFolders } from '../../scenes/scene-access';
import { unreadableScene } from '../../scenes/unreadable-scene';
import { type BufferReader, animationLengths } from './animation-length';
import { checkDocument, damaged } from './check-document';
import { type ExternalFile, createFileFinder, referencesOf, sentenceOf } from './external-files';
import { expectationOf, gltfDocumentSchema, type GltfDocument } from './gltf-document';
import { type GltfFacts, factsOf } from './gltf-facts';
import { base64Of } from './inline-data';
import { scanJson } from '../../../shared/scan-json';
import { SCENE_LIMITS } from './scene-limits';
import { shortened } from '../../../shared/shortened';

/** glTF 2.0, section 4.4: magic and chunk types of a binary file, as little-endian numbers. */
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

/**
 * Reads a .glb or .gltf as far as needed to know its content and that it is complete; binary data is not loaded. May
 * take seconds of CPU time: the host calls it through scene-reader.ts, in a thread.
 *
 * @param path absolute
 * @throws UserError, one sentence that names the file and what is wrong with it
 */
export async function readGltf(path: string, access: SceneAccess): Promise<GltfFacts> {
  const name = basename(path);
  let handle: FileHandle | undefined;
  const files = new Map<string, AllowedFile>();
  try {
    handle = await openRegularFile(path);
    const info = await handle.stat({ bigint: true });
    const size = Number(info.size);
    if (size === 0) throw new UserError(`“${name}” is empty: export or copy it again.`);
    const head = Buffer.alloc(Math.min(20, size));
    await handle.read(head, 0, head.length, 0);
    const binary = extname(path).toLowerCase() === '.glb' || (head.length >= 4 && head.readUInt32LE(0) === MAGIC);
    const { json, bin } = binary
      ? await readBinary(handle, head, size, name)
      : { json: await readText(handle, 0, size, name), bin: null };
    const document = parseDocument(json, name);
    checkDocument(document, path, bin?.length ?? null);
    const [allowed, realPath] = await Promise.all([allowedFolders(path, access), realpath(path)]);
    const externals = await findExternals(document, path, createFileFinder(path, allowed).find, files);
    const lengths = await animationLengths(document, bufferReader(document, handle, bin, files));
    const facts = factsOf(document, name, externals, lengths);
    return { bytes: size, modifiedAt: Number(info.mtimeNs) / 1e6, stamp: stampOf(info), realPath, ...facts };
  } catch (error) {
    throw readError(error, path);
  } finally {
    await Promise.all([...files.values()].map((file) => file.handle.close()));
    await handle?.close();
  }
}

function readError(error: unknown, path: string): unknown {
  if (error instanceof UserError) return error;
  const name = basename(path);
  // A call with a million arguments, or a string of more than half a gigabyte.
  if (error instanceof RangeError)
    return new UserError(`“${name}” is too large in one of its parts to be read: split it, or export it again.`);
  // Any other error is a program fault, whose message would not help anyone.
  return unreadableScene(error, path, 'a .glb or .gltf file') ?? damaged(name, 'it is not built as glTF 2.0 asks');
}

/** Position of the binary chunk's data in the file. */
interface BinaryChunk {
  readonly offset: number;
  readonly length: number;
}

async function readBinary(
  handle: FileHandle,
  head: Buffer,
  size: number,
  name: string,
): Promise<{ json: Buffer; bin: BinaryChunk | null }> {
  if (head.length < 4 || head.readUInt32LE(0) !== MAGIC)
    throw new UserError(`“${name}” is not a glTF file: it does not start with “glTF” as a .glb does.`);
  if (head.length < 20) throw damaged(name, `it breaks off after ${size} bytes`);
  const version = head.readUInt32LE(4);
  if (version !== 2)
    throw new UserError(
      `“${name}” is glTF version ${version}, but only version 2 can be rendered: export it as glTF 2.0.`,
    );
  const length = head.readUInt32LE(8);
  if (length > size) throw damaged(name, `it has ${size} of ${length} bytes`);
  const jsonLength = head.readUInt32LE(12);
  if (head.readUInt32LE(16) !== JSON_CHUNK) throw damaged(name, 'its first chunk is not JSON');
  if (20 + jsonLength > length) throw damaged(name, 'its JSON chunk is longer than the file');
  let bin: BinaryChunk | null = null;
  let chunks = 1;
  const chunk = Buffer.alloc(8);
  // Chunks of unknown types may follow (section 4.4.3.1).
  for (let at = 20 + jsonLength; at < length;) {
    if (++chunks > SCENE_LIMITS.chunks) throw damaged(name, `it has more than ${SCENE_LIMITS.chunks} chunks`);
    if (at + 8 > length) throw damaged(name, 'its last chunk breaks off');
    await handle.read(chunk, 0, 8, at);
    const chunkLength = chunk.readUInt32LE(0);
    if (at + 8 + chunkLength > length) throw damaged(name, 'its last chunk is longer than the file');
    if (bin === null && chunk.readUInt32LE(4) === BIN_CHUNK) bin = { offset: at + 8, length: chunkLength };
    at += 8 + chunkLength;
  }
  return { json: await readText(handle, 20, jsonLength, name), bin };
}

async function readText(handle: FileHandle, from: number, length: number, name: string): Promise<Buffer> {
  if (length > SCENE_LIMITS.json)
    throw new UserError(
      `“${name}” has ${Math.round(length / 1024 ** 2)} MB of JSON, and at most ${SCENE_LIMITS.json / 1024 ** 2} MB are read: export it as .glb, which keeps its data apart.`,
    );
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
    if (bytesRead === 0) throw new UserError(`“${name}” was shortened while it was read: try again.`);
    done += bytesRead;
  }
  return bytes;
}

function parseDocument(json: Buffer, name: string): GltfDocument {
  const { values, depth } = scanJson(json, { values: SCENE_LIMITS.values, depth: SCENE_LIMITS.depth });
  if (values > SCENE_LIMITS.values)
    throw new UserError(
      `“${name}” has more than ${SCENE_LIMITS.values.toLocaleString('en')} values in its JSON: take out custom properties, or split the scene.`,
    );
  if (depth > SCENE_LIMITS.depth)
    throw damaged(name, `its JSON has more than ${SCENE_LIMITS.depth} lists and objects inside of each other`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(json);
  } catch {
    throw damaged(name, 'its JSON is not UTF-8 text');
  }
  let value: unknown;
  try {
    value = JSON.parse(withoutPadding(text));
  } catch (error) {
    // The parser's own message quotes the file, whose content may be confidential.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    throw damaged(
      name,
      `its JSON cannot be read${position === undefined ? ', it breaks off' : `: there is a mistake at character ${position}`}`,
    );
  }
  const version = z
    .object({ asset: z.object({ version: z.string(), minVersion: z.unknown().optional() }) })
    .safeParse(value);
  if (!version.success)
    throw new UserError(`“${name}” is not a glTF file: it does not say which version of glTF it is (asset.version).`);
  const { asset } = version.data;
  if (!/^2\.\d+$/.test(asset.version))
    throw new UserError(
      `“${name}” is glTF version ${shortened(asset.version)}, but only version 2 can be rendered: export it as glTF 2.0.`,
    );
  // What a file that needs no more than 2.0 has from later ones may be left out (glTF 2.0, section 3.2).
  if (typeof asset.minVersion === 'string' && asset.minVersion !== '2.0')
    throw new UserError(
      `“${name}” needs glTF version ${shortened(asset.minVersion)}, but only 2.0 can be rendered: export it as glTF 2.0.`,
    );
  const result = gltfDocumentSchema.safeParse(value, { error: expectationOf });
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw damaged(name, `${shortened(path.join('.'))} must be ${message}`);
  }
  const fault = findGltfFault(value);
  if (fault !== null) throw damaged(name, fault);
  return result.data;
}

async function findExternals(
  document: GltfDocument,
  path: string,
  find: ReturnType<typeof createFileFinder>['find'],
  files: Map<string, AllowedFile>,
): Promise<ExternalFile[]> {
  const name = basename(path);
  const references = referencesOf(document);
  if (references.length > SCENE_LIMITS.files)
    throw new UserError(
      `“${name}” refers to ${references.length.toLocaleString('en')} files, and at most ${SCENE_LIMITS.files.toLocaleString('en')} can be read: export it as .glb.`,
    );
  const needed = new Map<string, number>();
  for (const { uri, byteLength } of document.buffers ?? [])
    if (uri !== undefined) needed.set(uri, Math.max(needed.get(uri) ?? 0, byteLength));
  const externals: ExternalFile[] = [];
  for (const { uri, kind } of references) {
    const { external, file } = await find(uri, kind);
    if (kind === 'buffer' && file) files.set(uri, file);
    else await file?.handle.close();
    externals.push(external);
    if (kind !== 'buffer') continue;
    if (external.found === null) throw new UserError(sentenceOf(path, external));
    const bytes = needed.get(uri) ?? 0;
    if (external.found.bytes < bytes)
      throw new UserError(
        `“${name}” needs ${bytes} bytes of “${shortened(uri)}”, which has ${external.found.bytes}: export or copy both again.`,
      );
  }
  return externals;
}

/** Reads the document's buffers from where they are stored. */
function bufferReader(
  document: GltfDocument,
  scene: FileHandle,
  bin: BinaryChunk | null,
  files: ReadonlyMap<string, AllowedFile>,
): BufferReader {
  const readFrom = async (handle: FileHandle, offset: number, length: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, (await handle.read(bytes, 0, length, offset)).bytesRead);
  };
  const inline = new Map<number, string | null>();
  return async (index, offset, length) => {
    const { uri } = document.buffers![index]!;
    if (uri === undefined) return index === 0 && bin ? readFrom(scene, bin.offset + offset, length) : null;
    const file = files.get(uri);
    if (file) return readFrom(file.handle, offset, length);
    let text = inline.get(index);
    if (text === undefined) inline.set(index, (text = base64Of(uri)));
    if (text === null) return null;
    // Four characters encode three bytes.
    const whole = Math.floor(offset / 3);
    const bytes = Buffer.from(text.slice(whole * 4, Math.ceil((offset + length) / 3) * 4), 'base64');
    return bytes.subarray(offset - whole * 3, offset - whole * 3 + length);
  };
}

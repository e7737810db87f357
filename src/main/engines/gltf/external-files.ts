import { dirname, resolve } from 'node:path';
import type { GltfDocument } from './gltf-document';

/** A file outside the scene file that the scene needs. */
export interface ExternalFile {
  /** As the document writes it. */
  readonly uri: string;
  readonly kind: 'buffer' | 'image';
  /** Absolute path; null where the URI is not a path beside the scene (a web address, a drive, the root). */
  readonly path: string | null;
}

/** The files that a document refers to, each once, in the document's order. What it carries inside itself (data URIs) is not among them. */
export function externalFilesOf(document: GltfDocument, scene: string): ExternalFile[] {
  const files = new Map<string, ExternalFile>();
  const add = (uri: string | undefined, kind: ExternalFile['kind']): void => {
    if (uri === undefined || /^data:/i.test(uri) || files.has(uri)) return;
    files.set(uri, { uri, kind, path: pathOf(uri, scene) });
  };
  for (const buffer of document.buffers ?? []) add(buffer.uri, 'buffer');
  for (const image of document.images ?? []) add(image.uri, 'image');
  return [...files.values()];
}

/** glTF 2.0, section 2.8: URIs are relative references; `../` is allowed, a scheme, an authority or a root is not for us. */
function pathOf(uri: string, scene: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) || /^[/\\]/.test(uri) || uri.includes('\0')) return null;
  let path: string;
  try {
    path = decodeURIComponent(uri);
  } catch {
    // An exporter that did not escape a percent sign.
    path = uri;
  }
  if (path.includes('\0') || /^[/\\]/.test(path) || /^[a-z]:/i.test(path)) return null;
  return resolve(dirname(scene), path);
}

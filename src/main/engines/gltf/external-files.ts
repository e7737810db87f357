import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { NotAFileError } from '../../data/open-regular-file';
import { stampOf } from '../file-stamp';
import { isBelow } from '../../data/path-below';
import { type AllowedFile, OutsideError, isAllowed, openAllowed } from '../../data/allowed-folders';
import type { SceneFolders } from '../../scenes/scene-access';
import type { GltfDocument } from './gltf-document';
import { foldedName } from '../../../shared/folded-name';
import { shortened } from '../../../shared/shortened';

/** A file outside the scene file that the scene needs, at the time it was checked. */
export interface ExternalFile {
  /** As written in the document. */
  readonly uri: string;
  readonly kind: 'buffer' | 'image';
  /**
   * Absolute path, whether the file exists or not; null where the URI is not a path relative to the scene (a web
   * address, a drive, the root).
   */
  readonly path: string | null;
  /** The file that was found; null where unavailable. */
  readonly found: {
    readonly realPath: string;
    readonly bytes: number;
    readonly modifiedAt: number;
    readonly stamp: string;
  } | null;
  /** Why it is unavailable: what follows “The scene needs “…”, …”, a clause without a full stop. */
  readonly problem: string | null;
}

/** The references of a document, each once, in the document's order. Excludes embedded data (data URIs). */
export function referencesOf(document: GltfDocument): { uri: string; kind: ExternalFile['kind'] }[] {
  const files = new Map<string, ExternalFile['kind']>();
  const add = (uri: string | undefined, kind: ExternalFile['kind']): void => {
    if (uri !== undefined && !/^data:/i.test(uri) && !files.has(uri)) files.set(uri, kind);
  };
  for (const buffer of document.buffers ?? []) add(buffer.uri, 'buffer');
  for (const image of document.images ?? []) add(image.uri, 'image');
  return [...files].map(([uri, kind]) => ({ uri, kind }));
}

/** Finds the files one scene refers to. Folders that must be listed are listed once. */
export interface FileFinder {
  /**
   * Finds and opens a file; the caller closes it.
   *
   * @returns null in `file` where it is unavailable, with the reason in `external.problem`
   */
  find(uri: string, kind: ExternalFile['kind']): Promise<{ external: ExternalFile; file: AllowedFile | null }>;
}

/**
 * @param scene path of the scene file, absolute
 */
export function createFileFinder(scene: string, allowed: SceneFolders): FileFinder {
  const listings = new Map<string, Promise<Listing>>();
  const list = (folder: string): Promise<Listing> => {
    let listing = listings.get(folder);
    if (!listing) listings.set(folder, (listing = listingOf(folder)));
    return listing;
  };

  return {
    async find(uri, kind) {
      const candidates = pathsOf(uri).map((path) => resolve(allowed.own, path));
      const first = candidates[0];
      if (first === undefined)
        return {
          external: {
            uri,
            kind,
            path: null,
            found: null,
            problem: 'which is not a path beside it: pack it into the file or put it into the scene’s folder',
          },
          file: null,
        };
      let problem: string | null = null;
      for (const path of candidates) {
        const tried = await open(path, allowed);
        if (tried.file) return hit(uri, kind, path, tried.file);
        problem ??= tried.problem;
      }
      for (const path of candidates) {
        const { found, similar } = await otherSpelling(path, allowed, list);
        if (similar !== null)
          problem ??= `but what is there is “${shortened(relative(dirname(scene), similar))}”: rename one, capital letters count here`;
        if (found === null) continue;
        const tried = await open(found, allowed);
        if (tried.file) return hit(uri, kind, found, tried.file);
        problem ??= tried.problem;
      }
      return {
        external: {
          uri,
          kind,
          path: first,
          found: null,
          problem: problem ?? 'which is not there: put it beside the scene, or pack it into the scene file',
        },
        file: null,
      };
    },
  };
}

async function hit(
  uri: string,
  kind: ExternalFile['kind'],
  path: string,
  file: AllowedFile,
): Promise<{ external: ExternalFile; file: AllowedFile }> {
  const info = await file.handle.stat({ bigint: true });
  const found = {
    realPath: file.path,
    bytes: Number(info.size),
    modifiedAt: Number(info.mtimeNs) / 1e6,
    stamp: stampOf(info),
  };
  return { external: { uri, kind, path, found, problem: null }, file };
}

/** @returns the problem that prevents opening it; null where the file doesn't exist */
async function open(
  path: string,
  allowed: SceneFolders,
): Promise<{ file: AllowedFile; problem: null } | { file: null; problem: string | null }> {
  try {
    return { file: await openAllowed(path, allowed), problem: null };
  } catch (error) {
    return { file: null, problem: problemOf(error, path, allowed) };
  }
}

/**
 * Why a file is unavailable; null if it does not exist. Whether a file exists is revealed only within the folders a
 * scene may refer to.
 */
export function problemOf(error: unknown, path: string, allowed: SceneFolders): string | null {
  if (error instanceof NotAFileError) return 'which is not a file';
  if (error instanceof OutsideError || !isAllowed(path, allowed)) {
    return allowed.closed !== null && isBelow(path, allowed.closed)
      ? 'which lies in Framegauge’s own data folder: put it into the scene’s folder'
      : `which lies outside of the scene’s folder: put it there, or name “${shortened(dirname(path))}” in the preference render.sceneFolders`;
  }
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return null;
    case 'EACCES':
    case 'EPERM':
      return 'which may not be read: give yourself the right to read it';
    case 'ENAMETOOLONG':
      return 'whose name is longer than any file’s';
    default:
      return `which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'an error of the disk'})`;
  }
}

/**
 * Possible interpretations of a reference, most likely first, relative to the scene's folder. glTF 2.0, section 2.8:
 * URIs are relative references; `../` is allowed, a scheme, an authority or a root is not supported. Exporters forget
 * to escape percent signs, and those on Windows write backslashes.
 */
function pathsOf(uri: string): string[] {
  const paths = new Set<string>();
  for (const path of [decoded(uri), uri]) {
    paths.add(path);
    paths.add(path.replaceAll('\\', '/'));
  }
  return [uri, ...paths].every(isRelative) ? [...paths] : [];
}

function isRelative(path: string): boolean {
  return path !== '' && !path.includes('\0') && !/^[/\\]/.test(path) && !/^[a-z][a-z0-9+.-]*:/i.test(path);
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    // The exporter did not escape a percent sign.
    return uri;
  }
}

/** Names in a folder, by normalised form. */
interface Listing {
  readonly names: ReadonlySet<string>;
  readonly composed: ReadonlyMap<string, string>;
  readonly folded: ReadonlyMap<string, string>;
}

async function listingOf(folder: string): Promise<Listing> {
  const names = await readdir(folder).catch(() => []);
  // The first of several names wins.
  const by = (key: (name: string) => string): Map<string, string> =>
    new Map(names.toReversed().map((name) => [key(name), name]));
  return { names: new Set(names), composed: by((name) => name.normalize('NFC')), folded: by(foldedName) };
}

/**
 * Finds a file whose name is the same text in another Unicode normalisation form (macOS writes decomposed names, most
 * others composed), or else one that differs only in case. Searches only where the scene may refer to.
 */
async function otherSpelling(
  path: string,
  allowed: SceneFolders,
  list: (folder: string) => Promise<Listing>,
): Promise<{ found: string | null; similar: string | null }> {
  const none = { found: null, similar: null };
  const root = allowed.open.find((folder) => isBelow(path, folder));
  if (root === undefined || !isAllowed(path, allowed)) return none;
  let at = root;
  let same = true;
  for (const part of relative(root, path).split(sep)) {
    const real = await realpath(at).catch(() => null);
    if (real === null || !isAllowed(real, allowed)) return none;
    const { names, composed, folded: byFold } = await list(real);
    const name = names.has(part) ? part : composed.get(part.normalize('NFC'));
    const similar = name ?? byFold.get(foldedName(part));
    if (similar === undefined) return none;
    same &&= name !== undefined;
    at = join(at, similar);
  }
  return same ? { found: at, similar: null } : { found: null, similar: at };
}

/** The problem with a reference, as a sentence. */
export function sentenceOf(scene: string, { uri, problem }: ExternalFile): string {
  return `“${basename(scene)}” needs “${shortened(uri)}”, ${problem ?? 'which cannot be read'}.`;
}

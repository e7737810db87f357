import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { JobSettings } from '../../../shared/jobs';
import { namesIn } from './present-images';

/** A version number in a name, as studios write it: `v001`, `shot_v12`. */
const VERSION = /(?<![A-Za-z0-9])v(\d{2,4})(?![A-Za-z0-9])/;
const FIRST_NEW = 2;

/**
 * The output pattern of the next version. A version number in its name or folder is incremented (in both, if both have
 * one); otherwise images go to a subfolder `v002`.
 *
 * @param taken output patterns of jobs, whose images need not exist yet
 * @returns a pattern with a version above all existing ones
 */
export async function nextVersion(output: string, taken: Iterable<string>): Promise<string> {
  const family = versionsOf(output);
  let last = family.version;
  for (const other of taken) last = Math.max(last, family.versionIn(other) ?? 0);
  for await (const name of namesIn(family.folder))
    last = Math.max(last, family.versionIn(join(family.folder, name)) ?? 0);
  return family.output(last + 1);
}

/**
 * Where an additional file of the scene goes: along with the image, where that is a new version. Below the image's
 * folder it moves with that. Elsewhere the image's old version number, in the file's name or a folder of its own, becomes
 * the new one; a path without one gets a subfolder (`passes/v002`).
 *
 * @param file absolute; a pattern or a path
 */
export function movedWithVersion(
  file: string,
  { versionOf, output }: Pick<JobSettings, 'versionOf' | 'output'>,
): string {
  const to = versionOf === null ? null : versionIn(output);
  if (versionOf === null || to === null) return file;
  const from = versionIn(versionOf);
  const replaced = (text: string): string =>
    from === null ? text : text.replaceAll(new RegExp(VERSION, 'g'), (token) => (token === from ? to : token));
  const [old, next] = [dirname(versionOf), dirname(output)];
  const within = relative(old, file);
  if (old !== next && !leadsOut(within)) return join(next, dirname(within), replaced(basename(within)));
  let shared = dirname(file);
  while (leadsOut(relative(shared, versionOf)) && dirname(shared) !== shared) shared = dirname(shared);
  const parts = relative(shared, file).split(sep);
  const at = parts.findLastIndex((part) => replaced(part) !== part);
  if (at < 0) return join(dirname(file), to, basename(file));
  return join(shared, ...parts.map((part, i) => (i === at ? replaced(part) : part)));
}

function versionIn(output: string): string | null {
  return (VERSION.exec(basename(output)) ?? VERSION.exec(basename(dirname(output))))?.[0] ?? null;
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

interface Versions {
  /** The version number in the output itself. */
  readonly version: number;
  /** The folder that contains the versioned names. */
  readonly folder: string;
  /** The version of a path with the same prefix as these outputs; null for any other path. */
  versionIn(path: string): number | null;
  output(version: number): string;
}

function versionsOf(output: string): Versions {
  const name = basename(output);
  const folder = dirname(output);
  const found = VERSION.exec(name) ?? VERSION.exec(basename(folder));
  if (!found) return family(FIRST_NEW - 1, folder, folder + sep, '', 3, (version) => join(folder, version, name));
  const [token, digits] = [found[0], found[1]!];
  const replaced = (text: string, version: string): string =>
    text.replaceAll(new RegExp(VERSION.source.replace('(\\d{2,4})', digits), 'g'), version);
  const inFolder = VERSION.exec(basename(folder))?.[0] === token;
  const part = inFolder ? basename(folder) : name;
  const at = part.indexOf(token);
  const above = inFolder ? dirname(folder) : folder;
  const before = above + (above.endsWith(sep) ? '' : sep) + part.slice(0, at);
  // Only the part right after the version is the same in all file names.
  const after = inFolder ? part.slice(at + token.length) : '';
  return family(Number(digits), above, before, after, digits.length, (version) =>
    join(above, ...(inFolder ? [replaced(part, version)] : []), replaced(name, version)),
  );
}

function family(
  version: number,
  folder: string,
  before: string,
  after: string,
  width: number,
  output: (version: string) => string,
): Versions {
  return {
    version,
    folder,
    versionIn(path) {
      if (!path.startsWith(before)) return null;
      const match = /^v(\d{2,6})(?![A-Za-z0-9])/.exec(path.slice(before.length));
      return match && path.slice(before.length + match[0].length).startsWith(after) ? Number(match[1]) : null;
    },
    output: (next) => output(`v${String(next).padStart(width, '0')}`),
  };
}

import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { addonManifestSchema, type AddonManifest } from '../../shared/addons';
import { messageOf, UserError } from '../../shared/user-error';
import { openSized } from '../data/open-regular-file';
import { UNMATCHED } from '../preferences/pattern-match';
import { coercePreference } from '../preferences/preference-value';

/** Maximum size of an addon.json, in bytes. */
const MAX_BYTES = 256 * 1024;

/** What `files.read` may name besides preferences. */
const NAMED_FOLDERS = ['output', 'scenes'];

/**
 * Reads and validates the addon.json of a folder.
 *
 * @param hostVersion the program's version, for hostVersionMin and hostVersionMax; null accepts any
 * @param name what the user calls it
 * @throws UserError with the name and the first problem
 */
export async function readManifest(
  folder: string,
  hostVersion: string | null,
  name = basename(folder),
): Promise<AddonManifest> {
  const where = `The add-on in “${name}” cannot be used`;
  const raw = await readJson(folder, where);
  const parsed = addonManifestSchema.safeParse(withFilesAsObject(raw));
  if (!parsed.success) throw new UserError(`${where}: in its addon.json, ${firstIssue(parsed.error)}.`);
  const manifest = parsed.data;
  checkPreferences(manifest, where);
  checkFiles(manifest, where);
  const unfit = hostVersion === null ? null : problemOfHostVersion(manifest, hostVersion);
  if (unfit !== null) throw new UserError(`${where}: ${unfit}.`);
  const main = await stat(join(folder, manifest.main)).catch(() => null);
  if (!main?.isFile()) throw new UserError(`${where}: its main module “${manifest.main}” is not there.`);
  return manifest;
}

/** Why an add-on is not for a version of the program, as a clause; null where it is. */
export function problemOfHostVersion(
  {
    hostVersionMin: min,
    hostVersionMax: max,
  }: { hostVersionMin?: string | undefined; hostVersionMax?: string | undefined },
  hostVersion: string,
): string | null {
  // A pre-release of the program has what its release will have.
  const host = numbersOf(hostVersion);
  if (min !== undefined && compareVersions(host, numbersOf(min)) < 0)
    return `it needs Framegauge ${min} or later, and this is ${hostVersion}`;
  if (max !== undefined && compareVersions(host, numbersOf(max)) > 0)
    return `it was made for Framegauge up to ${max}, and this is ${hostVersion}`;
  return null;
}

async function readJson(folder: string, where: string): Promise<unknown> {
  let text: string;
  try {
    const { handle: file, size } = await openSized(join(folder, 'addon.json'));
    try {
      if (size > MAX_BYTES)
        throw new UserError(`${where}: its addon.json has ${size} bytes; at most ${MAX_BYTES} are read.`);
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof UserError
      ? error
      : new UserError(`${where}: its addon.json cannot be read (${messageOf(error)}).`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${where}: its addon.json is not JSON${placeOf(error)}.`);
  }
}

/** The position at which JSON.parse failed; its own message quotes the file, which may contain anything. */
function placeOf(error: unknown): string {
  const position = /position (\d+)/.exec((error as SyntaxError).message)?.[1];
  return position === undefined ? '' : ` (at character ${Number(position) + 1})`;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const path = z.core.toDotPath(issue.path);
  return `${path ? `“${path}” is wrong: ` : ''}${issue.message}`;
}

function checkPreferences(manifest: AddonManifest, where: string): void {
  const keys = new Set<string>();
  for (const preference of manifest.preferences) {
    if (keys.has(preference.key))
      throw new UserError(`${where}: its addon.json declares the preference “${preference.key}” twice.`);
    keys.add(preference.key);
    try {
      coercePreference(preference, preference.default, UNMATCHED);
    } catch (error) {
      throw new UserError(
        `${where}: the default of its preference “${preference.key}” is not allowed. ${messageOf(error)}`,
      );
    }
  }
}

/** Earlier manifests gave only a reason for `files`, a text, which names no folder. */
function withFilesAsObject(raw: unknown): unknown {
  const permissions = (raw as { permissions?: { files?: unknown } } | null)?.permissions;
  return typeof permissions?.files === 'string'
    ? { ...(raw as object), permissions: { ...permissions, files: { reason: permissions.files } } }
    : raw;
}

function checkFiles({ permissions: { files }, preferences }: AddonManifest, where: string): void {
  if (!files) return;
  const paths = preferences.filter(({ type }) => type === 'path').map(({ key }) => key);
  for (const [field, names] of [
    ['read', [...NAMED_FOLDERS, ...paths]],
    ['write', paths],
  ] as const)
    for (const name of files[field])
      if (!names.includes(name))
        throw new UserError(
          `${where}: its permission “files” names “${name}” in “${field}”, which can name ${names.length > 0 ? names.join(', ') : 'only preferences of type path, of which it has none'}.`,
        );
}

/**
 * Compares by the precedence of Semantic Versioning (https://semver.org/#spec-item-11).
 *
 * @returns a negative number, 0 or a positive one, as `a` is older than, equal to or newer than `b`
 */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a).split('.').map(Number);
  const right = numbersOf(b).split('.').map(Number);
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return (left[i] ?? 0) - (right[i] ?? 0);
  return comparePreReleases(preReleaseOf(a), preReleaseOf(b));
}

const numbersOf = (version: string): string => version.split(/[-+]/, 1)[0]!;

/** `['beta', '2']` of `1.0.0-beta.2+build`; null of a release. */
function preReleaseOf(version: string): string[] | null {
  const whole = version.split('+', 1)[0]!;
  const start = whole.indexOf('-');
  return start < 0 ? null : whole.slice(start + 1).split('.');
}

function comparePreReleases(left: string[] | null, right: string[] | null): number {
  // A release is newer than its pre-releases.
  if (!left || !right) return Number(left === null) - Number(right === null);
  for (const [i, one] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && otherIsNumber) return Number(one) - Number(other);
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { addonManifestSchema, type AddonManifest } from '../../shared/addons';
import { messageOf, UserError } from '../../shared/user-error';
import { coercePreference } from './preference-value';

/** The largest addon.json that is read, in bytes. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads and checks the addon.json of a folder.
 *
 * @param hostVersion of the program, for hostVersionMin and hostVersionMax
 * @throws UserError naming the folder and the first thing that is wrong
 */
export async function readManifest(folder: string, hostVersion: string): Promise<AddonManifest> {
  const where = `The add-on in “${basename(folder)}” cannot be used`;
  const raw = await readJson(folder, where);
  const parsed = addonManifestSchema.safeParse(raw);
  if (!parsed.success) throw new UserError(`${where}: in its addon.json, ${firstIssue(parsed.error)}.`);
  const manifest = parsed.data;
  checkPreferences(manifest, where);
  if (manifest.hostVersionMin !== undefined && compareVersions(hostVersion, manifest.hostVersionMin) < 0) {
    throw new UserError(
      `${where}: it needs Framegauge ${manifest.hostVersionMin} or later, and this is ${hostVersion}.`,
    );
  }
  if (manifest.hostVersionMax !== undefined && compareVersions(hostVersion, manifest.hostVersionMax) > 0) {
    throw new UserError(
      `${where}: it was made for Framegauge up to ${manifest.hostVersionMax}, and this is ${hostVersion}.`,
    );
  }
  const main = await stat(join(folder, manifest.main)).catch(() => null);
  if (!main?.isFile()) throw new UserError(`${where}: its main module “${manifest.main}” is not there.`);
  return manifest;
}

async function readJson(folder: string, where: string): Promise<unknown> {
  let text: string;
  try {
    const file = await open(join(folder, 'addon.json'));
    try {
      const { size } = await file.stat();
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
    throw new UserError(`${where}: its addon.json is not JSON (${messageOf(error)}).`);
  }
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
    // The default "" of a text says that nothing is set yet, whatever the pattern asks for.
    if (preference.default === '' && preference.type !== 'enum') continue;
    try {
      coercePreference(preference, preference.default);
    } catch (error) {
      throw new UserError(
        `${where}: the default of its preference “${preference.key}” is not allowed. ${messageOf(error)}`,
      );
    }
  }
}

/** @returns below, at or above 0 as `a` is before, the same as or after `b`; only the three numbers count */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => version.split(/[-+]/, 1)[0]!.split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return (left[i] ?? 0) - (right[i] ?? 0);
  return 0;
}

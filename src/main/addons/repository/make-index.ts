import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type IndexEntry, indexEntrySchema, MAX_INDEX, type RepositoryIndex } from '../../../shared/addon-repositories';
import { UserError } from '../../../shared/user-error';
import { readRegularFile } from '../../data/open-regular-file';
import { writeFileAtomically } from '../../data/write-file-atomically';
import { requestsOf } from '../consent';
import { stageAddon } from '../install/stage-addon';
import { compareVersions } from '../manifest';
import { parseIndex } from './read-index';

export interface MadeIndex {
  /** Absolute path of the index.json. */
  readonly file: string;
  readonly index: RepositoryIndex;
}

/**
 * Makes a folder with the .zip files of add-ons a repository, by writing or renewing its index.json. Name and block list
 * of an index that is there already are kept.
 *
 * @throws UserError when one of the files could not be installed or be in an index, or two have the same id and version;
 * nothing is written then
 */
export async function makeIndex(folder: string): Promise<MadeIndex> {
  const names = await readdir(folder).catch(() => {
    throw new UserError(
      `There is no folder ${folder}: give the one that the .zip files of the add-ons are in.`,
      'not-found',
    );
  });
  const file = join(folder, 'index.json');
  const before = await keptOf(file);
  const addons: IndexEntry[] = [];
  for (const name of names.filter((each) => each.toLowerCase().endsWith('.zip')).sort()) {
    const entry = await entryOf(folder, name);
    const problem = problemOf(entry);
    if (problem !== null)
      throw new UserError(`“${name}” cannot be in an index, which every host would refuse whole: ${problem}.`);
    const twin = addons.find((other) => other.id === entry.id && other.version === entry.version);
    if (twin)
      throw new UserError(`“${twin.file}” and “${name}” are both ${entry.id} ${entry.version}: take one of them away.`);
    addons.push(entry);
  }
  addons.sort((a, b) => a.id.localeCompare(b.id) || compareVersions(b.version, a.version));
  const index: RepositoryIndex = { schemaVersion: 1, ...before, addons };
  const bytes = Buffer.from(`${JSON.stringify(index, null, 2)}\n`);
  if (bytes.length > MAX_INDEX)
    throw new UserError(
      `The index would have ${bytes.length} bytes, and hosts read ${MAX_INDEX}: take older versions away.`,
    );
  parseIndex(bytes, `The index of ${folder} cannot be written`);
  // It is read by everybody who can reach the folder.
  await writeFileAtomically(file, bytes, 0o644);
  return { file, index };
}

/** Why an entry cannot be read again, as a clause; null where it can. */
function problemOf(entry: IndexEntry): string | null {
  const issue = indexEntrySchema.safeParse(entry).error?.issues[0];
  if (!issue) return null;
  return issue.path[0] === 'file'
    ? 'give it a name that ends in .zip and has none of : ? # %'
    : `“${z.core.toDotPath(issue.path)}” is wrong: ${issue.message}`;
}

async function keptOf(file: string): Promise<Pick<RepositoryIndex, 'name' | 'blocked'>> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, MAX_INDEX);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { blocked: [] };
    throw error;
  }
  const { name, blocked } = parseIndex(bytes, `The block list of ${file} cannot be kept`);
  return { ...(name === undefined ? {} : { name }), blocked };
}

/** Unpacked as for an installation, so that what is in the index can be installed. */
async function entryOf(folder: string, name: string): Promise<IndexEntry> {
  const path = join(folder, name);
  const scratch = await mkdtemp(join(tmpdir(), 'framegauge-index-'));
  try {
    const { manifest } = await stageAddon(path, scratch, null);
    const { id, version, tagline, author, license, category, tags = [], hostVersionMin, hostVersionMax } = manifest;
    return {
      id,
      version,
      name: manifest.name,
      tagline,
      author,
      license,
      category,
      tags,
      ...(hostVersionMin === undefined ? {} : { hostVersionMin }),
      ...(hostVersionMax === undefined ? {} : { hostVersionMax }),
      permissions: requestsOf(manifest.permissions),
      file: name,
      bytes: (await stat(path)).size,
      sha256: await sha256Of(path),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { fitsExtent } from '../../../shared/scan-json';
import { isOnline, MAX_INDEX, type RepositoryIndex, repositoryIndexSchema } from '../../../shared/addon-repositories';
import { messageOf, UserError } from '../../../shared/user-error';
import { readRegularFile } from '../../data/open-regular-file';
import { typedPath } from '../../scenes/typed-path';
import { fetchBytes } from './fetch-bytes';

/** Timeout for an index, in milliseconds. */
const INDEX_TIME = 20_000;
/** Extent of an index, far above what its schema takes. */
const INDEX_EXTENT = { values: 500_000, depth: 32 };

/** An index, and what the files in it are relative to: a folder, or an http(s) address. */
export interface ReadIndex {
  readonly index: RepositoryIndex;
  readonly base: { readonly folder: string } | { readonly url: URL };
}

/**
 * Reads the index of a repository.
 *
 * @param address a folder, an index file, or an http(s) address of one
 * @throws UserError a sentence that names it
 */
export async function readIndex(address: string): Promise<ReadIndex> {
  const where = `The repository ${address} cannot be used`;
  try {
    if (isOnline(address)) {
      const asked = new URL(address);
      if (!asked.pathname.endsWith('.json')) asked.pathname = `${asked.pathname.replace(/\/$/, '')}/index.json`;
      const chunks: Buffer[] = [];
      const { url, body } = await fetchBytes(asked, { limit: MAX_INDEX, time: INDEX_TIME });
      for await (const chunk of body) chunks.push(chunk);
      return { index: parseIndex(Buffer.concat(chunks), where), base: { url } };
    }
    const path = typedPath(address);
    const file = (await stat(path)).isDirectory() ? join(path, 'index.json') : path;
    return { index: parseIndex(await readRegularFile(file, MAX_INDEX), where), base: { folder: dirname(file) } };
  } catch (error) {
    if (error instanceof UserError && error.message.startsWith(where)) throw error;
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no index.json'
        : messageOf(error).replace(/\.$/, '');
    throw new UserError(`${where}: ${reason}.`);
  }
}

/** @throws UserError that begins with `where` */
export function parseIndex(bytes: Buffer, where: string): RepositoryIndex {
  let raw: unknown;
  if (!fitsExtent(bytes, INDEX_EXTENT))
    throw new UserError(`${where}: its index has too many entries, or they are nested too deep.`);
  try {
    raw = JSON.parse(bytes.toString('utf8'));
  } catch {
    // JSON.parse quotes the file, which may contain anything.
    throw new UserError(`${where}: its index is not JSON.`);
  }
  const parsed = repositoryIndexSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = z.core.toDotPath(issue.path);
  throw new UserError(`${where}: in its index, ${path ? `“${path}” is wrong: ` : ''}${issue.message}.`);
}

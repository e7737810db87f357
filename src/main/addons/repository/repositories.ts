import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AddonBlock,
  type AddonCatalogue,
  type AvailableAddon,
  type IndexEntry,
  isOnline,
} from '../../../shared/addon-repositories';
import { makeFolder } from '../../data/make-folder';
import { messageOf, UserError } from '../../../shared/user-error';
import { incomingFolder } from '../install/addon-places';
import { compareVersions, problemOfHostVersion } from '../manifest';
import { blockOf } from './block-list';
import { download } from './download';
import { type ReadIndex, readIndex } from './read-index';

export interface RepositoriesOptions {
  readonly addresses: () => readonly string[];
  /** Whether http(s) addresses may be asked. */
  readonly onlineAccess: () => boolean;
  readonly hostVersion: string;
  /** Folder of the user's add-ons, where downloads go first. */
  readonly userFolder: string;
  /** The installed version of an add-on; null for none. */
  readonly installed: (id: string) => string | null;
  /** The block lists of the repositories that could be read, after each reading. */
  readonly onBlocks: (blocks: readonly AddonBlock[], complete: boolean) => Promise<void>;
}

/** The repositories that a person has named in the preferences. */
export interface Repositories {
  /** Reads every index, and tells what can be installed from them. Never fails. */
  catalogue(): Promise<AddonCatalogue>;
  /**
   * Downloads the newest version of an add-on that this program can use, for as long as `use` works with it.
   *
   * @throws UserError when no repository has it, it is blocked, or it is not what the index says
   */
  withDownload<T>(id: string, use: (path: string, expected: { id: string; version: string }) => Promise<T>): Promise<T>;
}

interface Repository {
  readonly address: string;
  readonly read: ReadIndex | null;
  readonly problem: string | null;
}

export function createRepositories(options: RepositoriesOptions): Repositories {
  async function readAll(): Promise<Repository[]> {
    const repositories = await Promise.all(
      options.addresses().map(async (address): Promise<Repository> => {
        if (isOnline(address) && !options.onlineAccess())
          return { address, read: null, problem: 'Online access is off: allow it to use this repository.' };
        try {
          return { address, read: await readIndex(address), problem: null };
        } catch (error) {
          return { address, read: null, problem: messageOf(error) };
        }
      }),
    );
    await options.onBlocks(
      blocksOf(repositories),
      repositories.every(({ read }) => read !== null),
    );
    return repositories;
  }

  /** The newest version of each add-on that this program can use; of equal ones that of the first repository. */
  function newest(
    repositories: readonly Repository[],
  ): { entry: IndexEntry; from: Repository & { read: ReadIndex } }[] {
    const best = new Map<string, { entry: IndexEntry; from: Repository & { read: ReadIndex } }>();
    for (const from of repositories) {
      if (!hasIndex(from)) continue;
      for (const entry of from.read.index.addons) {
        if (problemOfHostVersion(entry, options.hostVersion) !== null) continue;
        const other = best.get(entry.id);
        if (!other || compareVersions(entry.version, other.entry.version) > 0) best.set(entry.id, { entry, from });
      }
    }
    return [...best.values()];
  }

  return {
    async catalogue() {
      const repositories = await readAll();
      const blocks = blocksOf(repositories);
      const addons = newest(repositories).map(({ entry, from }): AvailableAddon => {
        const { file: _file, sha256: _sha256, hostVersionMin: _min, hostVersionMax: _max, ...told } = entry;
        const installed = options.installed(entry.id);
        return {
          ...told,
          repository: from.address,
          installed,
          update: installed !== null && compareVersions(entry.version, installed) > 0,
          blocked: blockOf(blocks, entry.id, entry.version)?.reason ?? null,
        };
      });
      return {
        repositories: repositories.map(({ address, read, problem }) => ({
          address,
          name: read?.index.name ?? address,
          problem,
        })),
        addons: addons.sort((a, b) => a.name.localeCompare(b.name)),
      };
    },
    async withDownload(id, use) {
      if (options.addresses().length === 0)
        throw new UserError(
          `There is no repository to take “${id}” from: name one in the preference repositories.addresses, or give the .zip or folder of the add-on (as ./${id}).`,
          'not-found',
        );
      const repositories = await readAll();
      const found = newest(repositories).find(({ entry }) => entry.id === id);
      if (!found) {
        const problem = repositories.find((repository) => repository.problem !== null)?.problem ?? null;
        throw new UserError(
          `No repository has an add-on “${id}” for this version of Framegauge${problem === null ? '' : `, and not all could be asked: ${problem.replace(/\.$/, '')}`}.`,
          'not-found',
        );
      }
      const { entry, from } = found;
      const block = blockOf(blocksOf(repositories), id, entry.version);
      if (block) throw new UserError(`${entry.name} ${entry.version} is blocked: ${block.reason}`);
      const folder = incomingFolder(options.userFolder);
      const path = join(folder, `${id}-${entry.version.replaceAll(/[^\w.-]/g, '_')}.zip`);
      try {
        await makeFolder(folder, 0o700);
        await download(entry, from.read.base, path);
        return await use(path, { id, version: entry.version });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const hasIndex = (repository: Repository): repository is Repository & { read: ReadIndex } => repository.read !== null;

const blocksOf = (repositories: readonly Repository[]): AddonBlock[] =>
  repositories.flatMap(({ read }) => read?.index.blocked ?? []);

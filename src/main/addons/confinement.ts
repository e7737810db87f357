import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddonIsolation, AddonManifest, PreferenceValues } from '../../shared/addons';
import { messageOf } from '../../shared/user-error';
import { addonEnvironment } from './addon-environment';
import type { AddonCommand } from './fork-addon';
import { type ClosedFolders, type GrantedPlaces, grantedPlaces, type NamedFolders } from './granted-places';
import type { JobsAccess } from './named-folders';
import { refuseOutwardLinks } from './outward-links';
import { memoryLimitOf } from './memory-watch';
import { closesNetwork, permissionFlag, permissionFlags, type Places } from './permission-flags';
import { DEFAULT_LIMITS, type ResourceLimits } from './resource-limits';
import { findSandbox, sandboxArguments } from './sandbox';
import { prepareStorage } from './storage-folder';

/** What the host decides about how add-ons are held to their permissions. */
export interface ConfinementOptions extends ClosedFolders {
  /** Folder of the built add-on code, absolute. */
  readonly builtFolder: string;
  /** What the names in a manifest's `files` stand for at the moment. */
  readonly folders: (access: JobsAccess) => NamedFolders;
  /** Whether bubblewrap is used where it works. */
  readonly sandbox: boolean;
  /** What an add-on may take at the moment; the preferences' defaults without it. */
  readonly limits?: (() => ResourceLimits) | undefined;
}

/** How one process is started, and what holds it. */
export interface Confinement {
  readonly command: AddonCommand;
  /** Absolute paths, with links resolved. */
  readonly folder: string;
  readonly main: string;
  readonly storage: string;
  readonly isolation: AddonIsolation;
  /** What its permission `files` amounted to. */
  readonly granted: GrantedPlaces;
  /** What `output` and `scenes` stood for. */
  readonly named: NamedFolders;
  /** Limit of its processes together, in MB. */
  readonly memoryLimit: number;
  /** Limit of what it stores, in MB; null for what comes with the program. */
  readonly storageLimit: number | null;
}

/** The permissions without which Node's modules are watched for attempts. */
export function grantedFreely({ permissions }: AddonManifest): { network: boolean; processes: boolean } {
  return { network: permissions.network !== undefined, processes: permissions.processes !== undefined };
}

/** Turns the permissions of add-ons into the way that their processes are started. */
export interface Confiner {
  /** The host's data folder, absolute. */
  readonly dataFolder: string;
  /** @throws Error saying why the add-on cannot be started */
  confine(addon: ConfinedAddon): Promise<Confinement>;
  /** What an add-on would be granted if it were started now, and what `output` and `scenes` would stand for. */
  grantNow(addon: ConfinedAddon): Promise<Pick<Confinement, 'granted' | 'named'>>;
  /** Why a sandbox that is installed does not work, as part of a sentence; null where that is not so. */
  sandboxProblem(): Promise<string | null>;
}

export interface ConfinedAddon {
  readonly manifest: AddonManifest;
  /** Absolute. */
  readonly folder: string;
  readonly bundled: boolean;
  /** Preferences that a person has set. */
  readonly stored: PreferenceValues;
  /** Every preference with its effective value. */
  readonly values: PreferenceValues;
  /** What `output` and `scenes` stand for besides: granted to the process before, which may be at work in them. */
  readonly kept?: NamedFolders;
}

/** Maximum number of kept folders: each is an argument of the process. */
const MAX_KEPT = 200;

/** Folders with those that are kept, if they are there. The latest of those come first. */
async function withKept(now: readonly string[], kept: readonly string[] = []): Promise<string[]> {
  const further = kept.filter((folder) => !now.includes(folder)).slice(0, MAX_KEPT);
  const there = await Promise.all(further.map(isFolder));
  return [...now, ...further.filter((_, index) => there[index])];
}

/** What a person has set and that is in effect. */
function chosenOf({ stored, values }: ConfinedAddon): PreferenceValues {
  return Object.fromEntries(Object.entries(stored).filter(([key, value]) => values[key] === value));
}

export function createConfiner(options: ConfinementOptions): Confiner {
  let trial: ReturnType<typeof findSandbox> | null = null;
  const findOnce = (): ReturnType<typeof findSandbox> =>
    (trial ??= options.sandbox ? findSandbox(options.dataFolder) : Promise.resolve({ sandbox: null, why: null }));
  async function namedFor({ manifest, kept }: ConfinedAddon): Promise<NamedFolders> {
    const { output, scenes } = options.folders(manifest.permissions.jobs?.access);
    return { output: await withKept(output, kept?.output), scenes: await withKept(scenes, kept?.scenes) };
  }
  const granted = (addon: ConfinedAddon, named: NamedFolders): Promise<GrantedPlaces> =>
    grantedPlaces(addon.manifest, chosenOf(addon), named, options);

  return {
    dataFolder: options.dataFolder,
    async grantNow(addon) {
      const named = await namedFor(addon);
      return { granted: await granted(addon, named), named };
    },
    sandboxProblem: async () => (await findOnce()).why,
    async confine(addon) {
      const { manifest, bundled } = addon;
      const { permissions } = manifest;
      const [folder, runtime, { sandbox }] = await Promise.all([
        realpath(addon.folder),
        realpath(options.builtFolder),
        findOnce(),
      ]);
      for (const path of [folder, runtime, options.dataFolder])
        if (path.includes('*'))
          throw new Error(`the folder ${path} has a * in its name, which its permissions cannot express`);
      if (!bundled) await refuseOutwardLinks(folder);
      const storage = await prepareStorage(options.dataFolder, manifest.id).catch((error: unknown) => {
        throw new Error(`its storage folder cannot be used: ${messageOf(error)}`, { cause: error });
      });
      const named = await namedFor(addon);
      const files = await granted(addon, named);
      const places: Places = {
        read: [{ path: runtime, folder: true }, { path: folder, folder: true }, ...files.read],
        write: [{ path: storage, folder: true }, ...files.write],
      };
      const { network, processes } = grantedFreely(manifest);
      const flag = permissionFlag();
      const limits = options.limits?.() ?? DEFAULT_LIMITS;
      const flags = [`--max-old-space-size=${limits.heap}`, ...permissionFlags(flag, permissions, places)];
      const env = addonEnvironment({ network, bundled: bundled ? manifest.id : null, storage });
      return {
        command: sandbox
          ? {
              program: sandbox.program,
              arguments: [
                ...sandboxArguments(sandbox, { ...places, network, processes, folder, dataFolder: options.dataFolder }),
                process.execPath,
                ...flags,
              ],
              env,
            }
          : { program: process.execPath, arguments: flags, env },
        folder,
        main: join(folder, manifest.main),
        storage,
        isolation: {
          // Another program that it starts is not restricted by Node.
          level: sandbox ? 'sandboxed' : flag !== null && !processes ? 'restricted' : 'unrestricted',
          network: network ? 'permitted' : sandbox || (closesNetwork(flag) && !processes) ? 'closed' : 'unprevented',
        },
        granted: files,
        named,
        memoryLimit: memoryLimitOf(limits.heap, processes),
        storageLimit: bundled ? null : limits.storage,
      };
    },
  };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

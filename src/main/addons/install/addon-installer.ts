import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Addon, AddonManifest, InstallResult } from '../../../shared/addons';
import { oneAtATime } from '../../../shared/one-at-a-time';
import { messageOf, UserError } from '../../../shared/user-error';
import type { AddonRunner } from '../addon-runner';
import { widened } from '../consent';
import { startRefusal } from '../start-refusal';
import { storageFolder } from '../storage-folder';
import type { StoredAddon } from '../../preferences/stored-addon';
import { installAddon, inTurn, type InstalledAddon, toAddon, toStored } from '../installed-addon';
import { readManifest } from '../manifest';
import { effectivePreferences } from '../../preferences/preference-value';
import type { RestartTiming } from '../restart-plan';
import { previousFolder, putInPlace, removeFolders, swapWithPrevious } from './addon-places';
import { type StagedAddon, stageAddon } from './stage-addon';

export interface AddonInstallerOptions {
  /** Folder of the user's add-ons. */
  readonly userFolder: string;
  /** The host's data folder. */
  readonly dataFolder: string;
  readonly hostVersion: string;
  /** The manager's add-ons by id; installing and uninstalling change it. */
  readonly entries: Map<string, InstalledAddon>;
  readonly runner: Pick<AddonRunner, 'start' | 'stop' | 'refuse'>;
  readonly restarts: Partial<RestartTiming> | undefined;
  readonly store: {
    addon(id: string): StoredAddon;
    saveAddon(id: string, stored: StoredAddon): Promise<void>;
    removeAddon(id: string): Promise<void>;
  };
  /** Whether enabled add-ons run in this host. */
  readonly live: () => boolean;
  readonly changed: () => void;
}

/** What an add-on is said to be where it comes from. */
export interface ExpectedAddon {
  readonly id: string;
  readonly version: string;
}

/** Changes which add-ons there are while the host runs. Changes are carried out one after another. */
export interface AddonInstaller {
  install(source: string, consent: readonly string[], expected?: ExpectedAddon): Promise<InstallResult>;
  rollBack(entry: InstalledAddon): Promise<Addon>;
  uninstall(entry: InstalledAddon, removeData: boolean): Promise<void>;
}

export function createAddonInstaller(options: AddonInstallerOptions): AddonInstaller {
  const { userFolder, dataFolder, hostVersion, entries, runner, store } = options;
  const inOrder = oneAtATime();

  async function place(staged: StagedAddon, consent: readonly string[]): Promise<InstallResult> {
    const { manifest, folder } = staged;
    const entry = entries.get(manifest.id);
    if (entry?.bundled)
      throw new UserError(
        `“${entry.manifest.name}” comes with Framegauge and cannot be replaced: give the add-on another id.`,
      );
    if (entry?.linked) throw linkedElsewhere(entry);
    if (!entry) return { outcome: 'installed', addon: await addNew(manifest, folder), replaced: null };
    const asks = widened(entry.manifest, manifest);
    if (asks.some(({ permission }) => !consent.includes(permission)))
      return {
        outcome: 'consent',
        id: manifest.id,
        name: manifest.name,
        version: manifest.version,
        installed: entry.manifest.version,
        asks,
      };
    const replaced = entry.manifest.version;
    const move = (): Promise<string> => putInPlace(userFolder, manifest.id, folder, entry.folder);
    return { outcome: 'installed', addon: await inTurn(entry, () => replace(entry, manifest, move, true)), replaced };
  }

  async function addNew(manifest: AddonManifest, folder: string): Promise<Addon> {
    // One whose addon.json cannot be used has another id in the list; the new one takes its folder.
    const unusable = [...entries.values()].find(
      (entry) => entry.broken !== null && !entry.bundled && entry.folder === join(userFolder, manifest.id),
    );
    const place = await putInPlace(userFolder, manifest.id, folder, unusable?.folder ?? null);
    if (unusable) entries.delete(unusable.manifest.id);
    // It may have been enabled before it was uninstalled: what it may do now has not been seen by anybody.
    const { values, enabled } = store.addon(manifest.id);
    if (enabled) await store.saveAddon(manifest.id, { values, enabled: false });
    const found = { manifest, folder: place, bundled: false, broken: null, previous: null };
    const entry = installAddon(found, { values, enabled: false }, options.restarts);
    entries.set(manifest.id, entry);
    options.changed();
    return toAddon(entry);
  }

  /**
   * A running one is stopped meanwhile; its preferences and what it has stored stay.
   *
   * @param agreed whether a person has agreed to what is new in it; otherwise it stays off where it asks for more
   */
  async function replace(
    entry: InstalledAddon,
    manifest: AddonManifest,
    move: () => Promise<string>,
    agreed: boolean,
  ): Promise<Addon> {
    const resume = entry.enabled && options.live();
    // Agreed to by enabling it, before that was stored.
    if (entry.enabled) entry.consented ??= entry.manifest.permissions;
    await runner.stop(entry);
    try {
      const folder = await move();
      entry.previous = entry.manifest.version;
      entry.manifest = manifest;
      entry.folder = folder;
      entry.values = effectivePreferences(manifest.preferences, entry.stored, entry.matches);
      if (entry.enabled) {
        if (agreed || startRefusal(entry) === null) entry.consented = manifest.permissions;
        await store.saveAddon(manifest.id, toStored(entry));
      }
    } finally {
      options.changed();
      // Either version.
      const refusal = startRefusal(entry);
      if (resume && refusal !== null) runner.refuse(entry, refusal);
      else if (resume) await runner.start(entry);
    }
    return toAddon(entry);
  }

  function refuseBundled(entry: InstalledAddon, what: string): void {
    const { bundled, manifest } = entry;
    if (entry.linked) throw linkedElsewhere(entry);
    if (bundled)
      throw new UserError(`“${manifest.name}” comes with Framegauge and cannot be ${what}: disable it instead.`);
  }

  return {
    async install(source, consent, expected) {
      const staged = await stageAddon(source, userFolder, hostVersion);
      try {
        const { id, version } = staged.manifest;
        if (expected && (expected.id !== id || expected.version !== version))
          throw new UserError(
            `The index of the repository says ${expected.id} ${expected.version}, but the file is ${id} ${version}: tell whoever keeps it.`,
          );
        return await inOrder(() =>
          inSentence(`“${staged.manifest.name}” could not be installed`, () => place(staged, consent)),
        );
      } finally {
        await staged.discard();
      }
    },
    rollBack: (entry) =>
      inOrder(() =>
        inTurn(entry, () => {
          refuseBundled(entry, 'rolled back');
          const { id, name } = entry.manifest;
          if (entry.previous === null)
            throw new UserError(`There is no earlier version of “${name}” to go back to: none was updated here.`);
          return inSentence(`“${name}” could not be rolled back`, async () => {
            const manifest = await readManifest(previousFolder(userFolder, id), hostVersion);
            return replace(entry, manifest, () => swapWithPrevious(userFolder, id, entry.folder), false);
          });
        }),
      ),
    uninstall: (entry, removeData) =>
      inOrder(() =>
        inTurn(entry, async () => {
          refuseBundled(entry, 'uninstalled');
          const { id, name } = entry.manifest;
          // Uninstalled by another window.
          if (entries.get(id) !== entry) return;
          await runner.stop(entry);
          await inSentence(`“${name}” could not be uninstalled`, async () => {
            await removeFolders(userFolder, id, entry.folder);
            entries.delete(id);
            entry.broken = 'It was uninstalled.';
            options.changed();
            if (removeData) {
              await store.removeAddon(id);
              await rm(storageFolder(dataFolder, id), { recursive: true, force: true, maxRetries: 3 });
            } else if (entry.enabled) await store.saveAddon(id, { enabled: false, values: entry.stored });
          });
        }),
      ),
  };
}

function linkedElsewhere({ manifest, folder }: InstalledAddon): UserError {
  return new UserError(
    `“${manifest.name}” is linked from “${folder}” while its author works on it: end “framegauge addons dev” first.`,
  );
}

async function inSentence<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${what}: ${messageOf(error)}.`);
  }
}

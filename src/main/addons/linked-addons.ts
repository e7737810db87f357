import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import type { Addon } from '../../shared/addons';
import { UserError } from '../../shared/user-error';
import type { AddonRunner } from './addon-runner';
import { installAddon, inTurn, type InstalledAddon, toAddon } from './installed-addon';
import { readManifest } from './manifest';
import type { RestartTiming } from './restart-plan';
import { effectivePreferences } from '../preferences/preference-value';
import { storageFolder } from './storage-folder';

/** How long a link lasts that is not renewed, in milliseconds: whoever made it may be gone without a word. */
const LINK_LASTS = 15_000;

export interface LinkedAddonsOptions {
  readonly hostVersion: string;
  /** The host's data folder. */
  readonly dataFolder: string;
  /** The manager's add-ons by id; linking and unlinking change it. */
  readonly entries: Map<string, InstalledAddon>;
  readonly runner: Pick<AddonRunner, 'start' | 'stop'>;
  readonly restarts: Partial<RestartTiming> | undefined;
  readonly changed: () => void;
  /** {@link LINK_LASTS} by default. */
  readonly lasts?: number | undefined;
}

/**
 * Add-ons that run where their author works on them. Nothing about them is stored: without their link, which has to be
 * renewed, the host is as it was.
 */
export interface LinkedAddons {
  /**
   * Links an add-on and starts it, or renews its link.
   *
   * @param folder absolute
   * @param restart reads its manifest again and starts it afresh
   * @throws UserError when the manifest cannot be used, or its id belongs to an add-on that is installed
   */
  link(folder: string, restart: boolean): Promise<Addon>;
  /** Stops and forgets it. No-op where there is none. */
  unlink(id: string): Promise<void>;
}

export function createLinkedAddons(options: LinkedAddonsOptions): LinkedAddons {
  const { entries, runner, dataFolder } = options;
  const leases = new Map<string, { timer: NodeJS.Timeout; readonly keepStorage: boolean }>();

  function renew(id: string): void {
    const lease = leases.get(id);
    clearTimeout(lease?.timer);
    const timer = setTimeout(() => void unlink(id), options.lasts ?? LINK_LASTS);
    timer.unref();
    leases.set(id, { timer, keepStorage: lease?.keepStorage ?? existsSync(storageFolder(dataFolder, id)) });
  }

  async function unlink(id: string): Promise<void> {
    const lease = leases.get(id);
    const entry = entries.get(id);
    if (!lease || !entry) return;
    clearTimeout(lease.timer);
    leases.delete(id);
    await inTurn(entry, async () => {
      await runner.stop(entry);
      entries.delete(id);
      entry.broken = 'Its folder is no longer linked.';
      if (!lease.keepStorage) await rm(storageFolder(dataFolder, id), { recursive: true, force: true, maxRetries: 3 });
      options.changed();
    });
  }

  return {
    async link(given, restart) {
      const folder = await realpath(given).catch(() => {
        throw new UserError(`There is no folder “${given}” on the host’s machine.`, 'arguments');
      });
      const manifest = await readManifest(folder, options.hostVersion);
      const { id } = manifest;
      // Its id may have been changed meanwhile.
      for (const other of entries.values())
        if (other.linked && other.folder === folder && other.manifest.id !== id) await unlink(other.manifest.id);
      const present = entries.get(id);
      if (present && !(present.linked && present.folder === folder))
        throw new UserError(
          present.linked
            ? `The id “${id}” belongs to the add-on that is linked from “${present.folder}”: end that first.`
            : `The id “${id}” belongs to an add-on that is installed in this host: try it in a host of its own, with --own.`,
        );
      renew(id);
      if (present && !restart) return toAddon(present);
      const found = { manifest, folder, bundled: false, broken: null, previous: null };
      const entry = present ?? {
        ...installAddon(found, { enabled: false, values: {} }, options.restarts),
        linked: true,
      };
      entries.set(id, entry);
      return inTurn(entry, async () => {
        await runner.stop(entry);
        entry.manifest = manifest;
        entry.values = effectivePreferences(manifest.preferences, entry.stored, entry.matches);
        entry.enabled = true;
        await runner.start(entry);
        options.changed();
        return toAddon(entry);
      });
    },
    unlink,
  };
}

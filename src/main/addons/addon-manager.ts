import type { AppSnapshot, CollectedMetrics, MetricFamily } from '../../shared/addon-protocol';
import type { AddonBlock } from '../../shared/addon-repositories';
import type { Addon, AddonLogLine, InstallResult, PreferenceValue } from '../../shared/addons';
import type { LifecycleEvent } from '../../shared/lifecycle';
import { throttle } from '../../shared/throttle';
import type { Totals } from '../../shared/totals';
import { UserError } from '../../shared/user-error';
import type { AddonProcess } from './addon-process';
import type { AddonRequestsOptions } from './addon-requests';
import { type AddonRunnerOptions, createAddonRunner, SAFE_MODE } from './addon-runner';
import { refuseDebugger } from '../processes/refuse-debugger';
import { type AddonStore, createAddonSettings } from './addon-settings';
import { collectAddonFamilies } from './collect-addon-families';
import { type ConfinementOptions, createConfiner } from './confinement';
import { discoverAddons } from './discover';
import { NO_FOLDERS } from './granted-places';
import { createAddonInstaller, type ExpectedAddon } from './install/addon-installer';
import { sweepAddonFolder } from './install/addon-places';
import { deliverTo, installAddon, inTurn, type InstalledAddon, toAddon, toAddons } from './installed-addon';
import { createLinkedAddons } from './linked-addons';
import type { AddonOffers } from './offers/addon-offers';
import { createBlockList } from './repository/block-list';
import type { RestartTiming } from './restart-plan';
import { sandboxWanted } from './sandbox';
import { setPreference } from './set-preference';
import { startRefusal } from './start-refusal';

export interface AddonManagerOptions {
  /** Folder of the built add-on code: `bootstrap.js` and the bundled add-ons, one folder each. */
  readonly builtFolder: string;
  /** Folder of the user's own add-ons; need not exist. */
  readonly userFolder: string;
  readonly hostVersion: string;
  readonly store: AddonStore;
  /** The host's answers to add-ons' requests. */
  readonly host: { snapshot(): AppSnapshot; families(): Promise<MetricFamily[]> } & Pick<
    AddonRequestsOptions,
    'call' | 'image'
  >;
  readonly offers: AddonOffers;
  /** The result of `list()` has changed. Called at most every 50 ms. */
  readonly onChange?: (addons: Addon[]) => void;
  /** Every log line as it arrives, for the host's own log. */
  readonly onLog?: (addonId: string, line: AddonLogLine) => void;
  /** A sentence about something that an earlier host left in the folder and that cannot be deleted. */
  readonly onLeftover?: (sentence: string) => void;
  /** The host's data folder, absolute: closed to add-ons but for their own parts of it. */
  readonly dataFolder: string;
  /** Folder of uploaded scenes; absolute. */
  readonly uploads?: string;
  /** The folders that manifests call `output` and `scenes`, at the moment. */
  readonly folders?: ConfinementOptions['folders'];
  /** Whether add-ons run in bubblewrap where it works; by default yes, unless the environment says otherwise. */
  readonly sandbox?: boolean;
  /** Limits of one add-on at the moment; the preferences' defaults without it. */
  readonly limits?: ConfinementOptions['limits'];
  /** Starts no add-on that did not come with the program; by default no. */
  readonly safeMode?: boolean;
  readonly deadlines?: AddonRunnerOptions['deadlines'];
  readonly restarts?: Partial<RestartTiming>;
  /** See LinkedAddonsOptions.lasts. */
  readonly linksLast?: number;
}

/**
 * Discovers, starts, stops and supervises add-ons. Operations on one add-on run one after another; add-ons don't wait
 * for each other.
 */
export interface AddonManager {
  /** Every add-on: bundled ones first, then the others by name. */
  list(): Addon[];
  /** The state of every add-on, for every scrape: without what else the list tells. */
  states(): { id: string; state: Addon['state'] }[];
  /** @throws UserError (`not-found`) when there is no such add-on */
  get(id: string): Addon;
  /** Starts every add-on that is stored as enabled; settles when each is running or has failed. */
  startEnabled(): Promise<void>;
  /**
   * Enables an add-on: starts it and stores that it is enabled. No-op if it is already running. If it cannot be started
   * it is off again, and the result has the state `failed` and the reason.
   *
   * @throws UserError when there is no such add-on, or the enabled state could not be stored
   */
  enable(id: string): Promise<Addon>;
  /**
   * Disables an add-on; settles when its process is gone. Its preferences are kept. @throws UserError like {@link
   * enable}
   */
  disable(id: string): Promise<Addon>;
  /**
   * Validates, stores and applies a preference. Text is converted to the declared type. Settles when a running add-on
   * has applied it.
   *
   * @throws UserError when there is no such add-on or preference, the value is invalid, or the add-on did not apply it
   * in time
   */
  setPreference(id: string, key: string, value: PreferenceValue): Promise<Addon>;
  /**
   * Installs the add-on in a .zip or folder, or updates the one with the same id. A running one is stopped meanwhile and
   * started again; preferences and stored data are kept.
   *
   * @param source absolute path
   * @param consent permissions that a person has agreed to; an update that asks for others changes nothing
   * @param expected what it is said to be
   * @throws UserError when it is refused; nothing of it is left
   */
  install(source: string, consent: readonly string[], expected?: ExpectedAddon): Promise<InstallResult>;
  /** Makes the version before the last update the installed one, and the other way round. @throws UserError */
  rollBack(id: string): Promise<Addon>;
  /** Stops an add-on and deletes it. @param removeData its preferences and stored data too @throws UserError */
  uninstall(id: string, removeData: boolean): Promise<void>;
  /** See {@link LinkedAddons}. @throws UserError when it cannot be linked */
  link(folder: string, restart: boolean): Promise<Addon>;
  unlink(id: string): Promise<void>;
  /** Takes the block lists of repositories; see {@link BlockList.set}. */
  block(blocks: readonly AddonBlock[], complete: boolean): Promise<void>;
  /** The last log lines, oldest first. @throws UserError (`not-found`) when there is no such add-on */
  log(id: string): AddonLogLine[];
  /**
   * Restarts the add-ons that may use more folders than when they were started: of jobs and scenes, and folders that were
   * away; one that is at work at a later call. Settles when they run again or have failed; never rejects.
   */
  foldersChanged(): Promise<void>;
  /**
   * Lets an add-on that may read images of jobs, and not submit any, read further folders until its process ends by
   * itself; one that is at work gets them later.
   */
  grantOutput(id: string, folders: readonly string[]): Promise<void>;
  /** Sends a lifecycle event to every add-on that runs or is starting. Never blocks and never throws. */
  deliver(event: LifecycleEvent): void;
  /**
   * The families of the host, plus those of every running add-on except `exceptId`, packed. Add-ons that don't answer
   * in time are left out.
   */
  collectFamilies(exceptId?: string): Promise<{ families: MetricFamily[]; addons: CollectedMetrics['addons'] }>;
  /** The running add-on with this id, for requests to its routes; null for none. */
  running(id: string): Pick<AddonProcess, 'routes' | 'request'> | null;
  /** Totals since the host started, for every add-on started at least once. */
  totals(): Totals['addons'];
  /** Stops every add-on; stored settings are unchanged. May be called again. */
  close(): Promise<void>;
}

/** Discovers the add-ons. None is started before `startEnabled` or `enable`. */
export async function createAddonManager(options: AddonManagerOptions): Promise<AddonManager> {
  refuseDebugger();
  for (const problem of await sweepAddonFolder(options.userFolder)) options.onLeftover?.(problem);
  const found = await discoverAddons({
    bundledFolder: options.builtFolder,
    userFolder: options.userFolder,
    hostVersion: options.hostVersion,
  });
  const entries = new Map<string, InstalledAddon>();
  for (const addon of found)
    entries.set(addon.manifest.id, installAddon(addon, options.store.addon(addon.manifest.id), options.restarts));
  const tellChange = throttle(50, () => options.onChange?.(list()));
  const settings = createAddonSettings(options.store);
  let closing: Promise<void> | null = null;
  const runner = createAddonRunner({
    builtFolder: options.builtFolder,
    confiner: createConfiner({
      builtFolder: options.builtFolder,
      dataFolder: options.dataFolder,
      uploads: options.uploads ?? null,
      folders: options.folders ?? (() => NO_FOLDERS),
      sandbox: options.sandbox ?? sandboxWanted(),
      limits: options.limits,
    }),
    deadlines: options.deadlines,
    snapshot: () => options.host.snapshot(),
    call: (operation, input) => options.host.call(operation, input),
    image: (jobId, frame, size) => options.host.image(jobId, frame, size),
    offers: options.offers,
    collect: (exceptId) => collectFamilies(exceptId),
    entry: (id) => entries.get(id),
    changed: tellChange,
    safeMode: options.safeMode ?? false,
    blocked: (entry) => blockList.reasonOf(entry),
    quarantined: (entry) => void settings.save(entry).catch(() => undefined),
    onLog: options.onLog,
  });

  /** Whether enabled add-ons run: a host for a single command only stores what is enabled. */
  let live = false;
  const parts = {
    hostVersion: options.hostVersion,
    dataFolder: options.dataFolder,
    entries,
    runner,
    restarts: options.restarts,
    changed: tellChange,
  };
  const { userFolder, store } = options;
  const installer = createAddonInstaller({ ...parts, userFolder, store, live: () => live && !closing });
  const linked = createLinkedAddons({ ...parts, lasts: options.linksLast });
  const blockList = createBlockList({ ...parts, save: settings.save });

  const list = (): Addon[] => toAddons([...entries.values()]);
  await blockList.load();

  function entryOf(id: string): InstalledAddon {
    const entry = entries.get(id);
    if (!entry)
      throw new UserError(
        `There is no add-on “${id}”: ${entries.size === 0 ? 'none is installed' : `choose one of ${[...entries.keys()].join(', ')}`}.`,
        'not-found',
      );
    return entry;
  }

  const collectFamilies: AddonManager['collectFamilies'] = (exceptId) =>
    collectAddonFamilies([...entries.values()], () => options.host.families(), exceptId);

  function refuseWhenClosing(): void {
    if (closing) throw new UserError('Framegauge is closing.');
  }

  return {
    list,
    states: () => [...entries.values()].map(({ manifest, state }) => ({ id: manifest.id, state })),
    get: (id) => toAddon(entryOf(id)),
    async startEnabled() {
      live = true;
      await Promise.all(
        [...entries.values()].map((entry) =>
          inTurn(entry, async () => {
            if (!entry.enabled || entry.process || closing) return;
            const refusal = startRefusal(entry);
            if (refusal !== null) return runner.refuse(entry, refusal);
            await runner.start(entry);
            if (entry.process && !closing) await settings.agree(entry);
          }),
        ),
      );
    },
    async enable(id) {
      refuseWhenClosing();
      const entry = entryOf(id);
      return inTurn(entry, async () => {
        refuseWhenClosing();
        if (options.safeMode && !entry.bundled)
          throw new UserError(`${SAFE_MODE} Start it without --safe-mode to enable “${entry.manifest.name}”.`);
        if (entry.blocked !== null) throw new UserError(`“${entry.manifest.name}” is blocked: ${entry.blocked}`);
        if (entry.broken === null && entry.state !== 'running') {
          await runner.start(entry);
          const enabled = entry.process !== null;
          if (!closing) {
            const changed = entry.enabled !== enabled;
            entry.enabled = enabled;
            if (changed) tellChange();
            if (enabled) await settings.agree(entry, changed);
            else if (changed) await settings.save(entry);
          }
        }
        return toAddon(entry);
      });
    },
    async disable(id) {
      refuseWhenClosing();
      const entry = entryOf(id);
      return inTurn(entry, async () => {
        await runner.stop(entry);
        if (entry.enabled) {
          entry.enabled = false;
          tellChange();
          await settings.save(entry);
        }
        return toAddon(entry);
      });
    },
    async setPreference(id, key, value) {
      refuseWhenClosing();
      const entry = entryOf(id);
      return setPreference(entry, key, value, { settings, runner, changed: tellChange });
    },
    async install(source, consent, expected) {
      refuseWhenClosing();
      const result = await installer.install(source, consent, expected);
      await blockList.apply();
      return result;
    },
    async rollBack(id) {
      refuseWhenClosing();
      await installer.rollBack(entryOf(id));
      await blockList.apply();
      return toAddon(entryOf(id));
    },
    block: blockList.set,
    async uninstall(id, removeData) {
      refuseWhenClosing();
      await installer.uninstall(entryOf(id), removeData);
    },
    async link(folder, restart) {
      refuseWhenClosing();
      return linked.link(folder, restart);
    },
    unlink: linked.unlink,
    log: (id) => entryOf(id).log.lines(),
    async foldersChanged() {
      await Promise.all(
        [...entries.values()]
          .filter(({ manifest }) => manifest.permissions.files !== undefined)
          .map((entry) => inTurn(entry, () => runner.regrant(entry, { wider: true })).catch(() => undefined)),
      );
    },
    async grantOutput(id, output) {
      const entry = entries.get(id);
      const { files, jobs } = entry?.manifest.permissions ?? {};
      if (entry && files?.read.includes('output') && jobs?.access !== 'control')
        await inTurn(entry, () => runner.regrant(entry, { wider: true, output }));
    },
    deliver(event) {
      for (const entry of entries.values()) deliverTo(entry, event);
    },
    collectFamilies,
    running: (id) => (entries.get(id)?.state === 'running' ? entries.get(id)!.process : null),
    totals: () =>
      Object.fromEntries(
        [...entries.values()].flatMap(({ manifest, counts }) =>
          counts ? [[manifest.id, { ...counts }] as const] : [],
        ),
      ),
    close() {
      runner.close();
      return (closing ??= (async () => {
        // Bypasses the queue: an add-on that hangs in `register` must not keep the host from ending.
        await Promise.all([...entries.values()].map((entry) => runner.stop(entry)));
        await Promise.all([...entries.values()].map((entry) => entry.turn));
        tellChange.flush();
      })());
    },
  };
}

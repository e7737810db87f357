import { join } from 'node:path';
import type { AppSnapshot, CollectedMetrics, MetricFamily } from '../../shared/addon-protocol';
import type {
  Addon,
  AddonLogLine,
  AddonManifest,
  AddonState,
  AddonStatus,
  PreferenceValue,
  PreferenceValues,
} from '../../shared/addons';
import type { LifecycleEvent } from '../../shared/lifecycle';
import { subtractTotals, type Totals } from '../../shared/totals';
import { messageOf, UserError } from '../../shared/user-error';
import { ADDON_DEADLINES, startAddonProcess, type AddonDeadlines, type AddonProcess } from './addon-process';
import { discoverAddons, type FoundAddon } from './discover';
import { createLogRing, type LogRing } from './log-ring';
import { coercePreference, effectivePreferences, maskSecrets } from './preference-value';
import { createRestartPlan, type RestartPlan, type RestartTiming } from './restart-plan';

/** What is kept of an add-on between two starts, and while it is disabled. */
export interface StoredAddon {
  readonly enabled: boolean;
  readonly values: PreferenceValues;
}

/** Where the manager keeps it. */
export interface AddonStore {
  /** `{ enabled: false, values: {} }` for an add-on that nothing is stored of. */
  addon(id: string): StoredAddon;
  saveAddon(id: string, stored: StoredAddon): Promise<void>;
}

export interface AddonManagerOptions {
  /** Folder of the built add-on side: `bootstrap.js` and the bundled add-ons, one folder each. */
  readonly builtFolder: string;
  /** Folder of the person's own add-ons; need not exist. */
  readonly userFolder: string;
  readonly hostVersion: string;
  readonly store: AddonStore;
  /** What add-ons may ask. */
  readonly host: { snapshot(): AppSnapshot; families(): Promise<MetricFamily[]> };
  /** Something in `list()` is different now. Called at most every 50 ms. */
  readonly onChange?: (addons: Addon[]) => void;
  /** Every log line as it comes, for the host's own log. */
  readonly onLog?: (addonId: string, line: AddonLogLine) => void;
  /** Flags for Node that hold an add-on to what its manifest asks for. */
  readonly execArgv?: (manifest: AddonManifest, folder: string) => readonly string[];
  readonly deadlines?: Partial<AddonDeadlines>;
  readonly restarts?: Partial<RestartTiming>;
}

/** Finds, starts, stops and watches add-ons. Operations on one add-on are carried out one after another; add-ons don't wait for each other. */
export interface AddonManager {
  /** Every add-on that was found, bundled ones first. */
  list(): Addon[];
  /** @throws UserError (`arguments`) when there is no such add-on */
  get(id: string): Addon;
  /** Starts every add-on that is stored as enabled; settles when each is running or has failed. */
  startEnabled(): Promise<void>;
  /**
   * Enables an add-on: starts it and stores that it is enabled. Does nothing where it runs already. An add-on that cannot be started is off again; the answer then has
   * the state `failed` and the reason.
   *
   * @throws UserError when there is no such add-on, or that it is enabled could not be stored
   */
  enable(id: string): Promise<Addon>;
  /** Disables an add-on; settles when its process is gone. Its preferences are kept. @throws UserError as {@link enable} does */
  disable(id: string): Promise<Addon>;
  /**
   * Checks, stores and applies a preference. Text is converted to the declared type. Settles when a running add-on has applied it.
   *
   * @throws UserError when there is no such add-on or preference, the value does not fit, or the add-on did not apply it in time
   */
  setPreference(id: string, key: string, value: PreferenceValue): Promise<Addon>;
  /** The last log lines, oldest first. @throws UserError (`arguments`) when there is no such add-on */
  log(id: string): AddonLogLine[];
  /** Sends a lifecycle event to every add-on that runs or is starting. Never blocks and never throws. */
  deliver(event: LifecycleEvent): void;
  /** The families of the host, and those of every running add-on except `exceptId`, packed. Add-ons that don't answer in time are left out. */
  collectFamilies(exceptId?: string): Promise<{ families: MetricFamily[]; addons: CollectedMetrics['addons'] }>;
  /** What add-ons did since the host started, for those that were started once. */
  totals(): Totals['addons'];
  /** Stops every add-on; what is stored stays. Can be called again. */
  close(): Promise<void>;
}

interface Entry extends FoundAddon {
  enabled: boolean;
  state: AddonState;
  reason: string | null;
  status: AddonStatus | null;
  /** What is stored: only preferences that were set, so that a new version's defaults count for the others. */
  stored: PreferenceValues;
  /** Every declared preference with its value. */
  values: PreferenceValues;
  /** Since it was enabled. */
  handlerErrors: number;
  process: AddonProcess | null;
  /** When it was enabled, and what the host had counted by then; null before. They stay as they are when its process is started again after a crash. */
  baseline: { readonly totals: Totals; readonly since: number } | null;
  /** Since the host started; null before its first start. */
  counts: { handlerSeconds: number; handlerErrors: number; restarts: number } | null;
  readonly restarts: RestartPlan;
  /** The start that follows a crash. */
  restartTimer: NodeJS.Timeout | null;
  readonly log: LogRing;
  /** Settles when the last operation on this add-on is done. */
  turn: Promise<unknown>;
}

/** Discovers the add-ons. None is started before `startEnabled` or `enable`. */
export async function createAddonManager(options: AddonManagerOptions): Promise<AddonManager> {
  const deadlines: AddonDeadlines = { ...ADDON_DEADLINES, ...options.deadlines };
  const found = await discoverAddons({
    bundledFolder: options.builtFolder,
    userFolder: options.userFolder,
    hostVersion: options.hostVersion,
  });
  const entries = new Map<string, Entry>();
  for (const addon of found) {
    const stored = options.store.addon(addon.manifest.id);
    entries.set(addon.manifest.id, {
      ...addon,
      enabled: addon.broken === null && stored.enabled,
      state: addon.broken === null ? 'off' : 'failed',
      reason: addon.broken,
      status: null,
      stored: stored.values,
      values: effectivePreferences(addon.manifest.preferences, stored.values),
      handlerErrors: 0,
      process: null,
      baseline: null,
      counts: null,
      restarts: createRestartPlan(options.restarts),
      restartTimer: null,
      log: createLogRing(),
      turn: Promise.resolve(),
    });
  }
  const tellChange = atMostEvery(50, () => options.onChange?.(list()));
  let closing: Promise<void> | null = null;

  const list = (): Addon[] => [...entries.values()].map(toAddon);

  function entryOf(id: string): Entry {
    const entry = entries.get(id);
    if (!entry)
      throw new UserError(
        `There is no add-on “${id}”: there are ${[...entries.keys()].join(', ') || 'none'}.`,
        'arguments',
      );
    return entry;
  }

  function log(entry: Entry, level: AddonLogLine['level'], text: string, time = Date.now()): void {
    entry.log.push(level, text, time);
    options.onLog?.(entry.manifest.id, { level, text, time });
  }

  function change(entry: Entry, state: AddonState, reason: string | null = null): void {
    entry.state = state;
    entry.reason = reason;
    tellChange();
  }

  /** Runs an operation after those that were asked for before it on the same add-on. */
  function inTurn<T>(entry: Entry, operation: () => Promise<T>): Promise<T> {
    const result = entry.turn.then(operation);
    entry.turn = result.catch(() => {});
    return result;
  }

  async function save(entry: Entry): Promise<void> {
    try {
      await options.store.saveAddon(entry.manifest.id, { enabled: entry.enabled, values: entry.stored });
    } catch (error) {
      throw new UserError(
        `The settings of the add-on “${entry.manifest.name}” could not be saved: ${messageOf(error)}`,
      );
    }
  }

  /** Starts it as if for the first time: what it is told of totals begins at 0. */
  async function startAnew(entry: Entry): Promise<void> {
    stopWaiting(entry);
    entry.restarts.forget();
    entry.handlerErrors = 0;
    entry.counts ??= { handlerSeconds: 0, handlerErrors: 0, restarts: 0 };
    entry.baseline = { totals: options.host.snapshot().totals, since: Date.now() };
    await start(entry, false);
  }

  /** @param again whether it ran before, so that another failure is one more crash */
  async function start(entry: Entry, again: boolean): Promise<void> {
    const { manifest, folder } = entry;
    entry.status = null;
    // Why it has to be started again is worth reading until it runs.
    change(entry, 'starting', again ? entry.reason : null);
    let process: AddonProcess;
    /** The host's families that this process has. */
    let told: MetricFamily[] | null = null;
    try {
      process = startAddonProcess({
        addonId: manifest.id,
        bootstrap: join(options.builtFolder, 'bootstrap.js'),
        main: join(folder, manifest.main),
        folder,
        execArgv: options.execArgv?.(manifest, folder) ?? [],
        preferences: entry.values,
        deadlines,
        onStatus(status) {
          entry.status = status;
          tellChange();
        },
        onLog: (line) => log(entry, line.level, line.text, line.time),
        onHandlerError() {
          entry.handlerErrors++;
          if (entry.counts) entry.counts.handlerErrors++;
          tellChange();
        },
        onHandlerTime(seconds) {
          if (entry.counts) entry.counts.handlerSeconds += seconds;
        },
        snapshot: () => snapshotFor(entry),
        async collect() {
          const { families, addons } = await collectFamilies(manifest.id);
          const news = families !== told;
          told = families;
          return { families: news ? families : null, addons, snapshot: snapshotFor(entry) };
        },
      });
    } catch (error) {
      failed(entry, messageOf(error));
      return;
    }
    entry.process = process;
    const ended = whenGone(entry, process, again);
    try {
      await process.registered;
      // Not when it is being stopped meanwhile.
      if (entry.state === 'starting') change(entry, 'running');
    } catch {
      await ended;
    }
  }

  /** Whatever happens to a process, asked for or not, ends here. */
  async function whenGone(entry: Entry, process: AddonProcess, again: boolean): Promise<void> {
    const end = await process.ended;
    const reason = end.reason ?? 'its process ended by itself';
    entry.process = null;
    entry.status = null;
    if (entry.state === 'running' || (entry.state === 'starting' && again)) crashed(entry, reason);
    else if (entry.state === 'starting') failed(entry, reason);
  }

  /** An add-on that ran is started again after a pause, unless that has been tried too often. */
  function crashed(entry: Entry, reason: string): void {
    const next = entry.restarts.crashed();
    if (closing || next === null) {
      failed(
        entry,
        entry.restarts.limit === 0
          ? reason
          : `${reason}; it is not started again, for it has ended by itself ${entry.restarts.limit + 1} times in a short time`,
      );
      return;
    }
    const text = `${reason}; it is started again in ${next / 1000} s`;
    change(entry, 'starting', text);
    log(entry, 'error', `It failed: ${text}`);
    entry.restartTimer = setTimeout(() => {
      void inTurn(entry, async () => {
        // Disabled, or enabled anew, before its turn came.
        if (!entry.restartTimer || closing) return;
        entry.restartTimer = null;
        if (entry.counts) entry.counts.restarts++;
        await start(entry, true);
      });
    }, next);
  }

  function stopWaiting(entry: Entry): void {
    if (entry.restartTimer) clearTimeout(entry.restartTimer);
    entry.restartTimer = null;
  }

  /** The host as the add-on is to see it: with totals since it was enabled. */
  function snapshotFor({ baseline }: Entry): AppSnapshot {
    const snapshot = options.host.snapshot();
    return baseline
      ? { ...snapshot, totals: subtractTotals(snapshot.totals, baseline.totals), totalsSince: baseline.since }
      : snapshot;
  }

  function failed(entry: Entry, reason: string): void {
    log(entry, 'error', `It failed: ${reason}`);
    change(entry, 'failed', reason);
  }

  async function stop(entry: Entry): Promise<void> {
    stopWaiting(entry);
    const { process } = entry;
    if (process) {
      change(entry, 'stopping');
      const { reason } = await process.stop();
      if (reason !== null) log(entry, 'warn', `Stopping it: ${reason}`);
      entry.process = null;
      entry.status = null;
    }
    if (entry.broken === null) change(entry, 'off');
  }

  async function collectFamilies(
    exceptId?: string,
  ): Promise<{ families: MetricFamily[]; addons: CollectedMetrics['addons'] }> {
    const others = [...entries.values()].filter(
      (entry) => entry.state === 'running' && entry.process && entry.manifest.id !== exceptId,
    );
    const [families, ...addons] = await Promise.all([
      options.host.families(),
      ...others.map(async (entry) => ({
        addonId: entry.manifest.id,
        packed: (await entry.process?.metrics()) ?? null,
      })),
    ]);
    return { families, addons: addons.flatMap(({ addonId, packed }) => (packed ? [{ addonId, packed }] : [])) };
  }

  function refuseWhenClosing(): void {
    if (closing) throw new UserError('Framegauge is closing.');
  }

  return {
    list,
    get: (id) => toAddon(entryOf(id)),
    async startEnabled() {
      await Promise.all(
        [...entries.values()].map((entry) =>
          inTurn(entry, async () => {
            if (entry.enabled && !entry.process && !closing) await startAnew(entry);
          }),
        ),
      );
    },
    async enable(id) {
      refuseWhenClosing();
      const entry = entryOf(id);
      return inTurn(entry, async () => {
        refuseWhenClosing();
        if (entry.broken === null && entry.state !== 'running') {
          await startAnew(entry);
          const enabled = entry.process !== null;
          if (entry.enabled !== enabled && !closing) {
            entry.enabled = enabled;
            tellChange();
            await save(entry);
          }
        }
        return toAddon(entry);
      });
    },
    async disable(id) {
      refuseWhenClosing();
      const entry = entryOf(id);
      return inTurn(entry, async () => {
        await stop(entry);
        if (entry.enabled) {
          entry.enabled = false;
          tellChange();
          await save(entry);
        }
        return toAddon(entry);
      });
    },
    async setPreference(id, key, value) {
      refuseWhenClosing();
      const entry = entryOf(id);
      const declared = entry.manifest.preferences.find((preference) => preference.key === key);
      if (!declared) {
        const keys = entry.manifest.preferences.map((preference) => preference.key).join(', ');
        throw new UserError(
          `The add-on “${entry.manifest.name}” has no preference “${key}”: ${keys ? `it has ${keys}` : 'it has none'}.`,
          'arguments',
        );
      }
      const wanted = coercePreference(declared, value);
      return inTurn(entry, async () => {
        const { stored, values } = entry;
        entry.stored = { ...stored, [key]: wanted };
        try {
          await save(entry);
        } catch (error) {
          entry.stored = stored;
          throw error;
        }
        entry.values = { ...values, [key]: wanted };
        tellChange();
        if (entry.process && values[key] !== wanted) {
          try {
            await entry.process.applyPreferences(entry.values, [key]);
          } catch (error) {
            throw new UserError(
              `“${declared.label}” is stored, but ${messageOf(error)}: disable and enable “${entry.manifest.name}” to apply it.`,
            );
          }
        }
        return toAddon(entry);
      });
    },
    log: (id) => entryOf(id).log.lines(),
    deliver(event) {
      for (const entry of entries.values()) entry.process?.deliver(event);
    },
    collectFamilies,
    totals: () =>
      Object.fromEntries(
        [...entries.values()].flatMap(({ manifest, counts }) =>
          counts ? [[manifest.id, { ...counts }] as const] : [],
        ),
      ),
    close() {
      return (closing ??= (async () => {
        // Not in turn: an add-on that hangs in `register` must not keep the host from ending.
        await Promise.all([...entries.values()].map(stop));
        await Promise.all([...entries.values()].map((entry) => entry.turn));
        tellChange.end();
      })());
    },
  };
}

function toAddon(entry: Entry): Addon {
  return {
    manifest: entry.manifest,
    folder: entry.folder,
    bundled: entry.bundled,
    enabled: entry.enabled,
    state: entry.state,
    reason: entry.reason,
    status: entry.status,
    preferences: maskSecrets(entry.manifest.preferences, entry.values),
    handlerErrors: entry.handlerErrors,
  };
}

/** Calls `run` at once, and where it is asked for again within `milliseconds`, once more after them. */
function atMostEvery(milliseconds: number, run: () => void): (() => void) & { end(): void } {
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  const tell = (): void => {
    if (timer) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = null;
      if (again) {
        again = false;
        tell();
      }
    }, milliseconds);
  };
  const end = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (again) run();
    again = false;
  };
  return Object.assign(tell, { end });
}

import { join } from 'node:path';
import type { AppSnapshot, CollectedMetrics, MetricFamily } from '../../shared/addon-protocol';
import type { AddonLogLine, AddonState } from '../../shared/addons';
import { subtractTotals } from '../../shared/totals';
import { messageOf } from '../../shared/user-error';
import { ADDON_DEADLINES, type AddonDeadlines } from './addon-deadlines';
import { startAddonProcess, type AddonProcess } from './addon-process';
import { type AddonRequestsOptions, createAddonRequests } from './addon-requests';
import { collectSparingly } from './collect-addon-families';
import { type Confinement, type Confiner, grantedFreely } from './confinement';
import { deniedSentence } from './denied-sentence';
import { isSameGrant, type NamedFolders, NO_FOLDERS, reachesGrant } from './granted-places';
import type { AddonOffers, AttachedOffers } from './offers/addon-offers';
import { addDenied, addWarning, type InstalledAddon, inTurn, type WarningSource } from './installed-addon';
import { MAX_STRIKES } from './strikes';
import { endGroup } from '../processes/process-group';

export interface AddonRunnerOptions {
  /** Folder of the built add-on code, with `bootstrap.js`. */
  readonly builtFolder: string;
  readonly confiner: Confiner;
  readonly deadlines: Partial<AddonDeadlines> | undefined;
  readonly snapshot: () => AppSnapshot;
  readonly call: AddonRequestsOptions['call'];
  readonly image: AddonRequestsOptions['image'];
  readonly offers: AddonOffers;
  /** The families of the host and of every running add-on but one. */
  readonly collect: (exceptId: string) => Promise<Pick<CollectedMetrics, 'addons'> & { families: MetricFamily[] }>;
  readonly entry: (id: string) => InstalledAddon | undefined;
  /** Something shown of an add-on has changed. */
  readonly changed: () => void;
  /** An add-on was put into quarantine, which is to be stored. */
  readonly quarantined?: (entry: InstalledAddon) => void;
  /** Starts no add-on that did not come with the program. */
  readonly safeMode?: boolean;
  /** Why a repository has blocked the version that is there; null where none has. */
  readonly blocked?: (entry: InstalledAddon) => string | null;
  readonly onLog: ((addonId: string, line: AddonLogLine) => void) | undefined;
}

/** Starts and stops the processes of add-ons, and restarts those that end by themselves. Does not queue operations. */
export interface AddonRunner {
  /** Starts it afresh: the totals reported to it begin at 0. Settles when it runs or has failed. */
  start(entry: InstalledAddon): Promise<void>;
  /**
   * Restarts a running add-on if what it is granted has changed. Its totals go on, and events wait for it meanwhile.
   *
   * What its process could read of jobs and scenes it keeps until it ends by itself.
   *
   * @param wider only if it is granted something new, and is not at work: what it did would be lost. The next call finds
   * the new folders again, and what it no longer needs is taken from it at its next start
   * @param output a folder of images that it needs besides
   * @returns whether it was restarted; settles when it runs again or has failed
   */
  regrant(entry: InstalledAddon, options?: { wider: boolean; output?: readonly string[] }): Promise<boolean>;
  /** Leaves an enabled add-on off, with the reason. */
  refuse(entry: InstalledAddon, reason: string): void;
  /** Settles when its process is gone. */
  stop(entry: InstalledAddon): Promise<void>;
  /** Prevents all further restarts. */
  close(): void;
}

/** Why an add-on is off in safe mode. */
export const SAFE_MODE = 'Framegauge runs in safe mode, which starts no add-on that did not come with it.';

export function createAddonRunner(options: AddonRunnerOptions): AddonRunner {
  const deadlines: AddonDeadlines = { ...ADDON_DEADLINES, ...options.deadlines };
  let closing = false;

  function log(entry: InstalledAddon, level: AddonLogLine['level'], text: string, time = Date.now()): void {
    entry.log.push(level, text, time);
    options.onLog?.(entry.manifest.id, { level, text, time });
  }

  function change(entry: InstalledAddon, state: AddonState, reason: string | null = null): void {
    entry.state = state;
    entry.reason = reason;
    options.changed();
  }

  /** Starts it afresh: the totals reported to it begin at 0. */
  async function startAnew(entry: InstalledAddon): Promise<void> {
    stopWaiting(entry);
    entry.restarts.forget();
    entry.strikes.forget();
    entry.handlerErrors = 0;
    entry.denied = [];
    entry.counts ??= { handlerSeconds: 0, handlerErrors: 0, restarts: 0 };
    entry.baseline = { totals: options.snapshot().totals, since: Date.now() };
    await start(entry, false);
  }

  function warn(about: InstalledAddon, text: string, by: WarningSource): void {
    if (!addWarning(about, text, by)) return;
    log(about, 'warn', text);
    options.changed();
  }

  /** @param again whether it ran before, so that another failure counts as one more crash */
  async function start(entry: InstalledAddon, again: boolean): Promise<void> {
    const { manifest, bundled } = entry;
    if (options.safeMode && !bundled) return change(entry, 'off', SAFE_MODE);
    const blocked = options.blocked?.(entry) ?? null;
    if (blocked !== null) return change(entry, 'off', `It is blocked: ${blocked}`);
    entry.status = null;
    entry.warnings.clear();
    // The reason for the restart stays visible until it runs.
    change(entry, 'starting', again ? entry.reason : null);
    let confinement: Confinement;
    try {
      confinement = await options.confiner.confine(entry);
    } catch (error) {
      failed(entry, messageOf(error));
      return;
    }
    // The host began to close meanwhile.
    if (closing) return change(entry, 'off');
    let process: AddonProcess;
    const offers = options.offers.attach(manifest, {
      send: (command) => process.sendOffer(command),
      kill: (reason) => process.kill(reason),
      warn: (text) => process.warn(text),
    });
    /** The host's families as last sent to this process. */
    let sent: MetricFamily[] | null = null;
    const collect = collectSparingly(() => options.collect(manifest.id), bundled);
    try {
      process = startAddonProcess({
        addonId: manifest.id,
        bundled,
        bootstrap: join(options.builtFolder, 'bootstrap.js'),
        main: confinement.main,
        folder: confinement.folder,
        storage: confinement.storage,
        granted: grantedFreely(manifest),
        command: confinement.command,
        preferences: entry.values,
        deadlines,
        memoryLimit: confinement.memoryLimit,
        storageLimit: confinement.storageLimit,
        onStatus(status) {
          entry.status = status;
          options.changed();
        },
        onLog: (line) => log(entry, line.level, line.text, line.time),
        onWarning: (text) => warn(entry, text, 'host'),
        onHandlerError(_event, times) {
          entry.handlerErrors += times;
          if (entry.counts) entry.counts.handlerErrors += times;
          options.changed();
        },
        onDenied(denied) {
          const text = deniedSentence(denied, confinement.isolation, options.confiner.dataFolder);
          if (!addDenied(entry, text)) return;
          log(entry, 'warn', text);
          options.changed();
        },
        onLeftOut(addonId, text) {
          const about = options.entry(addonId);
          // Of others only what came with the program is believed.
          if (about && (about === entry || bundled)) warn(about, text, 'told');
        },
        onHandlerTime(seconds) {
          if (entry.counts) entry.counts.handlerSeconds += seconds;
        },
        onOffer: offers.receive,
        answer: createAddonRequests({
          manifest,
          snapshot: () => snapshotFor(entry),
          async collect() {
            const { families, addons } = await collect();
            const changed = families !== sent;
            sent = families;
            return { families: changed ? families : null, addons, snapshot: snapshotFor(entry) };
          },
          call: options.call,
          image: options.image,
        }),
      });
    } catch (error) {
      offers.close(`could not be started: ${messageOf(error)}`);
      failed(entry, messageOf(error));
      return;
    }
    entry.process = process;
    entry.confinement = confinement;
    for (const text of confinement.granted.warnings) log(entry, 'warn', text);
    for (const event of entry.held ?? []) process.deliver(event);
    entry.held = null;
    entry.offers = offers;
    const ended = whenGone(entry, process, offers, again);
    try {
      await process.registered;
      // Unless it is being stopped meanwhile.
      if (entry.state === 'starting') change(entry, 'running');
    } catch {
      await ended;
    }
  }

  /** Every end of a process, requested or not, is handled here. */
  async function whenGone(
    entry: InstalledAddon,
    process: AddonProcess,
    offers: AttachedOffers,
    again: boolean,
  ): Promise<void> {
    const end = await process.ended;
    // What it started and left running.
    if (process.pid !== undefined) endGroup(process.pid);
    const reason = end.reason ?? 'its process ended by itself';
    offers.close(`has ended: ${reason}`);
    forgetProcess(entry);
    entry.warnings.clear();
    // What replaces a process that the host stops goes on with its work.
    if (!entry.held) entry.kept = NO_FOLDERS;
    const ran = entry.state === 'running' || entry.state === 'starting';
    if (ran && end.overLimit && entry.strikes.add(reason) >= MAX_STRIKES) quarantine(entry, reason);
    else if (entry.state === 'running' || (entry.state === 'starting' && again)) crashed(entry, reason);
    else if (entry.state === 'starting') failed(entry, reason);
  }

  /** Stops an add-on for good that keeps going over its limits: until a person enables it again, and over restarts. */
  function quarantine(entry: InstalledAddon, reason: string): void {
    entry.enabled = false;
    entry.quarantine = `It is in quarantine until you enable it: it was stopped ${MAX_STRIKES} times within an hour, the last time because ${reason}.`;
    log(entry, 'error', entry.quarantine);
    change(entry, 'failed', entry.quarantine);
    options.quarantined?.(entry);
  }

  /** Restarts an add-on that ran, after a backoff, unless it has crashed too often. */
  function crashed(entry: InstalledAddon, reason: string): void {
    const next = entry.restarts.crashed();
    if (closing || 'gaveUp' in next) {
      const why = 'gaveUp' in next && entry.restarts.restarts ? `; it is not started again, for ${next.gaveUp}` : '';
      failed(entry, `${reason}${why}`);
      return;
    }
    const text = `${reason}; it is started again in ${next.pause / 1000} s`;
    change(entry, 'starting', text);
    log(entry, 'error', `It failed: ${text}`);
    entry.restartTimer = setTimeout(() => {
      void inTurn(entry, async () => {
        // Disabled, or enabled again, before the timer fired.
        if (!entry.restartTimer || closing) return;
        entry.restartTimer = null;
        if (entry.counts) entry.counts.restarts++;
        await start(entry, true);
      });
    }, next.pause);
  }

  function forgetProcess(entry: InstalledAddon): void {
    entry.process = null;
    entry.confinement = null;
    entry.status = null;
  }

  function stopWaiting(entry: InstalledAddon): void {
    if (entry.restartTimer) clearTimeout(entry.restartTimer);
    entry.restartTimer = null;
  }

  /** The host as this add-on sees it: with totals since it was enabled. */
  function snapshotFor({ baseline }: InstalledAddon): AppSnapshot {
    const snapshot = options.snapshot();
    return baseline
      ? { ...snapshot, totals: subtractTotals(snapshot.totals, baseline.totals), totalsSince: baseline.since }
      : snapshot;
  }

  function failed(entry: InstalledAddon, reason: string): void {
    log(entry, 'error', `It failed: ${reason}`);
    change(entry, 'failed', reason);
  }

  const regrant: AddonRunner['regrant'] = async (entry, { wider, output = [] } = { wider: false }) => {
    const { process, confinement } = entry;
    if (entry.state !== 'running' || !process || !confinement || closing) return false;
    keep(entry, { output: [...output, ...confinement.named.output], scenes: confinement.named.scenes });
    const { granted: wanted, named } = await options.confiner.grantNow(entry);
    if ((wider ? reachesGrant : isSameGrant)(confinement.granted, wanted)) return false;
    if (entry.process !== process) return false;
    if (wider && (process.busy || entry.offers?.busy())) {
      // A job may end before it is started again.
      keep(entry, named);
      return false;
    }
    log(entry, 'info', 'It is started again, since the folders that it may use have changed.');
    entry.held = [];
    try {
      await stop(entry, 'was started again, since the folders that it may use have changed');
      if (entry.counts) entry.counts.restarts++;
      if (!closing) await start(entry, false);
    } finally {
      entry.held = null;
    }
    return true;
  };

  /** @param why a clause, for what it was running for people */
  async function stop(entry: InstalledAddon, why = 'was disabled'): Promise<void> {
    stopWaiting(entry);
    const { process } = entry;
    let told: string | null = null;
    if (process) {
      change(entry, 'stopping');
      // At once, not only when it has unregistered.
      entry.offers?.close(why);
      const { reason, overLimit } = await process.stop();
      if (reason !== null) {
        const text = `When it was stopped: ${reason}`;
        log(entry, 'warn', text);
        if (overLimit) told = text;
      }
      forgetProcess(entry);
    }
    if (entry.broken === null) change(entry, 'off', told);
  }

  return {
    start: startAnew,
    regrant,
    refuse(entry, reason) {
      log(entry, 'warn', reason);
      // It is as if it were disabled until a person enables it; what is stored stays, so the next host says so too.
      entry.enabled = false;
      change(entry, 'off', reason);
    },
    stop: (entry) => stop(entry),
    close() {
      closing = true;
    },
  };
}

/** Adds folders to those that an add-on keeps over a restart, before the others. */
function keep(entry: InstalledAddon, { output, scenes }: NamedFolders): void {
  entry.kept = {
    output: [...new Set([...output, ...entry.kept.output])],
    scenes: [...new Set([...scenes, ...entry.kept.scenes])],
  };
}

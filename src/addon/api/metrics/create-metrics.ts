import {
  appSnapshotSchema,
  collectedMetricsSchema,
  type AddonToHost,
  type AppSnapshot,
  type MetricFamily,
} from '../../../shared/addon-protocol';
import { mergeFamilies } from '../../../shared/merge-families';
import type { AddonLog } from '../addon-log';
import type { DisposalStack } from '../disposal-stack';
import type { HostRequests } from '../host-requests';
import { admitFamilies, type AdmitOptions } from './admit-families';
import { printable } from './check-labels';
import { counted, timed, tracked } from './measured-functions';
import { createLiveRegistry, type LiveRegistry, type RegistryParts, type ServedMetrics } from './metric-registry';
import type { CollectedFamily } from './metric-table';
import type { AddonMetrics } from './metrics-api';
import { createUnpacker } from './packed-families';
import { parseExposition } from './parse-exposition';
import { createProcessHub } from './process-hub';
import { clashOf } from './taken-names';

export interface MetricsParts {
  readonly id: string;
  /** Ships with the program and may use the program's reserved names. */
  readonly bundled: boolean;
  /** URL of the module that workers import (worker-metrics.ts, built). */
  readonly workerModule: string;
  readonly requests: HostRequests;
  readonly disposals: DisposalStack;
  readonly send: (message: AddonToHost) => void;
  readonly log: AddonLog;
  /** Throws where nothing more can be taken through ctx. */
  readonly alive: () => void;
}

/** An add-on's metrics, together with the process's side of them. */
export interface LiveMetrics {
  readonly api: AddonMetrics;
  /** The add-on's own families with their current values, those that can be exposed. */
  ownFamilies(): Promise<CollectedFamily[]>;
}

/** Interval for repeating a problem to the host, in milliseconds: the host forgets problems that are not repeated. */
const REPEAT_INTERVAL = 30_000;

/** Ended workers of which a gauge of mode `all` keeps its series. */
const KEEP_ENDED = 20;

/** Builds `ctx.metrics`. */
export function createMetrics({
  id,
  bundled,
  workerModule,
  requests,
  disposals,
  send,
  log,
  alive,
}: MetricsParts): LiveMetrics {
  const unpacker = createUnpacker();
  let hostFamilies: MetricFamily[] = [];
  /** When each problem was last reported, in milliseconds of a monotonic clock. */
  const reported = new Map<string, number>();
  const served = new Set<ServedMetrics>();

  /**
   * Reports to the host that metrics of this or another add-on are left out: each problem at intervals for as long as
   * it lasts, not at every scrape.
   */
  function leftOut(addonId: string, text: string): void {
    const key = `${addonId} ${text}`;
    const reportedAt = reported.get(key);
    if (reportedAt === undefined ? reported.size >= 1_000 : performance.now() - reportedAt < REPEAT_INTERVAL) return;
    reported.set(key, performance.now());
    // The host writes it to the log of the add-on at fault.
    if (reportedAt === undefined && addonId !== id) log('warn', text);
    send({ type: 'left-out', addonId, text: text.slice(0, 500) });
  }

  const admission = (addonId: string, foreign: boolean): AdmitOptions => ({
    foreign,
    report: (name, problem) =>
      leftOut(
        addonId,
        `${name === null ? 'Metrics' : `The metric “${name}”`} of the add-on “${addonId}” ${name === null ? 'are' : 'is'} left out: ${problem}.`,
      ),
  });

  const snapshot = (): Promise<AppSnapshot> => requests.ask({ what: 'snapshot' }, appSnapshotSchema);
  /** Mistakes are reported here, whether or not anybody collects the metrics. */
  const admit = (families: readonly CollectedFamily[]): CollectedFamily[] =>
    admitFamilies(families, admission(id, !bundled));
  const registryParts: RegistryParts = {
    others: () => served,
    snapshot,
    admit,
    leftOut: (name, problem) => admission(id, !bundled).report(name, problem),
    logError: (text) => log('error', text),
    alive,
    onDispose: (release) => disposals.add(release),
  };

  const main = createLiveRegistry(registryParts);
  served.add(main);
  // Acquired first, released last: metrics that an add-on's own release still touches exist until then.
  disposals.add(() => main.clear());

  async function ownFamilies(given?: AppSnapshot): Promise<CollectedFamily[]> {
    let asked: Promise<AppSnapshot> | null = given ? Promise.resolve(given) : null;
    const seen = new Set<object>();
    const read = [...served].map((registry) => registry.read(() => (asked ??= snapshot()), seen));
    return admit((await Promise.all(read)).flat());
  }

  const reportMeasuring = (text: string): void => log('error', text);

  return {
    ownFamilies,
    api: {
      ...main.api,
      createRegistry({ served: isServed = true } = {}) {
        alive();
        const created: LiveRegistry = createLiveRegistry(
          isServed ? registryParts : { ...registryParts, others: () => [created] },
        );
        if (isServed) served.add(created);
        const dispose = (): void => {
          served.delete(created);
          created.clear();
        };
        const forget = disposals.add(dispose);
        return {
          ...created.api,
          dispose() {
            forget();
            dispose();
          },
        };
      },
      source: main.addSource,
      async collect() {
        // The other families first: the answer arrives after every event that the host sent before it, so the add-on's
        // own values include those.
        const collected = await requests.ask({ what: 'metrics' }, collectedMetricsSchema);
        hostFamilies = collected.families ?? hostFamilies;
        const others = collected.addons.map((addon) => ({
          addonId: addon.addonId,
          families: unpacker.unpack(addon.addonId, addon.packed, admission(addon.addonId, !addon.bundled)),
        }));
        const addons = [{ addonId: id, families: await ownFamilies(collected.snapshot) }, ...others];
        return mergeFamilies(
          [
            { from: 'the host', families: hostFamilies },
            ...addons.map(({ addonId, families }) => ({ from: `the add-on “${addonId}”`, families })),
          ],
          (text, source) => leftOut(addons[source - 1]?.addonId ?? id, text),
        );
      },
      processes({ keepEnded = KEEP_ENDED } = {}) {
        alive();
        const hub = createProcessHub({
          workerModule,
          keepEnded,
          clash: (family) =>
            clashOf(
              family,
              [...served].flatMap((other) => other.declared()),
            ),
          leftOut: registryParts.leftOut,
          refused: (worker, problem) =>
            leftOut(
              id,
              `What the worker “${printable(worker)}” of the add-on “${id}” has sent is left out: ${problem}.`,
            ),
          alive,
        });
        served.add(hub);
        disposals.add(() => {
          served.delete(hub);
          hub.close();
        });
        return hub.api;
      },
      parse: (text, format = 'text') => parseExposition(text, format),
      time: (target, run) => timed(target, run, reportMeasuring),
      trackInProgress: (gauge, run) => tracked(gauge, run, reportMeasuring),
      countExceptions: (counter, run, options) => counted(counter, run, options?.only, reportMeasuring),
    },
  };
}

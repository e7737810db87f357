import type {
  Addon,
  AddonManifest,
  AddonPermissions,
  AddonState,
  AddonStatus,
  PreferenceValues,
} from '../../shared/addons';
import type { LifecycleEvent } from '../../shared/lifecycle';
import type { Totals } from '../../shared/totals';
import type { AddonProcess } from './addon-process';
import type { Confinement } from './confinement';
import type { FoundAddon } from './discover';
import { type NamedFolders, NO_FOLDERS } from './granted-places';
import { createLogRing, type LogRing } from './log-ring';
import type { AttachedOffers } from './offers/addon-offers';
import { createPatternMatch, type PatternMatch } from '../preferences/pattern-match';
import { effectivePreferences, maskSecrets } from '../preferences/preference-value';
import type { StoredAddon } from '../preferences/stored-addon';
import { createStrikes, type Strikes } from './strikes';
import { createRestartPlan, type RestartPlan, type RestartTiming } from './restart-plan';

/** Maximum number of warnings of each source per add-on: beyond that, the log is the place to read them. */
const MAX_WARNINGS = 10;
/** Maximum number of denied accesses that are told; the panel shows the first ones. */
const MAX_DENIED = 50;
/** Lifetime of a warning that is not repeated, in milliseconds: longer than any scrape interval in use. */
const WARNING_HOLDS = 300_000;

/** Whether the host itself warns, or an add-on has told it, which may tell much. */
export type WarningSource = 'host' | 'told';

interface Warning {
  readonly by: WarningSource;
  /** When it was last reported, in milliseconds of a monotonic clock. */
  readonly time: number;
}

/** A discovered add-on, with the state that the manager and its runner keep. */
export interface InstalledAddon {
  /** Of the installed version; an update changes it, and never the id. */
  manifest: AddonManifest;
  /** Absolute. */
  folder: string;
  readonly bundled: boolean;
  /** Runs where its author works on it, and is not installed: its folder and its settings are not ours to change. */
  readonly linked: boolean;
  /** Why it cannot be enabled. */
  broken: string | null;
  /** The version before the last update; null for none. */
  previous: string | null;
  /** Why a repository has blocked it; null where none has. */
  blocked: string | null;
  enabled: boolean;
  /** See {@link StoredAddon}. */
  consented: AddonPermissions | null;
  quarantine: string | null;
  state: AddonState;
  reason: string | null;
  status: AddonStatus | null;
  /** Stored preferences: only those that were set, so that a new version's defaults apply to the others. */
  stored: PreferenceValues;
  /** Every declared preference with its effective value. */
  values: PreferenceValues;
  /** Matches the patterns of its preferences. */
  readonly matches: PatternMatch;
  /** Since it was enabled. */
  handlerErrors: number;
  /** Problems of a running add-on. */
  readonly warnings: Map<string, Warning>;
  /** What it tried without the permission for it since it was enabled, a sentence each. */
  denied: string[];
  process: AddonProcess | null;
  /** What its last process offers. */
  offers: AttachedOffers | null;
  /** How the process was started; null without one. */
  confinement: Confinement | null;
  /** Folders that its process keeps over a restart that the host brings about. */
  kept: NamedFolders;
  /** Events for the process that is about to replace the one that was stopped; null where none is. */
  held: LifecycleEvent[] | null;
  /** When it was enabled, and the host's totals at that moment; null before. Unchanged by restarts after a crash. */
  baseline: { readonly totals: Totals; readonly since: number } | null;
  /** Since the host started; null before its first start. */
  counts: { handlerSeconds: number; handlerErrors: number; restarts: number } | null;
  readonly restarts: RestartPlan;
  readonly strikes: Strikes;
  /** Timer of the restart after a crash. */
  restartTimer: NodeJS.Timeout | null;
  readonly log: LogRing;
  /** Settles when the last queued operation on this add-on is done. */
  turn: Promise<unknown>;
}

/** An add-on before its first start. */
export function installAddon(
  found: FoundAddon,
  stored: StoredAddon,
  restarts: Partial<RestartTiming> | undefined,
): InstalledAddon {
  const matches = createPatternMatch();
  return {
    ...found,
    linked: false,
    blocked: null,
    enabled: found.broken === null && stored.enabled,
    consented: stored.consented ?? null,
    quarantine: stored.quarantine ?? null,
    state: found.broken === null ? 'off' : 'failed',
    reason: found.broken,
    status: null,
    stored: stored.values,
    values: effectivePreferences(found.manifest.preferences, stored.values, matches),
    matches,
    handlerErrors: 0,
    warnings: new Map(),
    denied: [],
    process: null,
    offers: null,
    confinement: null,
    kept: NO_FOLDERS,
    held: null,
    baseline: null,
    counts: null,
    restarts: createRestartPlan(restarts),
    strikes: createStrikes(),
    restartTimer: null,
    log: createLogRing(),
    turn: Promise.resolve(),
  };
}

/** Maximum number of events that wait for a process that is being replaced; older ones are dropped. */
const MAX_HELD = 5_000;

/** Passes an event to the add-on's process, or keeps it for the one that replaces it. */
export function deliverTo(entry: InstalledAddon, event: LifecycleEvent): void {
  if (!entry.held) return entry.process?.deliver(event);
  entry.held.push(event);
  if (entry.held.length > MAX_HELD) entry.held.shift();
}

/** What of an add-on is stored. */
export function toStored({ enabled, stored, consented, quarantine }: InstalledAddon): StoredAddon {
  return { enabled, values: stored, consented: consented ?? undefined, quarantine: quarantine ?? undefined };
}

/** Runs an operation after those already queued for the same add-on. */
export function inTurn<T>(entry: InstalledAddon, operation: () => Promise<T>): Promise<T> {
  const result = entry.turn.then(operation);
  entry.turn = result.catch(() => {});
  return result;
}

/**
 * Records a problem of a running add-on. It expires unless it is repeated from time to time.
 *
 * @returns whether it is new and worth a line in the log, as everything is that the host itself warns of
 */
export function addWarning(entry: InstalledAddon, text: string, by: WarningSource): boolean {
  if (!entry.process) return false;
  const known = entry.warnings.has(text);
  if (!known && currentWarnings(entry, by).length >= MAX_WARNINGS) return by === 'host';
  entry.warnings.set(text, { by, time: performance.now() });
  return !known;
}

/** Records a denied access. @returns whether it is new and worth a line in the log */
export function addDenied(entry: InstalledAddon, text: string): boolean {
  if (entry.denied.includes(text) || entry.denied.length >= MAX_DENIED) return false;
  entry.denied.push(text);
  return true;
}

/** The add-on as exposed to clients. */
export function toAddon(entry: InstalledAddon): Addon {
  return {
    manifest: entry.manifest,
    folder: entry.folder,
    bundled: entry.bundled,
    enabled: entry.enabled,
    state: entry.state,
    isolation: entry.confinement?.isolation ?? null,
    reason: entry.blocked === null ? entry.reason : `It is blocked: ${entry.blocked}`,
    status: entry.status,
    preferences: maskSecrets(entry.manifest.preferences, entry.values),
    handlerErrors: entry.handlerErrors,
    previousVersion: entry.previous,
    warnings: [
      ...(entry.state === 'running' || entry.state === 'starting' ? [entry.strikes.told() ?? []].flat() : []),
      ...(entry.confinement?.granted.warnings ?? []),
      ...entry.denied.slice(0, MAX_WARNINGS),
      ...currentWarnings(entry, 'host'),
      ...currentWarnings(entry, 'told'),
    ],
  };
}

/** Warnings that have not expired; expired ones are removed. A warning expires when nobody repeats it. */
function currentWarnings({ warnings }: InstalledAddon, source: WarningSource): string[] {
  for (const [text, { time }] of warnings) if (performance.now() - time > WARNING_HOLDS) warnings.delete(text);
  return [...warnings].flatMap(([text, { by }]) => (by === source ? [text] : []));
}

/** Bundled add-ons first, then the others by name. */
export function toAddons(entries: readonly InstalledAddon[]): Addon[] {
  return entries
    .toSorted((a, b) => Number(b.bundled) - Number(a.bundled) || a.manifest.name.localeCompare(b.manifest.name))
    .map(toAddon);
}

import {
  PRESENCE_INTERVAL,
  PRESENCE_TIMEOUT,
  type Presence,
  type PresenceAnswer,
  type SeenRoot,
  shortSentence,
} from '../../shared/farm';
import { type MachineInfo, type MachineState } from '../../shared/machines';
import type { Root } from '../../shared/root-paths';
import type { EngineId } from '../../shared/scene';
import { throttle } from '../../shared/throttle';
import { VERSION } from '../version';
import type { StoredMachine } from './machine-store';
import { sleepOf } from './sleep';

/** A timer that is later than this shows that this host stood still itself, and heard from nobody, in milliseconds. */
const STANDSTILL = 500;
/** Number of sessions of a machine's program that are kept. */
const MAX_SESSIONS = 8;
/** Minimum interval between two calls of `onList`, in milliseconds. */
const LIST_INTERVAL = 500;

/** A machine that takes frames now. */
export interface ReadyMachine {
  readonly id: string;
  readonly name: string;
  readonly workers: number;
  readonly engines: readonly EngineId[];
  readonly tags: readonly string[];
  readonly installations: Presence['installations'];
  /** Roots that it has proved to see, with their paths there. */
  readonly roots: readonly Root[];
}

export interface MachinesOptions {
  /** By name. */
  stored(): readonly StoredMachine[];
  find(id: string): StoredMachine | null;
  /** Number of a machine's frames in work. */
  framesOf(id: string): number;
  /** Whether a machine has read the probe of a root. */
  isProved(root: SeenRoot): boolean;
  /** What keeps a machine that takes frames from those of a job, as a sentence; null for nothing. */
  unfitFor(id: string): string | null;
  /** Which of these leases a machine does not hold. */
  voidLeases(id: string, leases: readonly number[]): number[];
  /** Whether a machine takes frames, or what it can render, has changed. */
  onChange(id: string): void;
  /** A machine hands its frames in work back, since somebody uses it. @param why as a sentence */
  onHandBack(id: string, why: string): void;
  /** What clients see has changed, beside when machines were last heard from. */
  onList(machines: MachineInfo[]): void;
}

/** What is known of a machine since the host's start. */
interface Seen {
  readonly presence: Presence;
  /** From which it talks to the manager; null where that is not known. */
  readonly address: string | null;
  /** Milliseconds since 1970, for people. */
  readonly at: number;
  /** False when it is cut off. */
  near: boolean;
  /** Sessions of its program before this one, the latest first. */
  readonly earlier: readonly string[];
  /** When one of them was last heard after a later one, from performance.now(); null for never. */
  readonly twinAt: number | null;
  timeout: NodeJS.Timeout;
}

interface Rest {
  readonly reason: string;
  readonly timer: NodeJS.Timeout;
}

/** Why a machine gets no frames. */
interface Block {
  readonly state: MachineState;
  /** Its frames in work are to be rendered by others. */
  readonly handsBack?: boolean;
  /** As a sentence. */
  readonly reason: string;
}

/** Knows which machines are there, and which of them take frames. */
export class Machines {
  readonly #options: MachinesOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #resting = new Map<string, Rest>();
  readonly #lastErrors = new Map<string, { readonly at: number; readonly reason: string }>();
  /** Those of {@link ready}; null after a change. */
  #ready: ReadyMachine[] | null = null;
  /** What each of them last was, as text, by id: with many machines they are never compared all at once. */
  readonly #announced = new Map<string, string>();
  #listed = '[]';
  /** Call when something about a machine has changed that clients see. */
  readonly touch = throttle(LIST_INTERVAL, () => this.#tellList());

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  /** A machine has told that it is there. */
  hear({ id }: StoredMachine, presence: Presence, address: string | null = null): PresenceAnswer {
    const before = this.#seen.get(id);
    if (before) clearTimeout(before.timeout);
    // Its program was started anew, perhaps because of what kept it from rendering.
    if (before && before.presence.session !== presence.session) this.#endRest(id);
    const timeout = this.#awaitWord(id, PRESENCE_TIMEOUT);
    const sessions = sessionsOf(before, presence.session);
    this.#seen.set(id, { presence, address, at: Date.now(), near: true, timeout, ...sessions });
    this.changed(id);
    const block = this.#blockOf(id);
    if (block?.handsBack && this.#options.framesOf(id) > 0) this.#options.onHandBack(id, block.reason);
    // It knows itself what it reaches.
    const refusal = block?.state === 'cut-off' ? null : (block?.reason ?? null);
    const roots = this.#provedRoots(presence).map((root) => root.name);
    return { refusal, roots, void: this.#options.voidLeases(id, presence.leases) };
  }

  /** The machines that take frames now. */
  ready(): readonly ReadyMachine[] {
    return (this.#ready ??= this.#options.stored().flatMap((machine) => this.#readyOf(machine) ?? []));
  }

  /** A machine that takes frames now; null for any other. */
  readyWith(id: string): ReadyMachine | null {
    const stored = this.#options.find(id);
    return stored && this.#readyOf(stored);
  }

  #readyOf({ id, name, settings: { tags } }: StoredMachine): ReadyMachine | null {
    const seen = this.#seen.get(id);
    if (!seen || !this.isReady(id)) return null;
    const { workers, engines, installations } = seen.presence;
    return { id, name, workers, engines, tags, installations, roots: this.#provedRoots(seen.presence) };
  }

  isReady(id: string): boolean {
    return this.#blockOf(id) === null;
  }

  /** Whether a machine is heard from. */
  isNear(id: string): boolean {
    return this.#seen.get(id)?.near === true;
  }

  /** Whether a machine has just told that it works on a lease. */
  holds(id: string, lease: number): boolean {
    const seen = this.#seen.get(id);
    return !!seen?.near && seen.presence.leases.includes(lease);
  }

  /** The session of a machine's program; null before it was heard from. */
  session(id: string): string | null {
    return this.#seen.get(id)?.presence.session ?? null;
  }

  /** A frame failed on a machine, or it could not render one. */
  failed(id: string, reason: string): void {
    this.#lastErrors.set(id, { at: Date.now(), reason: shortSentence(reason) });
    this.touch();
  }

  /** Gives a machine no frames for a while. */
  rest(id: string, reason: string, milliseconds: number): void {
    this.failed(id, reason);
    this.#endRest(id);
    const timer = setTimeout(() => {
      this.#endRest(id);
      this.changed(id);
    }, milliseconds);
    timer.unref();
    this.#resting.set(id, { reason: shortSentence(reason), timer });
    this.changed(id);
  }

  forget(id: string): void {
    clearTimeout(this.#seen.get(id)?.timeout);
    this.#seen.delete(id);
    this.#lastErrors.delete(id);
    this.#endRest(id);
    this.changed(id);
  }

  list(): MachineInfo[] {
    return this.#options.stored().map((machine) => this.#info(machine));
  }

  /** A machine as clients see it; null when there is none of this id. */
  get(id: string): MachineInfo | null {
    const stored = this.#options.find(id);
    return stored && this.#info(stored);
  }

  /** Call when what is stored of a machine has changed. */
  changed(id: string): void {
    this.touch();
    const ready = this.readyWith(id);
    const now = ready && JSON.stringify({ ...ready, session: this.session(id) });
    if (now === (this.#announced.get(id) ?? null)) return;
    if (now === null) this.#announced.delete(id);
    else this.#announced.set(id, now);
    this.#ready = null;
    this.#options.onChange(id);
  }

  close(): void {
    for (const { timeout } of this.#seen.values()) clearTimeout(timeout);
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
  }

  #info({ id, name, version, joinedAt, settings }: StoredMachine): MachineInfo {
    const seen = this.#seen.get(id);
    const frames = this.#options.framesOf(id);
    const block = this.#blockOf(id);
    const busy = frames > 0 ? 'rendering' : 'idle';
    return {
      id,
      name,
      state: block?.state ?? busy,
      reason: block?.reason ?? (frames === 0 ? this.#options.unfitFor(id) : null),
      ...settings,
      workers: seen?.presence.workers ?? 0,
      frames,
      engines: seen?.presence.engines ?? [],
      installations: (seen?.presence.installations ?? []).map(({ engine, version: of }) => ({ engine, version: of })),
      roots: seen ? this.#provedRoots(seen.presence).map((root) => root.name) : [],
      memory: seen?.presence.memory ?? null,
      metrics: seen ? metricsTarget(seen) : null,
      lastError: this.#lastErrors.get(id) ?? null,
      version: seen?.presence.version ?? version,
      lastSeen: seen?.at ?? null,
      joinedAt,
    };
  }

  /** @returns null when it takes frames */
  #blockOf(id: string): Block | null {
    const stored = this.#options.find(id);
    const seen = this.#seen.get(id);
    if (!stored || !seen?.near) return { state: 'cut-off', reason: `“${stored?.name ?? id}” has not been heard from.` };
    const { name, settings } = stored;
    const { twinAt } = seen;
    const { version, queue } = seen.presence;
    if (version !== VERSION)
      return {
        state: 'refused',
        reason: `It runs Framegauge ${version}, and the manager ${VERSION}: install the same version on both.`,
      };
    if (twinAt !== null && performance.now() - twinAt < PRESENCE_TIMEOUT)
      return {
        state: 'refused',
        reason: `Two computers use the identity of “${name}”: join one of them with a new invitation.`,
      };
    if (!queue) return { state: 'cut-off', reason: `“${name}” does not reach the ticket queue.` };
    if (settings.paused)
      return this.#options.framesOf(id) > 0
        ? { state: 'draining', reason: `“${name}” is paused, and finishes its frames in work.` }
        : { state: 'paused', reason: `“${name}” is paused: resume it to give it frames again.` };
    const sleep = sleepOf(name, settings, seen.presence, Date.now());
    if (sleep) return { state: 'asleep', ...sleep };
    const rest = this.#resting.get(id);
    return rest ? { state: 'resting', reason: rest.reason } : null;
  }

  #provedRoots({ roots }: Presence): Root[] {
    const proved = roots.filter((root) => this.#options.isProved(root));
    return proved.map(({ name, path }) => ({ name, path }));
  }

  /** What machines told while this host stood still is heard in a moment. */
  #awaitWord(id: string, milliseconds: number): NodeJS.Timeout {
    const due = performance.now() + milliseconds;
    const timeout = setTimeout(() => {
      const seen = this.#seen.get(id);
      if (seen && performance.now() - due > STANDSTILL) seen.timeout = this.#awaitWord(id, PRESENCE_INTERVAL);
      else this.#lose(id);
    }, milliseconds);
    return timeout.unref();
  }

  #lose(id: string): void {
    const seen = this.#seen.get(id);
    if (seen) seen.near = false;
    this.changed(id);
  }

  #endRest(id: string): void {
    clearTimeout(this.#resting.get(id)?.timer);
    this.#resting.delete(id);
  }

  #tellList(): void {
    const machines = this.list();
    const now = JSON.stringify(
      machines.map((machine) => ({ ...machine, lastSeen: null, memory: memorySteps(machine) })),
    );
    if (now === this.#listed) return;
    this.#listed = now;
    this.#options.onList(machines);
  }
}

/** A program that ends is not heard from again, unless it is that of another computer with the same identity. */
function sessionsOf(before: Seen | undefined, session: string): Pick<Seen, 'earlier' | 'twinAt'> {
  if (!before) return { earlier: [], twinAt: null };
  const { earlier, twinAt, presence } = before;
  if (session === presence.session) return { earlier, twinAt };
  return {
    earlier: [presence.session, ...earlier.filter((one) => one !== presence.session)].slice(0, MAX_SESSIONS),
    twinAt: earlier.includes(session) ? performance.now() : twinAt,
  };
}

/** Memory in use, in steps of a twentieth: a machine's memory moves all the time. */
function memorySteps({ memory }: MachineInfo): number | null {
  return memory && Math.round((20 * memory.usedBytes) / memory.totalBytes);
}

/** Where Prometheus finds a machine's metrics, as HOST:PORT. */
function metricsTarget({ presence: { metrics }, address }: Pick<Seen, 'presence' | 'address'>): string | null {
  // It may name itself only: Prometheus would ask whatever else it names, in the manager's network.
  const host = metrics && (metrics.host ?? address);
  if (!host || host !== address) return null;
  return `${host.includes(':') ? `[${host}]` : host}:${metrics.port}`;
}

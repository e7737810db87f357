import {
  type MachineInfo,
  PRESENCE_TIMEOUT,
  type Presence,
  type PresenceAnswer,
  shortSentence,
} from '../../shared/farm';
import type { EngineId } from '../../shared/scene';
import { VERSION } from '../version';
import type { StoredMachine } from './machine-store';

/** A machine that takes frames now. */
export interface ReadyMachine {
  readonly id: string;
  readonly name: string;
  readonly workers: number;
  readonly engines: readonly EngineId[];
}

export interface MachinesOptions {
  stored(): readonly StoredMachine[];
  /** Number of a machine's frames in work. */
  framesOf(id: string): number;
  /** Which of these leases a machine does not hold. */
  voidLeases(id: string, leases: readonly number[]): number[];
  /** The machines that take frames, or what they can render, have changed. */
  onChange(): void;
}

/** What is known of a machine since the host's start. */
interface Seen {
  readonly presence: Presence;
  /** Milliseconds since 1970, for people. */
  readonly at: number;
  /** False when it is cut off. */
  near: boolean;
  readonly timeout: NodeJS.Timeout;
}

interface Rest {
  readonly reason: string;
  readonly timer: NodeJS.Timeout;
}

/** Knows which machines are there, and which of them take frames. */
export class Machines {
  readonly #options: MachinesOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #resting = new Map<string, Rest>();
  /** What {@link ready} last was, as text. */
  #announced = '[]';

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  /** A machine has told that it is there. */
  hear({ id }: StoredMachine, presence: Presence): PresenceAnswer {
    const before = this.#seen.get(id);
    if (before) clearTimeout(before.timeout);
    // Its program was started anew, perhaps because of what kept it from rendering.
    if (before && before.presence.session !== presence.session) this.#endRest(id);
    const timeout = setTimeout(() => this.#lose(id), PRESENCE_TIMEOUT);
    timeout.unref();
    this.#seen.set(id, { presence, at: Date.now(), near: true, timeout });
    this.#changed();
    return { refusal: refusalOf(presence), void: this.#options.voidLeases(id, presence.leases) };
  }

  /** The machines that take frames now. */
  ready(): ReadyMachine[] {
    return this.#options.stored().flatMap(({ id, name }) => {
      const seen = this.#seen.get(id);
      if (!seen || !this.isReady(id)) return [];
      return [{ id, name, workers: seen.presence.workers, engines: seen.presence.engines }];
    });
  }

  isReady(id: string): boolean {
    const seen = this.#seen.get(id);
    return !!seen?.near && seen.presence.queue && !this.#resting.has(id) && refusalOf(seen.presence) === null;
  }

  /** Whether a machine has just told that it works on a lease. */
  holds(id: string, lease: number): boolean {
    const seen = this.#seen.get(id);
    return !!seen?.near && seen.presence.leases.includes(lease);
  }

  /** The session of a machine's program; null before it was heard of. */
  session(id: string): string | null {
    return this.#seen.get(id)?.presence.session ?? null;
  }

  /** Gives a machine no frames for a while. */
  rest(id: string, reason: string, milliseconds: number): void {
    this.#endRest(id);
    const timer = setTimeout(() => {
      this.#endRest(id);
      this.#changed();
    }, milliseconds);
    timer.unref();
    this.#resting.set(id, { reason: shortSentence(reason), timer });
    this.#changed();
  }

  forget(id: string): void {
    clearTimeout(this.#seen.get(id)?.timeout);
    this.#seen.delete(id);
    this.#endRest(id);
    this.#changed();
  }

  list(): MachineInfo[] {
    return this.#options.stored().map((machine) => this.#info(machine));
  }

  close(): void {
    for (const { timeout } of this.#seen.values()) clearTimeout(timeout);
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
  }

  #info({ id, name, version, joinedAt }: StoredMachine): MachineInfo {
    const seen = this.#seen.get(id);
    const frames = this.#options.framesOf(id);
    const known = {
      id,
      name,
      workers: seen?.presence.workers ?? 0,
      frames,
      engines: seen?.presence.engines ?? [],
      version: seen?.presence.version ?? version,
      lastSeen: seen?.at ?? null,
      joinedAt,
    };
    if (!seen?.near) return { ...known, state: 'cut-off', reason: `“${name}” is not heard of.` };
    const refusal = refusalOf(seen.presence);
    if (refusal !== null) return { ...known, state: 'refused', reason: refusal };
    if (!seen.presence.queue)
      return { ...known, state: 'cut-off', reason: `“${name}” does not reach the ticket queue.` };
    const rest = this.#resting.get(id);
    if (rest) return { ...known, state: 'resting', reason: rest.reason };
    return { ...known, state: frames > 0 ? 'rendering' : 'idle', reason: null };
  }

  #lose(id: string): void {
    const seen = this.#seen.get(id);
    if (seen) seen.near = false;
    this.#changed();
  }

  #endRest(id: string): void {
    clearTimeout(this.#resting.get(id)?.timer);
    this.#resting.delete(id);
  }

  #changed(): void {
    const now = JSON.stringify(this.ready().map((machine) => ({ ...machine, session: this.session(machine.id) })));
    if (now === this.#announced) return;
    this.#announced = now;
    this.#options.onChange();
  }
}

/** Why a machine gets no frames, as a sentence; null when it does. */
function refusalOf({ version }: Presence): string | null {
  return version === VERSION
    ? null
    : `It runs Framegauge ${version}, and the manager ${VERSION}: install the same version on both.`;
}

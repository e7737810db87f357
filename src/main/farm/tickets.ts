import { join } from 'node:path';
import type { DeliveredFile, RenderedResult, Ticket, TicketResult } from '../../shared/farm';
import { Problem } from '../http/problem';
import { FrameError, FrameLostError, type RenderedFile, type RenderedFrame } from '../engines/render-engine';
import { FinishedTickets } from './finished-tickets';
import type { Machines } from './machines';
import { type OpenTicket, deliveredFile } from './open-ticket';
import type { PublishedScene } from './scene-manifest';
import type { TicketQueue } from './ticket-queue';

/** How often tickets in work are compared with the queue, in milliseconds: the queue may lose some. */
const CHECK_INTERVAL = 5_000;
/** How long a frame of the last manager waits for word of its machine, in milliseconds. */
const ADOPTION_TIME = 10_000;
/** How long a machine that could not render gets no frames, in milliseconds. */
const REST = 30_000;

export interface TicketsOptions {
  readonly machines: Pick<Machines, 'holds' | 'isNear' | 'session' | 'isReady' | 'rest' | 'failed'>;
  readonly queue: () => TicketQueue;
  /** Leases of an earlier manager that this one may adopt. */
  readonly adoptable: Iterable<number>;
  /** The number of tickets of a machine has changed. */
  onCount(): void;
  /** A frame was lost with its machine. @param why as a sentence */
  onLost(ticket: Ticket, machine: OpenTicket['machine'], why: string): void;
  /** A frame has arrived. @param bytes of all its files */
  onDelivered(machine: OpenTicket['machine'], bytes: number): void;
  onFault(error: unknown): void;
}

/** The tickets in work. A lease that is not among them is void: nothing more is taken for it. */
export class Tickets {
  /** Those that have ended by a result, of late. */
  readonly finished = new FinishedTickets();
  readonly #options: TicketsOptions;
  readonly #open = new Map<number, OpenTicket>();
  /** Number of each machine's tickets, by id. */
  readonly #counts = new Map<string, number>();
  /** Neither void nor open yet: machines that ask are to ask again. */
  readonly #adoptable: Set<number>;
  readonly #timer: NodeJS.Timeout;

  constructor(options: TicketsOptions) {
    this.#options = options;
    this.#adoptable = new Set(options.adoptable);
    this.#timer = setInterval(() => this.check(), CHECK_INTERVAL);
    this.#timer.unref();
  }

  /**
   * Has a machine render a frame. Under a lease that is {@link mayAdopt adoptable}, it may have that in work already.
   *
   * @param signal gives the frame up; the promise then rejects at once
   * @throws FrameError when the frame failed, FrameLostError when the machine or the way there was lost
   */
  async render(
    wanted: Omit<OpenTicket, 'arriving' | 'delivered' | 'placed' | 'adopted' | 'missingSince' | 'session' | 'settle'>,
    signal: AbortSignal,
  ): Promise<RenderedFrame> {
    const { ticket, machine } = wanted;
    const { lease } = ticket;
    const { machines, queue } = this.#options;
    const session = machines.session(machine.id);
    const adopted = this.#adoptable.delete(lease);
    const missingSince = adopted ? performance.now() : null;
    const ended = new Promise<RenderedFrame>((resolve, reject) => {
      const settle = (end: RenderedFrame | Error): void => (end instanceof Error ? reject(end) : resolve(end));
      this.#open.set(lease, {
        ...wanted,
        arriving: new Map(),
        delivered: new Map(),
        placed: adopted,
        adopted,
        missingSince,
        session,
        settle,
      });
    });
    this.#count(machine.id, 1);
    const giveUp = (): void => this.#end(lease, new FrameError('The frame was given up.', false));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const placed = adopted || signal.aborted ? Promise.resolve() : this.#place(machine.id, ticket);
    try {
      return await ended;
    } catch (error) {
      void placed.then(() => queue().withdraw(machine.id, lease)).catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Whether a machine may have a lease of an earlier manager in work. */
  mayAdopt(lease: number): boolean {
    return this.#adoptable.has(lease);
  }

  /** A lease of an earlier manager is void. */
  forgo(lease: number): void {
    this.#adoptable.delete(lease);
  }

  /**
   * A machine's open ticket; null when its lease is void, or another machine's.
   *
   * @throws Problem (503) while it is not known whether that is so
   */
  get(machineId: string, lease: number): OpenTicket | null {
    if (this.mayAdopt(lease)) throw starting();
    const open = this.#open.get(lease);
    return open?.machine.id === machineId ? open : null;
  }

  /** The scene of an open ticket of a machine; null for any other. @throws as {@link get} */
  sceneOf(machineId: string, sceneId: string): PublishedScene | null {
    for (const { machine, published } of this.#open.values())
      if (machine.id === machineId && published.id === sceneId) return published;
    if (this.#adoptable.size > 0) throw starting();
    return null;
  }

  /** Number of a machine's tickets. */
  countOf(machineId: string): number {
    return this.#counts.get(machineId) ?? 0;
  }

  /** Those of these leases that are void, or another machine's. */
  voidLeases(machineId: string, leases: readonly number[]): number[] {
    return leases.filter((lease) => !this.mayAdopt(lease) && this.get(machineId, lease) === null);
  }

  /** A machine tells how its ticket ended. @returns false when files are missing that it has rendered */
  finish(open: OpenTicket, result: TicketResult): boolean {
    const { ticket, machine, delivered } = open;
    const { lease } = ticket;
    if (result.outcome === 'rendered' && !result.files.every((_file, number) => delivered.has(number))) return false;
    this.finished.add(open, result);
    switch (result.outcome) {
      case 'rendered':
        this.#options.onDelivered(machine, bytesOf(open, result));
        this.#end(lease, renderedFrame(open, result));
        break;
      case 'failed':
        this.#options.machines.failed(machine.id, result.reason);
        this.#end(lease, new FrameError(result.reason, result.final, result.kind, result.log, result.failure));
        break;
      case 'unable':
        this.#options.machines.rest(machine.id, result.reason, REST);
        this.#lose(lease, `“${machine.name}” could not render it: ${result.reason}`);
    }
    return true;
  }

  /** Files of a ticket can't be stored: that ends it. */
  fail(lease: number, error: Error): void {
    this.#end(lease, error);
  }

  /**
   * A machine has shown no sign of life on a ticket, unless it has told of it by the other way.
   *
   * @returns whether the lease may be valid there
   */
  stalled(machineId: string, lease: number): boolean {
    if (this.mayAdopt(lease)) return true;
    const open = this.get(machineId, lease);
    if (!open) return false;
    if (!this.#options.machines.holds(machineId, lease))
      this.#lose(lease, `“${open.machine.name}” has died or was cut off.`);
    return true;
  }

  /** Finds tickets that no machine will end. @param machineId only those of one machine */
  check(machineId?: string): void {
    for (const open of this.#open.values())
      if (machineId !== undefined && open.machine.id !== machineId) continue;
      else if (open.adopted) this.#checkAdopted(open);
      else
        void this.#check(open).catch(() => {
          // The queue is away: what machines have in work, they deliver without it.
        });
  }

  /** A machine was forgotten or paused. */
  loseAll(machineId: string, why: string): void {
    for (const { ticket, machine } of this.#open.values()) if (machine.id === machineId) this.#lose(ticket.lease, why);
  }

  /** Another manager has taken over. */
  loseEvery(why: string): void {
    for (const lease of this.#open.keys()) this.#lose(lease, why);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What the queue has of it is an earlier manager's: only its machine knows. */
  #checkAdopted(open: OpenTicket): void {
    const { machines } = this.#options;
    const { lease } = open.ticket;
    const { id, name } = open.machine;
    if (machines.holds(id, lease)) {
      open.missingSince = null;
    } else if (machines.isNear(id)) {
      this.#lose(lease, `“${name}” has it no longer.`);
    } else {
      this.#checkSilent(open, machines.session(id) === null ? ADOPTION_TIME : CHECK_INTERVAL);
    }
  }

  /** Of a machine that is not heard from. @param limit how long that may last, in milliseconds */
  #checkSilent(open: OpenTicket, limit: number): void {
    open.missingSince ??= performance.now();
    if (performance.now() - open.missingSince >= limit)
      this.#lose(open.ticket.lease, `“${open.machine.name}” has not been heard from.`);
  }

  async #check(open: OpenTicket): Promise<void> {
    const { machines, queue } = this.#options;
    const { lease } = open.ticket;
    const { id, name } = open.machine;
    if (machines.isNear(id)) open.missingSince = null;
    if (!open.placed || machines.holds(id, lease) || !queue().connected) return;
    const place = await queue().placeOf(id, lease);
    // It may have been taken meanwhile.
    if (machines.holds(id, lease)) return;
    if (place === 'gone') this.#lose(lease, `The ticket queue has lost it.`);
    else if (place === 'waiting' && !machines.isReady(id)) this.#lose(lease, `“${name}” does not take it.`);
    else if (place === 'active' && machines.session(id) !== open.session)
      this.#lose(lease, `“${name}” was started again.`);
    // It renews its ticket as long as it reaches the queue, though it can deliver nothing.
    else if (place === 'active' && !machines.isNear(id)) this.#checkSilent(open, CHECK_INTERVAL);
  }

  /** Never rejects. */
  async #place(machineId: string, ticket: Ticket): Promise<void> {
    const { machines, queue, onFault } = this.#options;
    try {
      await queue().put(machineId, ticket);
      const open = this.#open.get(ticket.lease);
      if (open) open.placed = true;
    } catch (error) {
      // A queue that is there and takes nothing must not be asked again at once.
      if (queue().connected) {
        onFault(error);
        machines.rest(machineId, 'The ticket queue takes no tickets for it.', REST);
      }
      this.#lose(ticket.lease, 'The ticket queue could not take it.');
    }
  }

  #lose(lease: number, why: string): void {
    const open = this.#open.get(lease);
    if (open) this.#options.onLost(open.ticket, open.machine, why);
    this.#end(lease, new FrameLostError(why));
  }

  /** From now on its lease is void. */
  #end(lease: number, end: RenderedFrame | Error): void {
    const open = this.#open.get(lease);
    if (!open) return;
    this.#open.delete(lease);
    // A file that still comes in, or has stopped on its way, would keep its room on the disk for an hour.
    for (const { stop } of open.arriving.values()) void stop();
    open.settle(end);
    this.#count(open.machine.id, -1);
  }

  #count(machineId: string, more: number): void {
    const count = this.countOf(machineId) + more;
    if (count > 0) this.#counts.set(machineId, count);
    else this.#counts.delete(machineId);
    this.#options.onCount();
  }
}

function starting(): Problem {
  return new Problem(503, 'The manager has just been started: ask again.');
}

function renderedFrame({ folder, root, delivered }: OpenTicket, result: RenderedResult): RenderedFrame {
  const { seconds, peakBytes, warnings, log } = result;
  const files = result.files.map((file, number) => {
    const { flushed, content } = delivered.get(number)!;
    return { ...renderedFile(file, deliveredFile(folder, number), root), flushed, content };
  });
  return { files, seconds, peakBytes, warnings, log };
}

/** Bytes of the files that a result lists. */
function bytesOf({ delivered }: OpenTicket, { files }: RenderedResult): number {
  return files.reduce((sum, _file, number) => sum + delivered.get(number)!.bytes, 0);
}

/** @param root of its ticket */
function renderedFile(file: DeliveredFile, path: string, root: string): RenderedFile {
  if ('view' in file) return { path, target: { view: file.view }, ...(file.size && { size: file.size }) };
  if ('previewOf' in file) return { path, target: { previewOf: file.previewOf } };
  return { path, target: { file: 'below' in file ? join(root, file.below) : file.file } };
}

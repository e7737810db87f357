import type { Ticket } from '../../shared/farm';

/*
 * The port to the engine that hands tickets to machines and finds out which of those that work on them have died. It
 * holds nothing that could not be lost: frames and leases are in the manager's database.
 */

/** Where a ticket is: `active` while a machine works on it; `gone` when the queue has no such ticket. */
export type TicketPlace = 'waiting' | 'active' | 'gone';

/** What the manager sees of a machine's identity. */
export interface QueueUser {
  readonly id: string;
  /** SHA-256 of its password, in hex. */
  readonly queueHash: string;
}

/** The manager's side. Methods reject while the engine is away. */
export interface TicketQueue {
  /** Whether the engine can be reached now. */
  readonly connected: boolean;
  /** Opens the queue of a machine, empty, which may use that one and nothing else. */
  admit(user: QueueUser): Promise<void>;
  /** Closes a machine's queue and its access. What fails is done when the engine answers again. */
  expel(id: string): Promise<void>;
  put(id: string, ticket: Ticket): Promise<void>;
  /** Takes back a ticket: one that a machine works on is given up there. */
  withdraw(id: string, lease: number): Promise<void>;
  placeOf(id: string, lease: number): Promise<TicketPlace>;
  close(): Promise<void>;
}

/** What the manager is told by its ticket queue. */
export interface TicketQueueEvents {
  /**
   * A machine that worked on a ticket has shown no sign of life for seconds, or says so.
   *
   * @returns whether the ticket is in work there as far as is known: then it is taken back
   */
  onStalled(id: string, lease: number): boolean;
  /** The engine was reached, or lost. */
  onConnection(connected: boolean): void;
}

/** A machine's side: runs the tickets of its queue. */
export interface TicketSource {
  /** Whether the engine can be reached now. */
  readonly connected: boolean;
  /** Gives up the frame of a ticket. */
  giveUp(lease: number): void;
  /** Gives up all frames, and takes no more tickets. */
  close(): Promise<void>;
}

/** Runs a ticket; settles when the machine may take another in its place. Never rejects. */
export type RunTicket = (ticket: Ticket, signal: AbortSignal) => Promise<void>;

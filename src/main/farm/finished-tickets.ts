import { createHash } from 'node:crypto';
import type { TicketResult } from '../../shared/farm';
import type { OpenTicket, WholeFile } from './open-ticket';

/** Number of them that are kept. A machine notices within half a minute that it got no answer. */
const MAX_FINISHED = 10_000;

interface Finished {
  readonly machineId: string;
  /** SHA-256 of the result. */
  readonly result: string;
  /** Number, size and digest of the last file that it lists; null for none. */
  readonly last: (Pick<WholeFile, 'bytes' | 'digest'> & { readonly number: number }) | null;
}

/**
 * The tickets that have ended by a result. A machine that got no answer to it sends the same again: it is told that it was
 * taken, and not that its lease is void.
 */
export class FinishedTickets {
  /** By lease, oldest first. */
  readonly #finished = new Map<number, Finished>();

  add({ ticket, machine, delivered }: OpenTicket, result: TicketResult): void {
    const number = result.outcome === 'rendered' ? result.files.length - 1 : -1;
    const file = delivered.get(number);
    const last = file ? { number, bytes: file.bytes, digest: file.digest } : null;
    this.#finished.set(ticket.lease, { machineId: machine.id, result: hashOf(result), last });
    if (this.#finished.size > MAX_FINISHED) this.#finished.delete(this.#finished.keys().next().value!);
  }

  /** Size of a ticket's last file, in bytes; null for any other file, or content. */
  bytesOf(machineId: string, lease: number, number: number, digest: string): number | null {
    const last = this.#of(machineId, lease)?.last;
    return last?.number === number && last.digest === digest ? last.bytes : null;
  }

  /** Whether a ticket has ended by just this result. */
  has(machineId: string, lease: number, result: TicketResult): boolean {
    const found = this.#of(machineId, lease);
    return found !== null && found.result === hashOf(result);
  }

  #of(machineId: string, lease: number): Finished | null {
    const found = this.#finished.get(lease);
    return found?.machineId === machineId ? found : null;
  }
}

/** The same of a result that came with a file and of one that came by itself: both were read by one schema. */
function hashOf(result: TicketResult): string {
  return createHash('sha256').update(JSON.stringify(result)).digest('base64');
}

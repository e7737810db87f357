import type Database from 'libsql';
import type { StoreConnection } from './store-connection';

/*
 * The lease counter, a single row in its own table. A lease identifies one try of one frame permanently: requeuing,
 * editing or copying a job never resets the counter, and a new database continues from the one it replaces.
 */

/** Maximum lease. Any higher value is damage; the limit leaves room for more tries than there will ever be. */
const MOST_LEASE = 2 ** 52;

/** The next lease. Runs in the transaction that assigns it to a frame. */
export function takeLease(connection: StoreConnection): number {
  const lease = lastLease(connection) + 1;
  connection.run('UPDATE leases SET last = ?', lease);
  return lease;
}

/** The highest lease so far. */
export function lastLease(connection: StoreConnection): number {
  return connection.get<{ last: number }>('SELECT last FROM leases')!.last;
}

/** Continues leases from a number, unless they are beyond it already. */
export const CONTINUE_LEASES = 'UPDATE leases SET last = max(last, ?)';

/** Continues leases from a number, unless they are beyond it already. */
export function continueLeases(database: Database.Database, from: number): void {
  database.prepare(CONTINUE_LEASES).run(from);
}

export function isLease(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_LEASE;
}

/**
 * Detects a counter that was set back, which would assign a lease twice.
 *
 * @param every whether to compare the leases of all frames, or only of those in work
 * @returns what is wrong, in words; null for nothing
 */
export function leaseFault(database: Database.Database, every: boolean): string | null {
  const counters = database.prepare('SELECT last FROM leases').all() as { last: number }[];
  const { most } = database
    .prepare(`SELECT coalesce(max(lease), 0) AS most FROM frames${every ? '' : " WHERE state = 'rendering'"}`)
    .get() as { most: number };
  const last = counters.length === 1 ? counters[0]!.last : -1;
  return isLease(last) && last >= most ? null : 'the counter of leases is damaged';
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type Database from 'libsql';
import { closeSqlite, openSqlite } from '../data/open-sqlite';

/** How long an invitation is valid, in milliseconds. */
const INVITATION_TIME = 3_600_000;

/** Schema migrations. Never change a released one; add another. Times are milliseconds since 1970. */
export const migrations: readonly string[] = [
  // Only hashes of secrets are stored: whoever reads the file can't pose as a machine.
  `
  CREATE TABLE machines (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    token_hash TEXT NOT NULL,
    queue_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    joined_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE invitations (secret_hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

/** A machine that has joined. */
export interface StoredMachine {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of its password for the ticket queue, in hex. */
  readonly queueHash: string;
  /** Version of Framegauge when it joined. */
  readonly version: string;
  readonly joinedAt: number;
}

/** A machine that has just joined, with the secrets that only it knows from now on. */
export interface JoinedMachine extends StoredMachine {
  readonly token: string;
  readonly queuePassword: string;
}

/** The machines that have joined, and the open invitations, in the manager's data folder. */
export interface MachineStore {
  list(): StoredMachine[];
  get(id: string): StoredMachine | null;
  /** @returns the secret of a new invitation */
  invite(now: number): { readonly secret: string; readonly expiresAt: number };
  /**
   * Uses up an invitation.
   *
   * @param name wanted; a number is added if another machine has it
   * @returns null when there is no such invitation, or no longer
   */
  join(secret: string, name: string, version: string, now: number): JoinedMachine | null;
  /** The machine with a token; null for none. */
  withToken(token: string): StoredMachine | null;
  forget(id: string): void;
  /** A message to the user about the file; null for none. */
  readonly notice: string | null;
  close(): void;
}

interface MachineRow {
  readonly id: string;
  readonly name: string;
  readonly token_hash: string;
  readonly queue_hash: string;
  readonly version: string;
  readonly joined_at: number;
}

/** @throws as {@link openSqlite} */
export function openMachineStore(file: string): MachineStore {
  const { database, setAside } = openSqlite(file, { migrations, pragmas: ['PRAGMA synchronous = FULL'] });
  const all = database.prepare('SELECT * FROM machines ORDER BY name');
  const byId = database.prepare('SELECT * FROM machines WHERE id = ?');
  const insert = database.prepare(
    'INSERT INTO machines (id, name, token_hash, queue_hash, version, joined_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  /** By id: a token contains its machine's. */
  const row = (id: string): MachineRow | undefined => byId.get(id) as MachineRow | undefined;

  function freeName(wanted: string): string {
    const taken = new Set((all.all() as MachineRow[]).map(({ name }) => name));
    if (!taken.has(wanted)) return wanted;
    let number = 2;
    while (taken.has(numbered(wanted, number))) number++;
    return numbered(wanted, number);
  }

  return {
    list: () => (all.all() as MachineRow[]).map(toMachine),
    get(id) {
      const found = row(id);
      return found ? toMachine(found) : null;
    },
    invite(now) {
      const secret = randomBytes(16).toString('base64url');
      const expiresAt = now + INVITATION_TIME;
      database.prepare('DELETE FROM invitations WHERE expires_at < ?').run(now);
      database
        .prepare('INSERT INTO invitations (secret_hash, expires_at) VALUES (?, ?)')
        .run(hashOf(secret), expiresAt);
      return { secret, expiresAt };
    },
    join(secret, name, version, now) {
      const used = database
        .prepare('DELETE FROM invitations WHERE secret_hash = ? AND expires_at >= ?')
        .run(hashOf(secret), now);
      if (used.changes !== 1) return null;
      const id = randomBytes(6).toString('hex');
      const token = `${id}.${randomBytes(32).toString('base64url')}`;
      const queuePassword = randomBytes(32).toString('base64url');
      insert.run(id, freeName(name), hashOf(token), hashOf(queuePassword), version, now);
      return { ...toMachine(row(id)!), token, queuePassword };
    },
    withToken(token) {
      const found = row(token.split('.', 1)[0]!);
      if (!found || !timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(found.token_hash))) return null;
      return toMachine(found);
    },
    forget: (id) => void database.prepare('DELETE FROM machines WHERE id = ?').run(id),
    notice: setAside && noticeOf(setAside.file, setAside.reason),
    close: () => closeSqlite(database as Database.Database),
  };
}

function noticeOf(file: string, reason: string): string {
  return `The list of the farm’s machines could not be read (${reason}). It was set aside as ${file}: invite the machines again.`;
}

/** A name with a number, within the length that names may have. */
function numbered(name: string, number: number): string {
  return `${name.slice(0, 57)}-${number}`;
}

/** Secrets are random and long: one round of SHA-256 is enough. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function toMachine({ id, name, queue_hash, version, joined_at }: MachineRow): StoredMachine {
  return { id, name, queueHash: queue_hash, version, joinedAt: joined_at };
}

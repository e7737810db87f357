import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type Database from 'libsql';
import { type MachineSettings, machineSettingsSchema } from '../../shared/machines';
import { MANAGER } from '../../shared/machine-limits';
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
  // settings: what is set for it on the manager, JSON.
  `
  ALTER TABLE machines ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
  `,
  // macs: its hardware addresses, to wake it by, JSON.
  `
  ALTER TABLE machines ADD COLUMN macs TEXT NOT NULL DEFAULT '[]';
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
  readonly settings: MachineSettings;
  /** Hardware addresses that it was heard from with last. */
  readonly macs: readonly string[];
}

/** A machine that wants to join. */
export interface JoiningMachine extends Pick<MachineSettings, 'tags'> {
  readonly name: string;
  readonly version: string;
}

/** A machine that has just joined, with the secrets that only it knows from now on. */
export interface JoinedMachine extends StoredMachine {
  readonly token: string;
  readonly queuePassword: string;
}

/** Minimum interval between two writes of a machine's hardware addresses, in milliseconds. */
const MACS_INTERVAL = 60_000;

/** The machines that have joined, and the open invitations, in the manager's data folder. */
export interface MachineStore {
  /** By name. */
  list(): readonly StoredMachine[];
  get(id: string): StoredMachine | null;
  /** @returns the secret of a new invitation */
  invite(now: number): { readonly secret: string; readonly expiresAt: number };
  /**
   * Uses up an invitation.
   *
   * @param machine its name is the wanted one; a number is added if another machine has it
   * @returns null when there is no such invitation, or no longer
   */
  join(secret: string, machine: JoiningMachine, now: number): JoinedMachine | null;
  /** The machine with a token; null for none. */
  withToken(token: string): StoredMachine | null;
  /** Changes what is set for a machine. */
  set(id: string, change: Partial<MachineSettings>): void;
  /**
   * Keeps the hardware addresses of a machine, once a minute at most; none are no news.
   *
   * @param now milliseconds of a monotonic clock
   */
  setMacs(id: string, macs: readonly string[], now: number): void;
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
  readonly settings: string;
  readonly macs: string;
}

/** @throws as {@link openSqlite} */
export function openMachineStore(file: string): MachineStore {
  const { database, setAside } = openSqlite(file, { migrations, pragmas: ['PRAGMA synchronous = FULL'] });
  const insert = database.prepare(
    'INSERT INTO machines (id, name, token_hash, queue_hash, version, joined_at, settings) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const row = database.prepare('SELECT * FROM machines WHERE id = ?');
  /** In memory, since every sign of life of every machine asks for them. */
  const byId = new Map<string, StoredMachine>();
  const hashes = new Map<string, string>();
  const names = new Set<string>([MANAGER]);
  /** When the hardware addresses of each were last written. */
  const macsKept = new Map<string, number>();
  /** By name; null after a change. */
  let machines: readonly StoredMachine[] | null = null;
  for (const one of database.prepare('SELECT * FROM machines').all() as MachineRow[]) keep(one);

  function keep(stored: MachineRow): void {
    byId.set(stored.id, toMachine(stored));
    hashes.set(stored.id, stored.token_hash);
    names.add(stored.name);
    machines = null;
  }

  /** Reads a machine again, and not all of a large farm. */
  function read(id: string): void {
    const before = byId.get(id);
    if (before) names.delete(before.name);
    byId.delete(id);
    hashes.delete(id);
    machines = null;
    const [stored] = row.all(id) as MachineRow[];
    if (stored) keep(stored);
  }

  function freeName(wanted: string): string {
    if (!names.has(wanted)) return wanted;
    let number = 2;
    while (names.has(numbered(wanted, number))) number++;
    return numbered(wanted, number);
  }

  const get = (id: string): StoredMachine | null => byId.get(id) ?? null;

  return {
    list: () => (machines ??= [...byId.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    get,
    invite(now) {
      const secret = randomBytes(16).toString('base64url');
      const expiresAt = now + INVITATION_TIME;
      database.prepare('DELETE FROM invitations WHERE expires_at < ?').run(now);
      database
        .prepare('INSERT INTO invitations (secret_hash, expires_at) VALUES (?, ?)')
        .run(hashOf(secret), expiresAt);
      return { secret, expiresAt };
    },
    join(secret, { name, version, tags }, now) {
      const id = randomBytes(6).toString('hex');
      const token = `${id}.${randomBytes(32).toString('base64url')}`;
      const queuePassword = randomBytes(32).toString('base64url');
      const enter = database.transaction(() => {
        const used = database
          .prepare('DELETE FROM invitations WHERE secret_hash = ? AND expires_at >= ?')
          .run(hashOf(secret), now);
        if (used.changes !== 1) return false;
        const settings = JSON.stringify({ tags });
        insert.run(id, freeName(name), hashOf(token), hashOf(queuePassword), version, now, settings);
        return true;
      });
      if (!enter()) return null;
      read(id);
      return { ...get(id)!, token, queuePassword };
    },
    withToken(token) {
      // A token contains its machine's id.
      const id = token.split('.', 1)[0]!;
      const hash = hashes.get(id);
      if (hash === undefined || !timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(hash))) return null;
      return get(id);
    },
    set(id, change) {
      const settings = JSON.stringify({ ...get(id)?.settings, ...change });
      database.prepare('UPDATE machines SET settings = ? WHERE id = ?').run(settings, id);
      read(id);
    },
    setMacs(id, macs, now) {
      const known = get(id);
      if (!known || macs.length === 0 || known.macs.join() === macs.join()) return;
      if (now - (macsKept.get(id) ?? Number.NEGATIVE_INFINITY) < MACS_INTERVAL) return;
      macsKept.set(id, now);
      database.prepare('UPDATE machines SET macs = ? WHERE id = ?').run(JSON.stringify(macs), id);
      read(id);
    },
    forget(id) {
      macsKept.delete(id);
      database.prepare('DELETE FROM machines WHERE id = ?').run(id);
      read(id);
    },
    notice: setAside && noticeOf(setAside.file, setAside.reason),
    close: () => closeSqlite(database as Database.Database),
  };
}

function noticeOf(file: string, reason: string): string {
  return `The list of the farm’s machines could not be read (${reason}). It was set aside as ${file}: invite the machines again.`;
}

/** A name with a number, within the length that names may have. */
function numbered(name: string, number: number): string {
  return `${Array.from(name).slice(0, 57).join('')}-${number}`;
}

/** Secrets are random and long: one round of SHA-256 is enough. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function toMachine({ id, name, queue_hash, version, joined_at, settings, macs }: MachineRow): StoredMachine {
  const read = machineSettingsSchema.parse(JSON.parse(settings));
  return {
    id,
    name,
    queueHash: queue_hash,
    version,
    joinedAt: joined_at,
    settings: read,
    macs: JSON.parse(macs) as string[],
  };
}

import { existsSync, renameSync } from 'node:fs';
import Database from 'libsql';
import type { OperationOutput, StoredEvent } from '../../shared/host-api';
import { type LifecycleEvent, lifecycleEventSchema } from '../../shared/lifecycle';
import { messageOf } from '../../shared/user-error';

/** How many events are kept; the oldest go. */
const KEEP = 200_000;
/** How long events wait for others to be written with, in milliseconds. */
const GATHER = 20;
/** Old events are deleted once there are so many too many: a deletion costs more than a hundred events. */
const SLACK = 1_000;
/** So many are written at once, without waiting for more. */
const MAX_BATCH = 1_000;
/** How many events wait in memory while the disk refuses them. */
const MAX_WAITING = 20_000;
/** How long to wait after a failed write, in milliseconds. */
const RETRY = 5_000;

/** Numbered steps that build the present schema, as in jobs/database.ts. Times are milliseconds since 1970. */
const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL
  ) STRICT;
  `,
];

export interface EventLogOptions {
  /** Told a sentence when events can't be written. */
  readonly onFault: (text: string) => void;
  readonly keep?: number;
}

/**
 * The lifecycle events of this host and of those before it on the same data folder, each with a cursor that only grows. In a file of its own, so that nothing here can hold up the queue.
 */
export interface EventLog {
  /** What the person should know about the file; null for nothing. */
  readonly notice: string | null;
  /** Stores an event a moment later, together with others. Progress within a frame (`render_stats`) is not kept. */
  append(event: LifecycleEvent): void;
  /** Stored events after a cursor, oldest first. */
  list(request: { readonly after: number; readonly limit: number }): OperationOutput<'events.list'>;
  /** The cursor of the event stored last; of what is told from now on, every cursor is larger. */
  newest(): number;
  /** Resolves when there is an event after the cursor, or when the signal is aborted. */
  after(cursor: number, signal: AbortSignal): Promise<void>;
  /** Writes what waits. Appending and listing afterwards does nothing. */
  close(): void;
}

/**
 * Opens the file of stored events. One that can't be read is set aside, never deleted.
 *
 * @throws when the folder can't be written to
 */
export function openEventLog(file: string, { onFault, keep = KEEP }: EventLogOptions): EventLog {
  const { database, notice } = openOrSetAside(file);
  const insert = database.prepare('INSERT INTO events (event) VALUES (?)');
  const page = database.prepare(
    'SELECT cursor, CAST(event AS BLOB) AS event FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?',
  );
  const first = database.prepare('SELECT min(cursor) AS cursor FROM events');
  const last = database.prepare("SELECT seq AS cursor FROM sqlite_sequence WHERE name = 'events'");
  const forget = database.prepare('DELETE FROM events WHERE cursor <= ?');

  let newest = (last.get() as { cursor: number } | undefined)?.cursor ?? 0;
  let oldest = (first.get() as { cursor: number | null }).cursor;
  let waiting: string[] = [];
  let lost = 0;
  let timer: NodeJS.Timeout | null = null;
  let failing = false;
  let closed = false;
  const watchers = new Set<() => void>();

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    let cursor = newest;
    try {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const event of waiting) cursor = Number(insert.run(event).lastInsertRowid);
        if (cursor - (oldest ?? newest + 1) >= keep + SLACK) forget.run(cursor - keep);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      if (!failing)
        onFault(
          `Events could not be stored (${messageOf(error)}): clients that were away may miss some. It is tried again.`,
        );
      failing = true;
      if (!closed) schedule(RETRY);
      return;
    }
    if (failing)
      onFault(lost > 0 ? `Events are stored again; ${lost} were lost.` : 'Events are stored again; none was lost.');
    failing = false;
    lost = 0;
    waiting = [];
    newest = cursor;
    oldest = (first.get() as { cursor: number | null }).cursor;
    for (const wake of watchers) wake();
  }

  function schedule(delay: number): void {
    timer ??= setTimeout(flush, delay);
    // Closing writes what waits.
    timer.unref();
  }

  return {
    notice,
    append(event) {
      if (closed || event.name === 'render_stats') return;
      waiting.push(JSON.stringify(event));
      if (waiting.length >= MAX_BATCH && !failing) flush();
      else if (waiting.length > MAX_WAITING) {
        waiting.shift();
        lost += 1;
      }
      schedule(GATHER);
    },
    list({ after, limit }) {
      if (closed) return { events: [], oldest, newest };
      // Whoever asks after something has happened is to find it.
      if (!failing) flush();
      const rows = page.all(after, limit) as { cursor: number; event: ArrayBuffer }[];
      return { events: rows.flatMap(readEvent), oldest, newest };
    },
    newest: () => newest,
    after(cursor, signal) {
      if (newest > cursor || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          watchers.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        watchers.add(wake);
        signal.addEventListener('abort', wake);
      });
    },
    close() {
      if (closed) return;
      closed = true;
      flush();
      if (timer) clearTimeout(timer);
      database.close();
    },
  };
}

/** None for one that was damaged on the disk. It comes as bytes, since the library ends the whole process at a text that is not UTF-8. */
function readEvent({ cursor, event }: { cursor: number; event: ArrayBuffer }): StoredEvent[] {
  try {
    return [{ ...lifecycleEventSchema.parse(JSON.parse(Buffer.from(event).toString())), cursor }];
  } catch {
    return [];
  }
}

function openOrSetAside(file: string): { database: Database.Database; notice: string | null } {
  try {
    return { database: openAndMigrate(file), notice: null };
  } catch (error) {
    if (!existsSync(file)) throw error;
    const aside =
      file.replace(/\.sqlite$/, '') + `.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    const database = openAndMigrate(file);
    // Cursors must go on growing although nobody can tell any more how far they were. There was never more than one event a millisecond since 1970.
    database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)").run(Date.now());
    return {
      database,
      notice: `The stored events could not be read (${messageOf(error)}). They were set aside as ${aside}; queue and images are not concerned.`,
    };
  }
}

function openAndMigrate(file: string): Database.Database {
  const database = new Database(file);
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    const sound = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (sound.quick_check !== 'ok') throw new Error(sound.quick_check);
    const version = (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    if (version > migrations.length)
      throw new Error(`they were written by a newer version of Framegauge (schema ${version})`);
    for (const [index, step] of migrations.entries()) {
      if (index < version) continue;
      database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

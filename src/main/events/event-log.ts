import type Database from 'libsql';
import type { OperationOutput } from '../../shared/host-api';
import type { StoredEvent } from '../../shared/lifecycle';
import { type LifecycleEvent, lifecycleEventSchema } from '../../shared/lifecycle';
import { closeSqlite, openSqlite } from '../data/open-sqlite';
import { describe } from '../data/system-error';

/** Number of events kept; the oldest are deleted. */
const KEEP = 200_000;
/** How long events are collected before they are written together, in milliseconds. */
const GATHER = 20;
/** Excess events that trigger a deletion, which costs more than writing a hundred. */
const SLACK = 1_000;
/** Number of events that are written at once, without waiting for more. */
const MAX_BATCH = 1_000;
/** Maximum number of events kept in memory while writes fail. */
const MAX_WAITING = 20_000;
/** Maximum cursor. Any higher value is damage; the limit leaves room for more events than there will ever be. */
const MOST_CURSOR = 2 ** 52;
/** Delay after a failed write, in milliseconds. */
const RETRY = 5_000;

/** Schema migrations. Never change a released one; add another. Times are milliseconds since 1970. */
const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL
  ) STRICT;
  `,
];

export interface EventLogOptions {
  /** Called with a sentence when events can't be written, or were lost. */
  readonly onFault: (text: string) => void;
  /** Called when events are written again and none was lost. */
  readonly onMended?: () => void;
  readonly keep?: number;
}

/**
 * The lifecycle events of this and earlier hosts on the data folder, each with an increasing cursor. Stored in a
 * separate file, so that it can't delay the queue.
 */
export interface EventLog {
  /** Notice about the file for the user; null for none. */
  readonly notice: string | null;
  /**
   * Stores an event shortly afterwards, together with others. Progress within a frame (`render_stats`) is not stored.
   */
  append(event: LifecycleEvent): void;
  /** Stored events after a cursor, oldest first. */
  list(request: { readonly after: number; readonly limit: number }): OperationOutput<'events.list'>;
  /** Cursor of the latest stored event; later events have larger ones. */
  newest(): number;
  /** Resolves when there is an event after the cursor, or when the signal is aborted. */
  after(cursor: number, signal: AbortSignal): Promise<void>;
  /** Writes pending events. Later calls of append and list do nothing. */
  close(): void;
}

/**
 * Opens the event log. A file that can't be read is set aside, never deleted.
 *
 * @throws when the folder can't be written to
 */
export function openEventLog(file: string, { onFault, onMended, keep = KEEP }: EventLogOptions): EventLog {
  const { database, notice } = openOrSetAside(file);
  const insert = database.prepare('INSERT INTO events (event) VALUES (?)');
  const page = database.prepare(
    'SELECT cursor, CAST(event AS BLOB) AS event FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?',
  );
  const first = database.prepare('SELECT min(cursor) AS cursor FROM events');
  const last = database.prepare(
    "SELECT max((SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'), (SELECT coalesce(max(cursor), 0) FROM events)) AS cursor",
  );
  const forget = database.prepare('DELETE FROM events WHERE cursor <= ?');

  let newest = (last.get() as { cursor: number }).cursor;
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
        // SQLite has rolled back by itself if the disk is full.
        if (database.inTransaction) database.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      if (!failing)
        onFault(
          `Events could not be stored (${describe(error)}): clients that were away may miss some. It is tried again.`,
        );
      failing = true;
      if (!closed) schedule(RETRY);
      return;
    }
    if (failing && lost > 0) onFault(`Events are stored again; ${lost} were lost.`);
    else if (failing) onMended?.();
    failing = false;
    lost = 0;
    waiting = [];
    newest = cursor;
    oldest = (first.get() as { cursor: number | null }).cursor;
    for (const wake of watchers) wake();
  }

  function schedule(delay: number): void {
    timer ??= setTimeout(flush, delay);
    // Closing writes pending events.
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
      // Events must be visible to anyone who asks after they happened.
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
      closeSqlite(database);
    },
  };
}

/**
 * Skips an event that was damaged on disk. Read as bytes, since libsql aborts the process on text that is not UTF-8.
 */
function readEvent({ cursor, event }: { cursor: number; event: ArrayBuffer }): StoredEvent[] {
  try {
    return [{ ...lifecycleEventSchema.parse(JSON.parse(Buffer.from(event).toString())), cursor }];
  } catch {
    return [];
  }
}

function openOrSetAside(file: string): { database: Database.Database; notice: string | null } {
  const { database, setAside } = openSqlite(file, {
    migrations,
    contentFault,
    salvage(empty) {
      // Cursors must keep increasing even if the last one is unknown. There was never more than one event per millisecond
      // since 1970.
      empty.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)").run(Date.now());
    },
  });
  if (setAside === null) return { database, notice: null };
  return {
    database,
    notice: `The stored events could not be read (${setAside.reason}). They were set aside as ${setAside.file}; queue and images are not concerned.`,
  };
}

/** A cursor beyond the range of exact integers can't increase any more. */
function contentFault(database: Database.Database): string | null {
  const odd = database.prepare(
    `SELECT 1 AS odd FROM sqlite_sequence WHERE typeof(seq) != 'integer' OR seq NOT BETWEEN 0 AND ${MOST_CURSOR}
      UNION ALL SELECT 1 FROM (SELECT min(cursor) AS low, max(cursor) AS high FROM events) WHERE low < 1 OR high > ${MOST_CURSOR}`,
  );
  return odd.get() ? 'their cursors are damaged' : null;
}

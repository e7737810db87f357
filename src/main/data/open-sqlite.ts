import { isUtf8 } from 'node:buffer';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';
import { UserError, messageOf } from '../../shared/user-error';
import { makePrivateFile } from './private-files';

/** Schema and checks of a SQLite file. */
export interface SqliteFormat {
  /**
   * Migrations to the present schema; `PRAGMA user_version` is the number applied. Never change a released one; add
   * another.
   */
  readonly migrations: readonly string[];
  /** Statements for the connection, after those for every file (WAL, `synchronous = NORMAL`). */
  readonly pragmas?: readonly string[];
  /**
   * Checks the content.
   *
   * @returns what is wrong, in words; null for nothing. Called after schema and pages were found sound
   */
  readonly contentFault?: (database: Database.Database) => string | null;
  /**
   * Takes over into the new database, in one transaction, what can be had of the one that was set aside. Where it throws,
   * the old file is put back, so that the next start tries again.
   */
  readonly salvage?: (database: Database.Database, aside: SetAside) => void;
}

export interface OpenedSqlite {
  readonly database: Database.Database;
  /** Set if the existing file couldn't be used; null otherwise. */
  readonly setAside: SetAside | null;
}

export interface SetAside {
  /** Its new path. */
  readonly file: string;
  /** Why, in words, on one line. */
  readonly reason: string;
  /**
   * It was written by a newer version and may contain what this one can't understand: nothing may be salvaged from it.
   */
  readonly newer: boolean;
}

class NewerDatabaseError extends Error {
  constructor(version: number) {
    super(`written by a newer version of Framegauge (schema ${version})`);
  }
}

/** The files that SQLite keeps for one database. */
const SUFFIXES = ['', '-wal', '-shm'] as const;

/** Errors that don't concern the file: it is fine once there is space, or the other process is gone. */
const PASSING = new Set(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_NOMEM']);

/** Errors that say nothing of the content: the file, or its log, is somebody else's, as after a restore by root. */
const DENIED = new Set(['EACCES', 'EPERM', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_READONLY']);

/**
 * Opens a SQLite file, private to this user, and migrates it. A file that is damaged or not a database is renamed,
 * never deleted, and a new one is created.
 *
 * Nothing is read from a file before its schema and pages were checked: libsql aborts the process if a text or column
 * name it returns is not UTF-8.
 *
 * @throws UserError when this user may not read and write the file or its log
 * @throws when the disk is full, another process holds the file, or its folder can't be written to
 */
export function openSqlite(file: string, format: SqliteFormat): OpenedSqlite {
  try {
    return { database: openAndMigrate(file, format), setAside: null };
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (!existsSync(file) || PASSING.has(code)) throw error;
    if (DENIED.has(code))
      throw new UserError(
        `${file} cannot be opened (${code}): give it, and the files beside it that begin with its name, to the user that Framegauge runs as.`,
      );
    const aside = {
      file: setAside(file),
      reason: oneLine(messageOf(error)),
      newer: error instanceof NewerDatabaseError,
    };
    let database: Database.Database | null = null;
    try {
      database = openAndMigrate(file, format);
      database.exec('BEGIN IMMEDIATE');
      format.salvage?.(database, aside);
      database.exec('COMMIT');
      return { database, setAside: aside };
    } catch (again) {
      database?.close();
      try {
        putBack(aside.file, file);
      } catch {
        // What kept the new one from being written is what a person must know.
      }
      throw again;
    }
  }
}

/** Closes a database after a checkpoint, so that the file can be copied without its log. */
export function closeSqlite(database: Database.Database): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // If the disk is full the log remains, and the next start reads it.
  }
  database.close();
}

function openAndMigrate(file: string, { migrations, pragmas = [], contentFault }: SqliteFormat): Database.Database {
  // Opening a pipe would wait for its writer.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error(`${file} is not a file`);
  makePrivateFile(file);
  const database = new Database(file);
  try {
    database.exec('PRAGMA journal_mode = WAL');
    // In WAL mode NORMAL loses nothing when a process dies; a power cut may lose the last transactions. Those
    // that may not be lost are flushed afterwards (jobs/store/log-flush.ts).
    database.exec('PRAGMA synchronous = NORMAL');
    for (const pragma of pragmas) database.exec(pragma);
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) throw new NewerDatabaseError(version);
    const fault = schemaFault(database, migrations.slice(0, Math.max(0, version))) ?? pageFault(database);
    if (fault !== null) throw new Error(fault);
    migrate(database, migrations, version);
    const content = contentFault?.(database) ?? null;
    if (content !== null) throw new Error(content);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: Database.Database, migrations: readonly string[], from: number): void {
  for (const [index, step] of migrations.entries()) {
    if (index < from) continue;
    try {
      database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
    } catch (error) {
      // Closing is not enough: libsql keeps the connection until the last statement was garbage-collected.
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

/**
 * Compares the schema with the one the migrations create. A flipped byte in it results in another column, which SQLite
 * accepts. Additions by others (an index, `sqlite_stat1`) are ignored as long as they can be read.
 */
function schemaFault(database: Database.Database, migrations: readonly string[]): string | null {
  const model = new Database(':memory:');
  try {
    migrate(model, migrations, 0);
    const found = new Map(schemaOf(database).map((bytes) => [withoutSpace(bytes), bytes]));
    for (const bytes of found.values()) if (!isUtf8(bytes)) return 'its schema is damaged';
    return schemaOf(model).every((bytes) => found.has(withoutSpace(bytes))) ? null : 'its schema is damaged';
  } finally {
    model.close();
  }
}

/** Each table and index, as bytes: type, name, table and definition. */
function schemaOf(database: Database.Database): ArrayBuffer[] {
  const rows = database
    .prepare("SELECT CAST(concat_ws(' ', type, name, tbl_name, sql) AS BLOB) AS text FROM sqlite_schema")
    .all();
  return (rows as { text: ArrayBuffer }[]).map(({ text }) => text);
}

function withoutSpace(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('latin1').replaceAll(/\s+/g, '');
}

/** Checks the pages; takes a sixth of a second for a million rows. */
function pageFault(database: Database.Database): string | null {
  const { text } = database.prepare('SELECT CAST(quick_check AS BLOB) AS text FROM pragma_quick_check(1)').get() as {
    text: ArrayBuffer;
  };
  const answer = Buffer.from(text).toString();
  return answer === 'ok' ? null : answer;
}

/** SQLite's reports may span several lines, and quote a whole table's definition. */
function oneLine(text: string): string {
  return text
    .replaceAll(/\*\*\*.*?\*\*\*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Renames the file and its log. @returns the file's new path */
function setAside(file: string): string {
  const aside =
    file.replace(/\.sqlite$/, '') + `.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`;
  rename(file, aside);
  return aside;
}

/** Undoes {@link setAside} where no new file could be created or filled, so that the next start sees the old one again. */
function putBack(aside: string, file: string): void {
  for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true });
  rename(aside, file);
}

function rename(from: string, to: string): void {
  for (const suffix of SUFFIXES) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

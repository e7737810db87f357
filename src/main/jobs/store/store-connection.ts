import { statSync } from 'node:fs';
import type Database from 'libsql';
import { closeSqlite } from '../../data/open-sqlite';
import { LogFlush } from './log-flush';

/** Interval between checkpoints of the write-ahead log, in milliseconds. */
const CHECKPOINT_INTERVAL = 30_000;
/** Log size in bytes above which a checkpoint truncates it. */
const LARGE_LOG = 16_000_000;

/** Parameter types of statements; SQLite knows no others. */
export type SqlValue = string | number | null;

/** The single connection of the stores: caches prepared statements, runs transactions and checkpoints the log. */
export class StoreConnection {
  readonly #database: Database.Database;
  readonly #log: string;
  readonly #logFlush: LogFlush;
  // A separate cache: in libsql 0.5, `get` of a statement returns rows that its `all` has read.
  readonly #lists = new Map<string, Database.Statement>();
  readonly #rows = new Map<string, Database.Statement>();
  readonly #changes = new Map<string, Database.Statement>();
  readonly #checkpoints: NodeJS.Timeout;
  #written = false;

  /** @param file path of the database; its log lies beside it */
  constructor(database: Database.Database, file: string) {
    this.#database = database;
    this.#log = `${file}-wal`;
    this.#logFlush = new LogFlush(this.#log, () => this.#writeBack());
    // On macOS fsync(2) leaves what it writes in the disk's own cache; checkpoints have to pass it.
    database.exec('PRAGMA fullfsync = ON');
    this.#checkpoints = setInterval(() => this.checkpoint(), CHECKPOINT_INTERVAL);
    this.#checkpoints.unref();
  }

  /** Every row of a query. */
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#statement(this.#lists, sql).all(...values) as Row[];
  }

  /**
   * As {@link all}, read as one JSON text: three times as fast, since libsql crosses over to JavaScript for each value of
   * each row. For pages of rows; a text has to stay below 512 MB.
   *
   * @param columns what the query selects
   * @param rest of the query, from FROM on
   */
  page<Row>(columns: readonly (keyof Row & string)[], rest: string, ...values: readonly SqlValue[]): Row[] {
    const fields = columns.map((column) => `'${column}', ${column}`).join(', ');
    return this.#text(`json_object(${fields})`, `SELECT ${columns.join(', ')} ${rest}`, values);
  }

  /**
   * The values of one column, read as one JSON text: a million take a third of a second.
   *
   * @param rest of the query, from FROM on
   */
  column<Value extends SqlValue>(column: string, rest: string, ...values: readonly SqlValue[]): Value[] {
    return this.#text(column, `SELECT ${column} ${rest}`, values);
  }

  /** The first row of a query. */
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#statement(this.#rows, sql).get(...values) as Row | undefined;
  }

  run(sql: string, ...values: readonly SqlValue[]): Database.RunResult {
    this.#written = true;
    return this.#statement(this.#changes, sql).run(...values);
  }

  /** As {@link LogFlush.flush}. */
  flush(): Promise<void> {
    return this.#logFlush.flush();
  }

  /** Runs a step in a transaction. @throws what the step throws, or an error if the disk is full */
  transaction<T>(step: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = step();
      this.#database.exec('COMMIT');
      this.#written = true;
      return result;
    } catch (error) {
      // SQLite has rolled back by itself if the disk is full.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Adds a row. @returns its id */
  insert(table: 'jobs', row: object): number {
    const names = Object.keys(row);
    const { lastInsertRowid } = this.run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ...(Object.values(row) as SqlValue[]),
    );
    return Number(lastInsertRowid);
  }

  /** Updates columns of a row. @param key columns that identify it */
  update(table: 'jobs' | 'frames', key: Readonly<Record<string, SqlValue>>, change: object): void {
    const assigned = Object.keys(change).map((name) => `${name} = ?`);
    const wanted = Object.keys(key).map((name) => `${name} = ?`);
    this.run(
      `UPDATE ${table} SET ${assigned.join(', ')} WHERE ${wanted.join(' AND ')}`,
      ...(Object.values(change) as SqlValue[]),
      ...Object.values(key),
    );
  }

  /**
   * Writes the log back into the database, if there is anything to write, and truncates a large log. Does not block
   * readers or the next writer.
   */
  checkpoint(): void {
    if (!this.#written) return;
    this.#written = false;
    const large = (statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) > LARGE_LOG;
    try {
      this.#database.exec(`PRAGMA wal_checkpoint(${large ? 'TRUNCATE' : 'PASSIVE'})`);
    } catch {
      // The disk may be full: nothing is lost, and the next checkpoint tries again.
      this.#written = true;
    }
  }

  close(): void {
    clearInterval(this.#checkpoints);
    this.#logFlush.close();
    closeSqlite(this.#database);
  }

  /** Writes the log back into the database and flushes that. @throws Error where that is impossible now */
  #writeBack(): void {
    const { busy } = this.get<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')!;
    if (busy !== 0) throw new Error('another program reads the database');
  }

  #text<Value>(value: string, query: string, values: readonly SqlValue[]): Value[] {
    const row = this.get<{ list: string }>(`SELECT json_group_array(${value}) AS list FROM (${query})`, ...values);
    return JSON.parse(row!.list) as Value[];
  }

  #statement(prepared: Map<string, Database.Statement>, sql: string): Database.Statement {
    let statement = prepared.get(sql);
    if (!statement) prepared.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OpenedSqlite, type SqliteFormat, closeSqlite, openSqlite } from '../../../src/main/data/open-sqlite';
import { openEventLog } from '../../../src/main/events/event-log';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import { needs } from '../../helpers/needs';
import { paperJob } from '../../helpers/paper-queue';
import { fillDisk, smallDisk } from '../../helpers/small-disk';
import { temporaryFolder } from '../../helpers/temporary-folder';

const FIRST = 'CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT';
const SECOND =
  "ALTER TABLE things ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'; CREATE INDEX by_name ON things (name)";

function open(file: string, format: SqliteFormat = { migrations: [FIRST, SECOND] }): OpenedSqlite {
  const opened = openSqlite(file, format);
  onTestFinished(() => void opened.database.close());
  return opened;
}

function made(format: SqliteFormat): string {
  const file = join(temporaryFolder(), 'things.sqlite');
  const { database } = openSqlite(file, format);
  database.exec("INSERT INTO things (name) VALUES ('a chair')");
  closeSqlite(database);
  return file;
}

const things = ({ database }: OpenedSqlite): unknown => database.prepare('SELECT id, name, colour FROM things').all();

it('takes the steps that a file has not taken yet', () => {
  const file = made({ migrations: [FIRST] });
  const opened = open(file);
  expect(opened.setAside).toBeNull();
  expect(things(opened)).toEqual([{ id: 1, name: 'a chair', colour: 'red' }]);
  opened.database.close();
  expect(things(open(file))).toEqual([{ id: 1, name: 'a chair', colour: 'red' }]);
});

it('takes a schema that was written with other spaces, and what somebody added to it', () => {
  const file = join(temporaryFolder(), 'things.sqlite');
  const database = new Database(file);
  database.exec(`${FIRST.replaceAll(', ', ',\n')}; CREATE INDEX mine ON things (name); PRAGMA user_version = 1`);
  database.close();
  expect(open(file).setAside).toBeNull();
});

it('sets a file aside whose step would fail, whole, and makes a new one', () => {
  const file = made({ migrations: [FIRST] });
  const opened = open(file, {
    migrations: [FIRST, 'CREATE TABLE more (id INTEGER); INSERT INTO things VALUES (1, 2)'],
  });
  expect(opened.setAside?.reason).toMatch(/things/);
  const aside = new Database(opened.setAside!.file);
  onTestFinished(() => void aside.close());
  expect(aside.prepare('SELECT name FROM things').all()).toEqual([{ name: 'a chair' }]);
  expect(aside.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").all()).toEqual([]);
});

it.each([7, -1])('sets a file aside that says it is of version %d', (version) => {
  const file = made({ migrations: [FIRST] });
  const database = new Database(file);
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
  const { setAside } = open(file);
  expect(setAside?.newer).toBe(version > 0);
  expect(setAside?.file).toMatch(/things\.set-aside-[\dTZ-]+\.sqlite$/);
});

it('sets a file aside whose content is not what it should be', () => {
  const { setAside } = open(made({ migrations: [FIRST] }), {
    migrations: [FIRST],
    contentFault: (database) =>
      (database.prepare('SELECT count(*) AS n FROM things').get() as { n: number }).n > 0 ? 'a chair is broken' : null,
  });
  expect(setAside?.reason).toBe('a chair is broken');
});

it('leaves a file alone that there is no room to bring up to date', () => {
  const file = made({ migrations: [FIRST] });
  const full = { migrations: [FIRST, SECOND], pragmas: ['PRAGMA max_page_count = 1'] };
  expect(() => openSqlite(file, full)).toThrow('database or disk is full');
  expect(readdirSync(dirname(file)).filter((name) => name.includes('set-aside'))).toEqual([]);
  expect(things(open(file))).toEqual([{ id: 1, name: 'a chair', colour: 'red' }]);
});

describe.skipIf(process.platform === 'win32')('a file that this user may not read, as one that root restored', () => {
  const NOBODY = 65_534;

  /** Does something without the rights of root, from which no file is closed. */
  function withoutRoot(folder: string, task: () => void): void {
    if (process.getuid!() !== 0) return task();
    chownSync(folder, NOBODY, NOBODY);
    process.seteuid!(NOBODY);
    try {
      task();
    } finally {
      process.seteuid!(0);
    }
  }

  it.each(['', '-wal'])('is left alone, and the user told whose it has to be (things.sqlite%s)', (suffix) => {
    const format = { migrations: [FIRST] };
    const file = made(format);
    writeFileSync(`${file}-wal`, '');
    if (process.getuid!() === 0) for (const one of ['', '-wal']) chownSync(file + one, NOBODY, NOBODY);
    chmodSync(file + suffix, 0);
    if (process.getuid!() === 0) chownSync(file + suffix, 0, 0);
    withoutRoot(dirname(file), () => {
      expect(() => openSqlite(file, format)).toThrow(
        /things\.sqlite cannot be opened \(\w+\): give it.* to the user that Framegauge runs as\.$/,
      );
      expect(readdirSync(dirname(file)).filter((name) => name.includes('set-aside'))).toEqual([]);
    });
  });
});

/** Where each column's name stands in a file's schema. */
function columnsIn(file: string): { name: string; at: number }[] {
  const bytes = readFileSync(file);
  const database = new Database(file, { readonly: true });
  const tables = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").all();
  const columns = (tables as { name: string; sql: string }[]).flatMap(({ name: table, sql }) => {
    const start = bytes.indexOf(sql);
    expect(start).toBeGreaterThan(0);
    return (database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => ({
      name: `${table}.${name}`,
      at: start + sql.search(new RegExp(`(?<=[(,]\\s*)${name}\\b`)),
    }));
  });
  database.close();
  return columns;
}

/** No UTF-8; the same letter, large. */
const FLIPS = [0x80, 0x20];

needs.smallDisk('on a disk without any room', () => {
  const setAside = (disk: string): string[] => readdirSync(disk).filter((name) => name.includes('set-aside'));

  it('a file is left alone, however SQLite says that there is none', async () => {
    const disk = await smallDisk(1);
    const file = join(disk, 'things.sqlite');
    closeSqlite(openSqlite(file, { migrations: [FIRST] }).database);
    const free = fillDisk(disk);
    expect(() => openSqlite(file, { migrations: [FIRST, SECOND] })).toThrow();
    expect(setAside(disk)).toEqual([]);
    free();
    expect(open(file).setAside).toBeNull();
  });

  it('a damaged file is put back where no new one can be made, for whoever comes when there is room', async () => {
    const disk = await smallDisk(1);
    const file = join(disk, 'things.sqlite');
    writeFileSync(file, 'no database'.repeat(1_000));
    const free = fillDisk(disk);
    expect(() => openSqlite(file, { migrations: [FIRST] })).toThrow();
    expect(setAside(disk)).toEqual([]);
    free();
    expect(open(file).setAside?.reason).toMatch(/not a database/);
  });
});

it('finds a flipped bit in the name of any column of the queue', () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  store.tries.start(store.add(paperJob(folder)).id, 1);
  store.close();
  const whole = readFileSync(join(folder, 'queue.sqlite'));
  const columns = columnsIn(join(folder, 'queue.sqlite'));
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['jobs.id', 'frames.placing', 'queue.value']));
  for (const { name, at } of columns) {
    for (const flip of FLIPS) {
      const damaged = temporaryFolder();
      const bytes = Buffer.from(whole);
      bytes[at]! ^= flip;
      writeFileSync(join(damaged, 'queue.sqlite'), bytes);
      const opened = new JobStore(damaged);
      expect(opened.notice, name).toMatch(/^The queue’s database could not be read/);
      for (const { id } of opened.jobs()) opened.frames.list(id);
      expect(opened.add(paperJob(damaged)).frames.waiting).toBe(3);
      opened.close();
    }
  }
});

it('finds a flipped bit in the name of any column of the events', () => {
  const file = join(temporaryFolder(), 'events.sqlite');
  const log = openEventLog(file, { onFault: expect.fail });
  log.append({ name: 'queue_idle', seq: 1, time: 1 });
  log.close();
  const whole = readFileSync(file);
  const columns = columnsIn(file);
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['events.cursor', 'events.event']));
  for (const { name, at } of columns) {
    for (const flip of FLIPS) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= flip;
      const damaged = join(temporaryFolder(), 'events.sqlite');
      writeFileSync(damaged, bytes);
      const opened = openEventLog(damaged, { onFault: expect.fail });
      expect(opened.notice, name).toMatch(/^The stored events could not be read/);
      opened.append({ name: 'queue_idle', seq: 1, time: 1 });
      expect(opened.list({ after: 0, limit: 5 }).events).toHaveLength(1);
      opened.close();
    }
  }
});

it.skipIf(process.platform === 'win32')('sets a pipe aside that has the name of a database', () => {
  const file = join(temporaryFolder(), 'events.sqlite');
  execFileSync('mkfifo', [file]);
  expect(open(file).setAside).toMatchObject({ reason: `${file} is not a file` });
});

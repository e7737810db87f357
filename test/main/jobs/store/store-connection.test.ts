import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { openSqlite } from '../../../../src/main/data/open-sqlite';
import { StoreConnection } from '../../../../src/main/jobs/store/store-connection';
import { aroundLogFlushes } from '../../../helpers/log-flushes';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function open(pragmas: readonly string[] = []): { connection: StoreConnection; file: string; log: string } {
  const file = join(temporaryFolder(), 'queue.sqlite');
  const migrations = ['CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT NOT NULL, place REAL) STRICT'];
  const connection = new StoreConnection(openSqlite(file, { migrations, pragmas }).database, file);
  onTestFinished(() => connection.close());
  return { connection, file, log: `${file}-wal` };
}

const add = (connection: StoreConnection, name: string): number =>
  Number(connection.run('INSERT INTO jobs (name) VALUES (?)', name).lastInsertRowid);

it('answers what is asked, however the same query was asked before', () => {
  const { connection } = open();
  for (const name of ['first', 'second', 'third']) add(connection, name);
  const query = 'SELECT name FROM jobs WHERE id = ?';
  expect(connection.all(query, 1)).toEqual([{ name: 'first' }]);
  expect(connection.get(query, 2)).toMatchObject({ name: 'second' });
  expect(connection.all(query, 3)).toEqual([{ name: 'third' }]);
  expect(connection.get(query, 1)).toMatchObject({ name: 'first' });
  expect(connection.get(query, 4)).toBeUndefined();
});

it('reads pages and columns as they are, in the order of the query', () => {
  const { connection } = open();
  const names = ['a "quote"', '{"json":[1]}', 'line\nbreak', 'ünï\u{1F600}', ''];
  for (const name of names) add(connection, name);
  connection.update('jobs', { id: 2 }, { place: 0.1 });
  const page = connection.page<{ id: number; name: string; place: number | null }>(
    ['id', 'name', 'place'],
    'FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?',
    5,
    3,
  );
  expect(page).toEqual([
    { id: 4, name: names[3], place: null },
    { id: 3, name: names[2], place: null },
    { id: 2, name: names[1], place: 0.1 },
  ]);
  expect(connection.column('name', 'FROM jobs ORDER BY id DESC')).toEqual(names.toReversed());
  expect(connection.column('id', 'FROM jobs WHERE id > ?', 99)).toEqual([]);
});

it('flushes through the cache of the disk, too, where the system does not by itself', () => {
  expect(open().connection.get('PRAGMA fullfsync')).toMatchObject({ fullfsync: 1 });
});

it('changes the columns that are given, of the rows that are meant', () => {
  const { connection } = open();
  for (const name of ['first', 'second']) add(connection, name);
  connection.update('jobs', { id: 2 }, { name: 'other', place: 1.5 });
  expect(connection.all('SELECT name, place FROM jobs ORDER BY id')).toEqual([
    { name: 'first', place: null },
    { name: 'other', place: 1.5 },
  ]);
});

it('writes nothing of a step that fails, and goes on with the next', () => {
  const { connection } = open();
  expect(() =>
    connection.transaction(() => {
      add(connection, 'half');
      throw new Error('a fault');
    }),
  ).toThrow('a fault');
  expect(connection.transaction(() => add(connection, 'whole'))).toBe(1);
  expect(connection.all('SELECT name FROM jobs')).toEqual([{ name: 'whole' }]);
});

it('goes on after a step for which there was no room', () => {
  const { connection } = open(['PRAGMA max_page_count = 8']);
  expect(() => connection.transaction(() => add(connection, 'x'.repeat(100_000)))).toThrow(/full/);
  connection.transaction(() => add(connection, 'short'));
  expect(connection.all('SELECT name FROM jobs')).toEqual([{ name: 'short' }]);
});

it('writes a log back when something was written, and cuts it once it is large', () => {
  const { connection, log } = open(['PRAGMA wal_autocheckpoint = 0']);
  add(connection, 'short');
  const before = statSync(log).size;
  connection.checkpoint();
  expect(statSync(log).size).toBe(before);
  add(connection, 'x'.repeat(17_000_000));
  expect(statSync(log).size).toBeGreaterThan(16_000_000);
  connection.checkpoint();
  expect(statSync(log).size).toBe(0);
});

it('flushes once for all that was committed before, and again for what was committed meanwhile', async () => {
  const { connection, file, log } = open();
  const flushed: string[] = [];
  const ends: (() => void)[] = [];
  aroundLogFlushes(file, async (flush) => {
    const begun = readFileSync(log, 'latin1');
    await flush();
    await new Promise<void>((resolve) => ends.push(resolve));
    flushed.push(begun);
  });
  const stored = async (name: string): Promise<boolean> => {
    add(connection, name);
    await connection.flush();
    return flushed.some((bytes) => bytes.includes(name));
  };
  const first = stored('the first');
  const [second, third] = [stored('the second'), stored('the third')];
  await expect.poll(() => ends.length).toBe(1);
  ends[0]!();
  expect(await first).toBe(true);
  const fourth = stored('the fourth');
  await expect.poll(() => ends.length).toBe(2);
  ends[1]!();
  expect(await Promise.all([second, third])).toEqual([true, true]);
  await expect.poll(() => ends.length).toBe(3);
  ends[2]!();
  expect(await fourth).toBe(true);
});

it('writes all back into the database where a flush has failed, since what it lost would not be written again', async () => {
  const { connection, file, log } = open();
  let calls = 0;
  aroundLogFlushes(file, async (flush) => {
    if (++calls === 1) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    await flush();
  });
  add(connection, 'first');
  await expect(connection.flush()).rejects.toThrow(
    'its log cannot be flushed to the disk: the disk or share reports an error',
  );
  expect(statSync(log).size).toBeGreaterThan(0);
  const reader = new Database(file);
  onTestFinished(() => void reader.close());
  reader.exec('BEGIN');
  expect(reader.prepare('SELECT name FROM jobs').all()).toEqual([{ name: 'first' }]);
  add(connection, 'second');
  await expect(connection.flush()).rejects.toThrow('another program reads the database');
  reader.exec('ROLLBACK');
  await connection.flush();
  expect([calls, statSync(log).size]).toEqual([1, 0]);
  add(connection, 'third');
  await connection.flush();
  expect(calls).toBe(2);
});

it('lets a flush end that was under way when it was closed, and leaves no file open', async () => {
  const { connection, file } = open();
  const openFiles = (): string[] => (process.platform === 'linux' ? readdirSync('/proc/self/fd') : []);
  const before = openFiles();
  let end: () => void = () => undefined;
  aroundLogFlushes(file, async (flush) => {
    await new Promise<void>((resolve) => (end = resolve));
    await flush();
  });
  add(connection, 'first');
  const [under, next] = [connection.flush(), connection.flush()];
  connection.close();
  end();
  await under;
  await expect(next).rejects.toThrow('it is closed');
  expect(openFiles().filter((one) => !before.includes(one))).toEqual([]);
});

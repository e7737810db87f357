import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished, vi } from 'vitest';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, openQueue, paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

const FILES = ['queue.sqlite', 'queue.sqlite-wal'];

/** Copies a database's files whenever SQLite flushes them: what a power cut leaves of them at least. */
function keepFlushed(folder: string, to: string): void {
  mkdirSync(to);
  const prepare = Database.prototype.prepare;
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql) as Database.Statement;
    const run = statement.run.bind(statement);
    const synchronous = prepare.call(this, 'PRAGMA synchronous') as Database.Statement;
    statement.run = (...values: unknown[]) => {
      const result = run(...values);
      const { synchronous: level } = synchronous.get() as { synchronous: number };
      if (level >= 2 && !this.inTransaction) for (const name of FILES) copyFileSync(join(folder, name), join(to, name));
      return result;
    };
    return statement;
  });
  onTestFinished(() => void vi.restoreAllMocks());
}

it('goes on with a job after a power cut took from its database what was not flushed', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const flushed = join(folder, 'flushed');
  const first = openQueue(data, paperEngine());
  keepFlushed(data, flushed);
  await first.queue.start();
  const { id } = await first.queue.submit(paperJob(folder, { frames: '1-6' }));
  await first.seen(({ name, frame }) => name === 'render_write' && frame === 4);
  await first.close();
  vi.restoreAllMocks();
  for (const name of FILES) rmSync(join(data, name), { force: true });
  for (const name of FILES) copyFileSync(join(flushed, name), join(data, name));
  expect(existsSync(join(folder, 'out', '0004.png'))).toBe(true);
  const second = makeQueue(data, paperEngine());
  await second.queue.start();
  expect(await second.ended(id)).toMatchObject({ state: 'completed', frames: { done: 6 } });
});

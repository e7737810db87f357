import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type EventLog, type EventLogOptions, openEventLog } from '../../../src/main/events/event-log';
import type { LifecycleEvent } from '../../../src/shared/lifecycle';
import { temporaryFolder } from '../../helpers/temporary-folder';

const event = (seq: number, change: Partial<LifecycleEvent> = {}): LifecycleEvent => ({
  name: 'render_write',
  seq,
  time: 1_000 + seq,
  frame: seq,
  ...change,
});

function open(file: string, options: Partial<EventLogOptions> = {}): EventLog {
  const log = openEventLog(file, { onFault: (text) => expect.fail(text), ...options });
  onTestFinished(() => log.close());
  return log;
}

it('gives events back in order, page by page, with cursors that go on growing after a restart', () => {
  const file = join(temporaryFolder(), 'events.sqlite');
  const before = open(file);
  expect(before.list({ after: 0, limit: 10 })).toEqual({ events: [], oldest: null, newest: 0 });
  for (const seq of [1, 2, 3]) before.append(event(seq));
  before.append(event(4, { name: 'render_stats' }));
  before.close();

  const log = open(file);
  expect(log.newest()).toBe(3);
  log.append(event(1, { name: 'load_post', scene: '/a “b”.glb' }));
  expect(log.list({ after: 1, limit: 2 })).toEqual({
    events: [
      { ...event(2), cursor: 2 },
      { ...event(3), cursor: 3 },
    ],
    oldest: 1,
    newest: 4,
  });
  expect(log.list({ after: 3, limit: 2 }).events).toEqual([
    { ...event(1, { name: 'load_post', scene: '/a “b”.glb' }), cursor: 4 },
  ]);
});

it('loses none of many that come at once', () => {
  const log = open(join(temporaryFolder(), 'events.sqlite'));
  for (let seq = 1; seq <= 30_000; seq++) log.append(event(seq));
  expect(log.list({ after: 0, limit: 1 })).toMatchObject({
    events: [{ cursor: 1, seq: 1 }],
    oldest: 1,
    newest: 30_000,
  });
});

it('keeps the newest only, and never gives a cursor twice', () => {
  const file = join(temporaryFolder(), 'events.sqlite');
  const log = open(file, { keep: 10 });
  for (let seq = 1; seq <= 1_200; seq++) log.append(event(seq));
  expect(log.list({ after: 0, limit: 2 })).toMatchObject({
    events: [{ cursor: 1_191 }, { cursor: 1_192 }],
    oldest: 1_191,
    newest: 1_200,
  });
  log.close();
  const again = open(file, { keep: 10 });
  again.append(event(1));
  expect(again.list({ after: 1_200, limit: 5 }).events).toEqual([{ ...event(1), cursor: 1_201 }]);
});

it('wakes those who wait once an event is stored, and when they give up', async () => {
  const log = open(join(temporaryFolder(), 'events.sqlite'));
  const woken = log.after(0, new AbortController().signal);
  log.append(event(1));
  expect(log.newest()).toBe(0);
  await woken;
  expect(log.newest()).toBe(1);
  await log.after(0, new AbortController().signal);
  const leaver = new AbortController();
  const left = log.after(1, leaver.signal);
  leaver.abort();
  await left;
});

it('sets a file aside that is no database, and goes on with larger cursors than ever', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'events.sqlite');
  writeFileSync(file, 'this is no database, and it is long enough to be taken for one by nobody'.repeat(20));
  const log = open(file);
  expect(log.notice).toMatch(
    /^The stored events could not be read \(.+\)\. They were set aside as .+\.sqlite; queue and images are not concerned\.$/,
  );
  const aside = readdirSync(folder).find((name) => name.includes('set-aside'))!;
  expect(statSync(join(folder, aside)).size).toBeGreaterThan(1_000);
  log.append(event(1));
  const [first] = log.list({ after: 0, limit: 1 }).events;
  expect(first!.cursor).toBeGreaterThan(1_700_000_000_000);
  expect(Number.isSafeInteger(first!.cursor)).toBe(true);
  log.close();
  expect(open(file).notice).toBeNull();
});

it('does nothing once it is closed', () => {
  const file = join(temporaryFolder(), 'events.sqlite');
  const log = open(file);
  log.close();
  log.append(event(1));
  expect(log.list({ after: 0, limit: 1 }).events).toEqual([]);
  log.close();
  expect(existsSync(file)).toBe(true);
});

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import { openEventLog } from '../../src/main/events/event-log';
import { JobStore } from '../../src/main/jobs/store/job-store';
import { openPreferences } from '../../src/main/preferences/preferences';
import { startControlHost } from '../helpers/control-host';
import { paperJob } from '../helpers/paper-queue';
import { temporaryFolder } from '../helpers/temporary-folder';
import { type Damage, damaged, damages } from './damage';
import { cases } from './fuzz';

/** A data folder as a host of many frames leaves it. */
async function usedFolder(): Promise<{ preferences: Buffer; queue: Buffer; events: Buffer }> {
  const folder = temporaryFolder();
  const preferences = await openPreferences(folder);
  await preferences.setHost('render.workers', 3);
  await preferences.setHost('render.outputDirectory', join(folder, 'out'));
  await preferences.saveAddon('prometheus', { enabled: false, values: { address: '127.0.0.1:9123' } });
  const store = new JobStore(folder);
  for (let n = 0; n < 5; n++) {
    const job = store.add(paperJob(folder, { frames: '1-60' }));
    for (let frame = 1; frame <= 20 + n; frame++) {
      const held = { jobId: job.id, frame, lease: store.tries.start(job.id, frame, 1).lease };
      if (frame % 7 === 0) store.tries.fail(held, 'It could not be rendered.');
      else
        store.tries.done(held, {
          file: join(folder, 'out', `${frame}.png`),
          seconds: 1.5,
          stamps: [{ path: join(folder, 'out', `${frame}.png`), bytes: 100, modifiedAt: 1_000 }],
        });
    }
  }
  store.setState(2, 'paused', 'paused by the user');
  store.close();
  const events = openEventLog(join(folder, 'events.sqlite'), { onFault: () => undefined });
  for (let seq = 1; seq <= 200; seq++)
    events.append({
      name: 'render_pre',
      seq,
      time: seq,
      frame: seq,
      job: { id: 1, name: 'paper', state: 'rendering' },
    });
  events.close();
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  return { preferences: read('preferences.json'), queue: read('queue.sqlite'), events: read('events.sqlite') };
}

/** What was set aside is there, whole. */
function expectAside(folder: string, name: string, bytes: Buffer): void {
  const [stem = '', ending] = name.split('.');
  const aside = readdirSync(folder).filter(
    (each) => each.startsWith(`${stem}.set-aside-`) && each.endsWith(`.${ending}`),
  );
  expect(aside).toHaveLength(1);
  // Opening a database changes bookkeeping in its first page, at most.
  const kept = readFileSync(join(folder, aside[0]!));
  if (!kept.equals(bytes)) {
    expect(ending).toBe('sqlite');
    expect(kept.length).toBeGreaterThanOrEqual(bytes.length);
  }
}

/** Runs a property on fresh folders, each of which is removed at once. */
async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = temporaryFolder();
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('damaged preferences', () => {
  it('are read as far as they make sense, or set aside whole', async () => {
    const { preferences: whole } = await usedFolder();
    let aside = 0;
    await fc.assert(
      fc.asyncProperty(damages(whole.length), (damage: Damage) =>
        inFolder(async (folder) => {
          const bytes = damaged(whole, damage);
          writeFileSync(join(folder, 'preferences.json'), bytes);
          const preferences = await openPreferences(folder);
          if (preferences.notice === null) {
            expect(readFileSync(join(folder, 'preferences.json')).equals(bytes)).toBe(true);
          } else {
            aside++;
            expect(preferences.notice).toMatch(
              /^The preferences could not be read \(.+\)\. They were set aside as .+; the defaults are in use\.$/s,
            );
            expectAside(folder, 'preferences.json', bytes);
          }
          await preferences.setHost('render.workers', 2);
          expect((await openPreferences(folder)).host()['render.workers']).toBe(2);
        }),
      ),
      cases(200),
    );
    expect(aside).toBeGreaterThan(0);
  });
});

describe('a damaged queue', () => {
  it('opens with what could be saved, and what it was is kept', async () => {
    const { queue: whole } = await usedFolder();
    let aside = 0;
    let saved = 0;
    await fc.assert(
      fc.asyncProperty(damages(whole.length), async (damage: Damage) => {
        const folder = temporaryFolder();
        try {
          const bytes = damaged(whole, damage);
          writeFileSync(join(folder, 'queue.sqlite'), bytes);
          const store = new JobStore(folder);
          try {
            if (store.notice !== null) {
              aside++;
              expect(store.notice).toMatch(
                /^The queue’s database could not be read \(.+\)\. It was set aside as .+\.sqlite\. .+, and no image was touched\.$/,
              );
              expectAside(folder, 'queue.sqlite', bytes);
            }
            saved += store.jobs().length;
            for (const job of store.jobs()) {
              store.frames.list(job.id);
              store.frames.numbers(job.id, ['waiting']);
            }
            const added = store.add(paperJob(folder));
            expect(store.job(added.id)!.frames.waiting).toBe(3);
          } finally {
            store.close();
          }
          const again = new JobStore(folder);
          expect(again.notice).toBeNull();
          again.close();
        } finally {
          rmSync(folder, { recursive: true, force: true });
          // libsql closes files in a turn of its own: thousands of cases would run out of handles.
          await nextTurn();
        }
      }),
      cases(200),
    );
    expect(aside).toBeGreaterThan(0);
    // Of the five jobs that there were each time.
    expect(saved).toBeGreaterThan(aside);
  });
});

it('a text of the queue that is none any more costs no more than its row', () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  const jobs = [1, 2].map(() => store.add(paperJob(folder, { frames: '1-3' })));
  for (const { id } of jobs)
    store.tries.fail({ jobId: id, frame: 2, lease: store.tries.start(id, 2, 1).lease }, 'A reason with an end.');
  store.close();
  const file = join(folder, 'queue.sqlite');
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('with an end')] = 0xff;
  writeFileSync(file, bytes);
  const again = new JobStore(folder);
  try {
    expect(again.notice).toMatch(
      /^The queue’s database could not be read \(a frame of job \d is damaged\)\. It was set aside as .+\. Saved were 2 jobs with 6 frames, and no image was touched\.$/,
    );
    expect(
      again
        .jobs()
        .flatMap(({ id }) => again.frames.list(id))
        .map(({ reason }) => reason),
    ).toContain('A reason \ufffdith an end.');
  } finally {
    again.close();
  }
});

describe('damaged events', () => {
  it('open, and what they were is kept; cursors go on growing', async () => {
    const { events: whole } = await usedFolder();
    let aside = 0;
    await fc.assert(
      fc.asyncProperty(damages(whole.length), (damage: Damage) =>
        inFolder((folder) => {
          const bytes = damaged(whole, damage);
          writeFileSync(join(folder, 'events.sqlite'), bytes);
          const faults: string[] = [];
          const log = openEventLog(join(folder, 'events.sqlite'), { onFault: (text) => faults.push(text) });
          try {
            if (log.notice !== null) {
              aside++;
              expectAside(folder, 'events.sqlite', bytes);
            }
            const before = log.newest();
            log.append({ name: 'queue_idle', seq: 1, time: 1 });
            const { events, newest } = log.list({ after: before, limit: 10 });
            expect(faults).toEqual([]);
            expect(newest).toBeGreaterThan(before);
            expect(events.map(({ name }) => name)).toEqual(['queue_idle']);
            log.list({ after: 0, limit: 1_000 });
          } finally {
            log.close();
          }
        }),
      ),
      cases(200),
    );
    expect(aside).toBeGreaterThan(0);
  });
});

describe('a host on a damaged data folder', () => {
  it('starts, says what it set aside, and works', async () => {
    const whole = await usedFolder();
    await fc.assert(
      fc.asyncProperty(damages(100_000), damages(100_000), damages(100_000), (preferences, queue, events) =>
        inFolder(async (folder) => {
          writeFileSync(join(folder, 'preferences.json'), damaged(whole.preferences, preferences));
          writeFileSync(join(folder, 'queue.sqlite'), damaged(whole.queue, queue));
          writeFileSync(join(folder, 'events.sqlite'), damaged(whole.events, events));
          const { host } = await startControlHost({ dataFolder: folder });
          try {
            const reply = await host.call('host.state', {});
            if (!reply.ok) throw new Error(reply.error.message);
            const told = (reply.value as HostState).notices.filter(({ text }) => text.includes('set aside')).length;
            const aside = readdirSync(folder).filter((name) => /set-aside-.*\.(json|sqlite)$/.test(name)).length;
            expect(told).toBe(aside);
            expect(await host.call('events.list', { after: 0, limit: 1_000 })).toMatchObject({ ok: true });
          } finally {
            await host.close();
          }
        }),
      ),
      cases(25),
    );
  });
});

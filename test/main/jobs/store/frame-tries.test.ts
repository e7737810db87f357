import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { FrameTry } from '../../../../src/main/jobs/output/frame-folder';
import { StaleLeaseError } from '../../../../src/main/jobs/store/frame-tries';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function open(folder = temporaryFolder()): { store: JobStore; folder: string } {
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  return { store, folder };
}

/** A job of frames 1 to 3 that renders. */
function rendering(): { store: JobStore; folder: string; id: number } {
  const { store, folder } = open();
  const { id } = store.add(paperJob(folder));
  store.setState(id, 'rendering', null);
  return { store, folder, id };
}

function start(store: JobStore, jobId: number, frame: number, slot?: number): FrameTry {
  return { jobId, frame, lease: store.tries.start(jobId, frame, slot).lease };
}

const journal = { files: [{ path: '/out/1.png', bytes: 3, modifiedAt: 1, sha256: 'ab' }], fingerprint: 'red' };

it('counts a try and hands the frame to a slot', () => {
  const { store, id } = rendering();
  const { frame, lease } = store.tries.start(id, 2, 4);
  expect(frame).toMatchObject({ frame: 2, state: 'rendering', attempts: 1, slot: 4 });
  expect(lease).toBe(1);
  expect(store.job(id)!.frames).toMatchObject({ waiting: 2, rendering: 1 });
  expect(() => store.tries.start(id, 2)).toThrow('Frame 2 of job 1 cannot become rendering: it is rendering.');
  expect(() => store.tries.start(id, 9)).toThrow('Job 1 has no frame 9.');
});

it('keeps with a frame the machine of its latest try, and with the job all that have had frames of it', () => {
  const { store, folder, id } = rendering();
  const held = { jobId: id, frame: 1, lease: store.tries.start(id, 1, 4, 'left').lease };
  expect(store.frames.get(id, 1)).toMatchObject({ slot: 4, machine: 'left' });
  store.tries.release(held, 'a failure');
  const again = store.tries.start(id, 1, 5, 'right');
  store.tries.done({ ...held, lease: again.lease }, { file: '/out/1.png', seconds: 1 });
  start(store, id, 2);
  store.close();
  const next = open(folder).store;
  expect(next.frames.list(id).map(({ machine }) => machine)).toEqual(['right', null, null]);
  expect(next.job(id)!.machines).toEqual(['left', 'right']);
});

it('keeps what a try was dispatched to render, whatever the job is rendered from meanwhile', () => {
  const { store, id } = rendering();
  store.setFingerprint(id, 'red');
  store.tries.start(id, 1, 4, 'left', 'red');
  store.setFingerprint(id, 'blue');
  store.tries.start(id, 2, 5, 'right', 'blue');
  store.tries.start(id, 3, 6);
  expect(store.tries.interrupted().map(({ frame, machine, source }) => [frame, machine, source])).toEqual([
    [1, 'left', 'red'],
    [2, 'right', 'blue'],
    [3, null, null],
  ]);
});

it('never gives a lease twice: not after a requeue, other settings, a copy, a removal or a restart', () => {
  const { store, folder, id } = rendering();
  const leases = [start(store, id, 1).lease];
  store.setState(id, 'cancelled', 'by the test');
  store.requeue(id, 'all');
  leases.push(start(store, id, 1).lease);
  store.setState(id, 'paused', null);
  store.setSettings(id, { ...store.settings(id), frames: '1-9' }, 'images');
  leases.push(start(store, id, 1).lease);
  const copy = store.add(paperJob(folder));
  leases.push(start(store, copy.id, 1).lease);
  store.remove(copy.id);
  store.close();
  const again = open(folder).store;
  leases.push(start(again, id, 2).lease);
  expect(leases).toEqual([1, 2, 3, 4, 5]);
});

it('gives a lease to nobody when the try could not be written', () => {
  const { store, id } = rendering();
  expect(() => store.tries.start(id, 1, 'no slot' as unknown as number)).toThrow(/INTEGER/);
  expect(store.frames.get(id, 1)).toMatchObject({ state: 'waiting', attempts: 0 });
  expect(store.job(id)!.frames).toMatchObject({ waiting: 3, rendering: 0 });
  expect(store.tries.start(id, 1).lease).toBe(1);
});

it('writes what came of a try', () => {
  const { store, id } = rendering();
  const stamps = [{ path: '/out/0001.png', bytes: 3, modifiedAt: 1 }];
  const done = store.tries.done(start(store, id, 1), {
    file: '/out/0001.png',
    seconds: 2,
    stamps,
    suspicion: 'It is black.',
  });
  expect(done).toMatchObject({ state: 'done', file: '/out/0001.png', seconds: 2, suspicion: 'It is black.' });
  expect(store.tries.release(start(store, id, 2), 'The worker ended.')).toMatchObject({
    state: 'waiting',
    reason: 'The worker ended.',
  });
  expect(store.frames.failures(id, 2)).toBe(1);
  store.tries.release(start(store, id, 2), null);
  expect(store.frames.failures(id, 2)).toBe(1);
  expect(store.tries.fail(start(store, id, 2), 'It is given up.', stamps)).toMatchObject({
    state: 'failed',
    attempts: 3,
  });
  expect(store.tries.skip({ jobId: id, frame: 3 }, '/out/0003.png')).toMatchObject({ state: 'skipped', attempts: 0 });
  expect(store.frames.stamps(id)).toEqual([...stamps, ...stamps]);
  expect(store.job(id)).toMatchObject({
    lastFrame: 1,
    suspicious: 1,
    frames: { total: 3, waiting: 0, rendering: 0, done: 1, failed: 1, skipped: 1 },
  });
});

const outcomes: readonly (readonly [string, (store: JobStore, held: FrameTry) => unknown])[] = [
  ['write its journal', (store, held) => store.tries.writeJournal(held, journal)],
  ['be done', (store, held) => store.tries.done(held, { file: '/out/1.png', seconds: 1 })],
  ['fail', (store, held) => store.tries.fail(held, 'Late.')],
  ['release the frame', (store, held) => store.tries.release(held, 'Late.')],
  ['skip the frame', (store, held) => store.tries.skip(held, '/out/1.png')],
];

const ends: readonly (readonly [string, (store: JobStore, held: FrameTry) => unknown])[] = [
  [
    'the frame was given to another',
    (store, held) => {
      store.tries.release(held, null);
      start(store, held.jobId, held.frame);
    },
  ],
  ['its job was paused', (store, { jobId }) => store.setState(jobId, 'paused', null)],
  [
    'its job was paused and goes on',
    (store, { jobId, frame }) => {
      store.setState(jobId, 'paused', null);
      store.setState(jobId, 'queued', null);
      store.setState(jobId, 'rendering', null);
      start(store, jobId, frame);
    },
  ],
  ['it is over', (store, held) => store.tries.done(held, { file: '/out/1.png', seconds: 1 })],
];

for (const [end, take] of ends) {
  it.each(outcomes)(`a try can no longer %s once ${end}`, (_outcome, deliver) => {
    const { store, id } = rendering();
    const held = start(store, id, 1);
    take(store, held);
    const before = [store.frames.get(id, 1), store.job(id)!.frames, store.tries.interrupted()];
    expect(() => deliver(store, held)).toThrow(StaleLeaseError);
    expect([store.frames.get(id, 1), store.job(id)!.frames, store.tries.interrupted()]).toEqual(before);
  });
}

it('does not skip a frame that is in work for somebody who has no lease', () => {
  const { store, id } = rendering();
  start(store, id, 1);
  expect(() => store.tries.skip({ jobId: id, frame: 1 }, '/out/1.png')).toThrow(/it is in work/);
});

it('tells the next host which tries were not over, and what they were about to place', () => {
  const { store, folder, id } = rendering();
  const [first, second] = [start(store, id, 1), start(store, id, 2)];
  store.tries.writeJournal(second, journal);
  store.close();
  expect(open(folder).store.tries.interrupted()).toEqual([
    { ...first, machine: null, source: null, journal: null },
    { ...second, machine: null, source: null, journal: { ...journal, lease: second.lease } },
  ]);
});

it.each([
  ['of an earlier try', (lease: number) => JSON.stringify({ ...journal, lease: lease - 1 })],
  ['that is no journal', (lease: number) => JSON.stringify({ lease, fimes: [], fingerprint: null })],
])('takes no notice of a journal %s', async (_what, text) => {
  const { store, folder, id } = rendering();
  const held = start(store, id, 1);
  store.close();
  const { default: Database } = await import('libsql');
  const database = new Database(join(folder, 'queue.sqlite'));
  database.prepare('UPDATE frames SET placing = ? WHERE frame = 1').run(text(held.lease));
  database.close();
  expect(open(folder).store.tries.interrupted()).toEqual([{ ...held, machine: null, source: null, journal: null }]);
});

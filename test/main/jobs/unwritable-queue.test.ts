import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/user-error';
import { aroundLogFlushes } from '../../helpers/log-flushes';
import { paperEngine } from '../../helpers/paper-engine';
import { type PaperQueue, makeQueue, paperJob } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** What SQLite says where there is no room. */
const full = (): Error => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

/** Lets a store write no more until it is let go. */
function fillUp({ store }: PaperQueue): () => void {
  const { setState } = store;
  const { start } = store.tries;
  store.setState = () => {
    throw full();
  };
  store.tries.start = () => {
    throw full();
  };
  return () => {
    store.setState = setState;
    store.tries.start = start;
  };
}

describe('a queue that nothing can be written for', () => {
  it('goes on by itself when there is room, also where not even its hold could be written', async () => {
    const folder = temporaryFolder();
    const faults: unknown[] = [];
    let free: () => void = () => undefined;
    const paper = makeQueue(folder, paperEngine(), 1, {
      writeRetry: 20,
      onFault: (error) => {
        faults.push(error);
        setTimeout(free, 50);
      },
    });
    await paper.queue.start();
    // The job has begun, and its first worker is there: now its first frame can't be written down.
    paper.onEvent(({ name, state }) => {
      if (name === 'worker_state' && state === 'starting') free = fillUp(paper);
    });
    const { id } = await paper.queue.submit(paperJob(folder));
    expect(await paper.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(faults.length).toBeGreaterThan(0);
    expect(paper.queue.info()).toMatchObject({ state: 'running', reason: null });
  });

  it('is held, and places nothing, where the disk fails to take what was written; each frame keeps its try', async () => {
    const folder = temporaryFolder();
    const faults: unknown[] = [];
    const paper = makeQueue(folder, paperEngine(), 2, { writeRetry: 20, onFault: (error) => faults.push(error) });
    let flushes = 0;
    const whileFailing: string[] = [];
    aroundLogFlushes(join(folder, 'queue.sqlite'), async (flush) => {
      if (++flushes > 1) return flush();
      whileFailing.push(...readdirSync(join(folder, 'out')).filter((name) => !name.startsWith('.')));
      throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    });
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder, { attempts: 1 }));
    expect(await paper.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(whileFailing).toEqual([]);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0001.png', '0002.png', '0003.png']);
    expect(faults.length).toBeGreaterThan(0);
    expect(paper.told.map(({ reason }) => reason)).toContain(
      'The queue could not be written to its database (its log cannot be flushed to the disk: the disk or share reports an error): it is tried again every half minute.',
    );
    expect(paper.queue.info()).toMatchObject({ state: 'running', reason: null });
  });

  it('is held for want of space without an error to whoever watches that', async () => {
    const folder = temporaryFolder();
    const faults: unknown[] = [];
    const paper = makeQueue(folder, paperEngine(), 1, { writeRetry: 20, onFault: (error) => faults.push(error) });
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(folder));
    await paper.seen(({ name }) => name === 'worker_state');
    const free = fillUp(paper);
    paper.queue.hold('Only 1 MB is free.');
    free();
    paper.queue.release();
    expect((await paper.ended(id)).state).toBe('completed');
  });
});

it('ends a job whose worker can’t be started as soon as that can be written', async () => {
  const folder = temporaryFolder();
  const engine = paperEngine();
  engine.refuseToStart = new UserError('No browser is installed.');
  const faults: unknown[] = [];
  const { queue, store, ended } = makeQueue(folder, engine, 1, {
    writeRetry: 20,
    onFault: (error) => faults.push(error),
  });
  const setState = store.setState.bind(store);
  store.setState = (id, state, reason) => {
    if (state === 'failed' && faults.length === 0) throw full();
    return setState(id, state, reason);
  };
  await queue.start();
  const { id } = await queue.submit(paperJob(folder));
  expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'No browser is installed.' });
  expect(faults).toHaveLength(1);
});

it('knows an image for its own whose frame could not be written down before its job was paused', async () => {
  const folder = temporaryFolder();
  const faults: unknown[] = [];
  const paper = makeQueue(folder, paperEngine(), 1, { writeRetry: 20, onFault: (error) => faults.push(error) });
  const { store, queue } = paper;
  const done = store.tries.done.bind(store.tries);
  let id = 0;
  store.tries.done = (held, written) => {
    if (held.frame !== 2 || faults.length > 0) return done(held, written);
    setImmediate(() => {
      queue.pause(id);
      queue.resume(id);
    });
    throw full();
  };
  await queue.start();
  ({ id } = await queue.submit(paperJob(folder, { attempts: 1 })));
  expect(await paper.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
  expect(faults).toHaveLength(1);
});

it.each([
  ['nothing else', () => false],
  ['a job’s end neither', (state: string) => state === 'failed'],
  ['no state of a job either', () => true],
])('scans an output anew when what it found could not be written, and %s', async (_what, fails) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'out'));
  for (const frame of [1, 2, 3]) writeFileSync(join(folder, 'out', `000${frame}.png`), makePng(8, 6, frame));
  const faults: unknown[] = [];
  let noRoom = false;
  const { queue, store, ended } = makeQueue(folder, paperEngine(), 1, {
    writeRetry: 20,
    onFault: (error) => faults.push(error),
  });
  const check = (): void => {
    if (noRoom) throw full();
  };
  const skip = store.tries.skip.bind(store.tries);
  store.tries.skip = (held, file) => {
    if (held.frame === 2 && faults.length === 0) {
      noRoom = true;
      setTimeout(() => (noRoom = false), 50);
    }
    check();
    return skip(held, file);
  };
  const setState = store.setState.bind(store);
  store.setState = (id, state, reason) => {
    if (fails(state)) check();
    return setState(id, state, reason);
  };
  await queue.start();
  const { id } = await queue.submit(paperJob(folder, { keepExisting: true }));
  expect(await ended(id)).toMatchObject({ state: 'completed', frames: { skipped: 3 } });
  expect(faults.length).toBeGreaterThan(0);
});

import { expect, it, onTestFinished, vi } from 'vitest';
import { createLifecycle } from '../../../src/main/events/lifecycle';
import { createAnnouncer } from '../../../src/main/jobs/announcer';
import { makeParts } from '../../helpers/queue-parts';

it('tells of a frame and its job, in this order, and of nothing that was removed', () => {
  const { announcer, store, add, told } = makeParts();
  add();
  const frame = store.frames.get(1, 2)!;
  announcer.frame(1, frame);
  expect(told).toEqual(['frame 1/2 waiting', 'job 1 queued']);
  told.length = 0;
  store.remove(1);
  announcer.frame(1, frame);
  announcer.job(1);
  expect(told).toEqual([]);
});

it('says of which job, scene and engine an event is', () => {
  const { announcer, add, events } = makeParts();
  const job = add({ scene: '/scene.glb' });
  announcer.event('render_pre', job, { frame: 7, scene: '/other.glb' });
  expect(events).toMatchObject([
    {
      name: 'render_pre',
      job: { id: 1, name: 'paper', state: 'queued' },
      scene: '/other.glb',
      engine: 'gltf',
      frame: 7,
    },
  ]);
});

it('says why a worker is gone, or rests, and its scene where it has one', () => {
  const { announcer, events } = makeParts();
  const worker = {
    slot: 2,
    engine: 'gltf',
    state: 'idle',
    scene: null,
    jobId: null,
    frame: null,
    framesDone: 0,
    startedAt: 0,
  } as const;
  announcer.worker(worker, null);
  announcer.worker({ ...worker, scene: '/scene.glb' }, 'it crashed');
  announcer.worker({ ...worker, state: 'resting', reason: 'it rests' }, null);
  const said = events.map(({ name, seq: _seq, time: _time, ...fields }) => [name, fields]);
  expect(said).toEqual([
    ['worker_state', { worker: 2, engine: 'gltf', state: 'idle' }],
    ['worker_state', { worker: 2, engine: 'gltf', state: 'gone', scene: '/scene.glb', reason: 'it crashed' }],
    ['worker_state', { worker: 2, engine: 'gltf', state: 'resting', reason: 'it rests' }],
  ]);
});

it('tells of the queue’s time left every two seconds at most, and of the queue itself always', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { announcer, told } = makeParts();
  for (const wait of [0, 1_999, 1, 0]) {
    vi.advanceTimersByTime(wait);
    announcer.queueNowAndThen();
  }
  expect(told).toHaveLength(2);
  announcer.queue();
  expect(told).toHaveLength(3);
});

it('tells few workers at every change, and many now and then', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const lists: number[] = [];
  let living = 2;
  const told = {
    job() {},
    frame() {},
    workers: (all: unknown[]) => lists.push(all.length),
    jobRemoved() {},
    queue() {},
  };
  const info = {
    slot: 1,
    engine: 'gltf',
    state: 'idle',
    scene: null,
    jobId: null,
    frame: null,
    framesDone: 0,
  } as const;
  const worker = { ...info, startedAt: 0 };
  const { announcer: _own, store, times, pauseState } = makeParts();
  const announcer = createAnnouncer({
    store,
    times,
    pauseState,
    lifecycle: createLifecycle(() => expect.unreachable()),
    listener: told,
    workers: () => Array.from({ length: living }, () => worker),
  });
  for (let change = 0; change < 3; change++) announcer.worker(worker, null);
  expect(lists).toEqual([2, 2, 2]);
  living = 1_000;
  for (let change = 0; change < 500; change++) announcer.worker(worker, null);
  expect(lists.length).toBeLessThan(6);
  living = 999;
  announcer.worker(worker, null);
  vi.advanceTimersByTime(1_000);
  expect(lists.at(-1)).toBe(999);
  expect(lists.length).toBeLessThan(8);
});

import { expect, it, onTestFinished, vi } from 'vitest';
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
  announcer.worker(worker, null, [worker]);
  announcer.worker({ ...worker, scene: '/scene.glb' }, 'it crashed', []);
  announcer.worker({ ...worker, state: 'resting', reason: 'it rests' }, null, [worker]);
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

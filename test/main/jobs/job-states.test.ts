import { describe, expect, it } from 'vitest';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob } from '../../helpers/paper-queue';
import { makeParts } from '../../helpers/queue-parts';
import { temporaryFolder } from '../../helpers/temporary-folder';

const names = (events: readonly { readonly name: string }[]): string[] => events.map(({ name }) => name);

describe('a job that begins', () => {
  it('is rendering before anybody is told, with the frame that comes first', async () => {
    const { states, store, events, jobs, begin } = makeParts();
    const active = await begin({ frames: '5,1', order: 'list' });
    expect([states.isLive(active), jobs.get(1)]).toEqual([true, active]);
    states.stop(1, 'queued', null);
    states.begin(active);
    expect(events.slice(-2)).toMatchObject([
      { name: 'job_state', job: { id: 1, state: 'rendering' } },
      { name: 'render_init', frame: 5 },
    ]);
    expect(store.standing(1)!.state).toBe('rendering');
  });

  it('has not begun where that may not be', async () => {
    const { states, events, jobs, begin } = makeParts();
    const active = await begin();
    states.finish(1, 'cancelled', 'Enough.');
    events.length = 0;
    expect(() => states.begin(active)).toThrow('Job 1 cannot become rendering: it is cancelled.');
    expect([jobs.size, events, states.isLive(active)]).toEqual([0, [], false]);
  });
});

it('tells a job’s state once, however often it is set', () => {
  const { states, add, events, told } = makeParts();
  add();
  states.set(1, 'paused', 'Later.');
  states.set(1, 'paused', 'Much later.');
  expect(events).toMatchObject([{ name: 'job_state', reason: 'Later.', job: { state: 'paused' } }]);
  expect(told).toEqual(['job 1 paused', 'job 1 paused']);
});

describe('a job that stops', () => {
  it('takes its frames away from their workers, writes that, and tells it', async () => {
    const { states, store, told, inWork, begin, handOut } = makeParts();
    const active = await begin();
    const held = [1, 2].map((frame) => handOut(active, frame, frame));
    expect(states.stop(1, 'paused', 'Later.')).toMatchObject({ frames: { rendering: 0, waiting: 3 } });
    expect(held.map(({ controller }) => controller.signal.aborted)).toEqual([true, true]);
    expect([inWork.empty, store.frames.list(1).map(({ state }) => state)]).toEqual([
      true,
      ['waiting', 'waiting', 'waiting'],
    ]);
    expect(told).toEqual(['job 1 paused', 'frame 1/1 waiting', 'frame 1/2 waiting']);
  });

  it('stays begun until it has ended', async () => {
    const { states, begin } = makeParts();
    const active = await begin();
    states.stop(1, 'paused', null);
    expect(states.isLive(active)).toBe(true);
    states.stop(1, 'cancelled', 'Enough.');
    expect(states.isLive(active)).toBe(false);
  });

  it('scans its output anew when it goes on, where it was at that', async () => {
    const { states, begin } = makeParts();
    const [scanning, ready] = [await begin(), await begin({ output: '/elsewhere/####.png' })];
    scanning.phase = 'scanning';
    states.stop(1, 'paused', null);
    states.stop(2, 'paused', null);
    expect([scanning.phase, ready.phase]).toEqual(['new', 'ready']);
  });
});

describe('a job that ends', () => {
  it.each([
    ['completed', 'render_complete', null],
    ['failed', 'render_cancel', 'No frame came.'],
    ['cancelled', 'render_cancel', 'Enough.'],
  ] as const)('%s tells that with %s, and is counted', async (state, name, reason) => {
    const { states, events, counters, begin, handOut, store } = makeParts();
    const active = await begin();
    store.tries.done(handOut(active, 2), { file: '/out/2.png', seconds: 1 });
    states.finish(1, state, reason);
    expect(events).toMatchObject([
      { name: 'job_state', job: { state } },
      { name, frame: 2, ...(reason === null ? {} : { reason }) },
      { name: 'queue_idle' },
    ]);
    expect(counters.totals().jobs).toEqual({
      completed: 0,
      completedWithFailures: 0,
      failed: 0,
      cancelled: 0,
      [state]: 1,
    });
  });

  it('is counted apart where it completes though frames of it failed', async () => {
    const { states, counters, begin, handOut, store } = makeParts();
    const active = await begin();
    store.tries.fail(handOut(active, 2), 'No image.');
    states.finish(1, 'completed', null);
    expect(counters.totals().jobs).toMatchObject({ completed: 1, completedWithFailures: 1 });
  });

  it('without having begun has no end of a rendering', () => {
    const { states, add, events } = makeParts();
    add();
    states.finish(1, 'cancelled', 'Enough.');
    expect(names(events)).toEqual(['job_state', 'queue_idle']);
  });

  it('leaves the queue idle only where no other job may be worked on', () => {
    const { states, add, events } = makeParts();
    for (const frames of ['1', '2']) add({ frames });
    states.finish(1, 'cancelled', 'Enough.');
    expect(names(events)).not.toContain('queue_idle');
    states.finish(2, 'cancelled', 'Enough.');
    expect(names(events)).toContain('queue_idle');
  });

  it('ends the backoffs that it was the cause of', async () => {
    const { states, pool, begin } = makeParts();
    await begin();
    pool.backOff(1, 1, 'gltf', 1_000_000, 'it crashes');
    pool.backOff(2, 99, 'gltf', 1_000_000, 'it crashes');
    states.finish(1, 'cancelled', 'Enough.');
    expect(pool.list().map(({ slot }) => slot)).toEqual([2]);
  });

  it('lets those that came after it know', async () => {
    const { states, add, told, begin, runnable } = makeParts();
    await begin();
    add({ frames: '7' }, { after: [1] });
    expect(runnable.ids()).toEqual([1]);
    states.finish(1, 'completed', null);
    expect(told).toContain('job 2 queued');
    expect(runnable.ids()).toEqual([2]);
  });
});

describe('a job whose frames are through', () => {
  it('is not over while one waits or is in work', async () => {
    const { states, store, begin, handOut } = makeParts();
    const active = await begin({ frames: '1' });
    expect(states.finishIfThrough(1)).toBe(false);
    const held = handOut(active, 1);
    expect(states.finishIfThrough(1)).toBe(false);
    store.tries.done(held, { file: '/out/1.png', seconds: 1 });
    expect(states.finishIfThrough(1)).toBe(true);
    expect(store.job(1)).toMatchObject({ state: 'completed', reason: null });
  });

  it('says which frame was the first to fail, and which looks suspicious', async () => {
    const { states, store, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 0.5 });
    store.tries.done(handOut(active, 1), { file: '/out/1.png', seconds: 1, suspicion: 'It is black.' });
    store.tries.done(handOut(active, 2), { file: '/out/2.png', seconds: 1 });
    store.tries.fail(handOut(active, 3), 'It crashed.');
    states.finishIfThrough(1);
    expect(store.job(1)).toMatchObject({
      state: 'completed',
      reason: '1 of 3 frames failed; frame 3: It crashed. 1 frame looks suspicious; frame 1: It is black.',
    });
  });

  it('has failed as soon as too many of them did', async () => {
    const { states, store, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 0 });
    store.tries.fail(handOut(active, 2), 'It crashed.');
    expect(states.finishIfThrough(1)).toBe(true);
    expect(store.job(1)).toMatchObject({
      state: 'failed',
      reason: '1 of 3 frames failed; frame 2: It crashed.',
      frames: { waiting: 2 },
    });
  });

  it('has failed for want of its scene, where that was what they failed of', async () => {
    const { states, store, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 0 });
    store.tries.fail(handOut(active, 2), 'It was moved.', undefined, 'scene');
    states.finishIfThrough(1);
    expect(store.job(1)).toMatchObject({ state: 'failed', failure: 'scene' });
  });

  it('goes on after a restart of the host with chosen frames, though too many others had failed', async () => {
    const { states, store, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 0 });
    for (const frame of [1, 2, 3]) store.tries.fail(handOut(active, frame), 'It crashed.');
    states.finishIfThrough(1);
    // Asked of the host before.
    store.requeue(1, [1, 2]);
    states.begin(active);
    store.tries.done(handOut(active, 1), { file: '/out/1.png', seconds: 1 });
    expect(states.finishIfThrough(1)).toBe(false);
    store.tries.done(handOut(active, 2), { file: '/out/2.png', seconds: 1 });
    expect([states.finishIfThrough(1), store.job(1)!.state]).toEqual([true, 'failed']);
  });
});

describe('a queue that is to pause', () => {
  it('does so with the last frame in work, and its jobs wait', async () => {
    const { states, store, inWork, pauseState, told, begin, handOut } = makeParts();
    const held = handOut(await begin(), 1);
    pauseState.set('after-frame');
    states.settlePause();
    expect(pauseState.info().state).toBe('after-frame');
    store.tries.release(held, null);
    inWork.end(held);
    states.settlePause();
    expect([pauseState.info().state, store.standing(1)!.state]).toEqual(['paused', 'queued']);
    expect(told.at(-1)).toBe('queue paused');
  });

  it('after the job waits for those that are rendering', async () => {
    const { states, pauseState, begin } = makeParts();
    await begin();
    pauseState.set('after-job');
    states.settlePause();
    expect(pauseState.info().state).toBe('after-job');
    states.finish(1, 'cancelled', 'Enough.');
    expect(pauseState.info().state).toBe('paused');
  });

  it('waits until it is known again which frames are in work', async () => {
    const { states, inWork, pauseState, begin } = makeParts();
    await begin();
    pauseState.set('after-frame');
    inWork.outOfStep = true;
    states.settlePause();
    expect(pauseState.info().state).toBe('after-frame');
  });
});

it('lets the frames wait that were in work as the host closed, and no others', async () => {
  const { states, store, begin, handOut } = makeParts();
  const active = await begin();
  const [first, second] = [handOut(active, 1), handOut(active, 2)];
  store.tries.done(second, { file: '/out/2.png', seconds: 1 });
  const faults: unknown[] = [];
  states.release([{ ...first, lease: 999 }, first, second], (error) => faults.push(error));
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringMatching(/^Frame 1 .* lease 999/) })]);
  expect(store.frames.list(1).map(({ state }) => state)).toEqual(['waiting', 'done', 'waiting']);
});

it('reads the frames of a job that has ended no more, although one was in work', async () => {
  const folder = temporaryFolder();
  const engine = paperEngine(() => new Promise(() => undefined));
  const { queue, store, seen } = makeQueue(folder, engine);
  const read: number[] = [];
  const estimateStart = store.frames.estimateStart.bind(store.frames);
  store.frames.estimateStart = (id) => {
    read.push(id);
    return estimateStart(id);
  };
  await queue.start();
  const { id } = await queue.submit(paperJob(folder));
  await seen(({ name }) => name === 'render_pre');
  queue.cancel(id);
  expect(read).toEqual([id]);
});

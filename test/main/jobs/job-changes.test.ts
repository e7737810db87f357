import { describe, expect, it } from 'vitest';
import { makeParts } from '../../helpers/queue-parts';

describe('rendering a job again', () => {
  it('refuses where no frame failed or was left out', async () => {
    const { changes, states, store, begin, handOut } = makeParts();
    const active = await begin();
    const requeue = (): unknown => changes.requeue(store.job(1)!, 'failed');
    expect(requeue).toThrow('No frame of job 1 failed or was left out: requeue all of its frames');
    store.tries.done(handOut(active, 1), { file: '/out/1.png', seconds: 1 });
    states.finish(1, 'cancelled', 'Enough.');
    // Two were left out.
    expect(requeue).not.toThrow();
    expect(store.job(1)).toMatchObject({ state: 'queued', frames: { done: 1, waiting: 2 } });
  });

  it('of what remains renders no frame that failed, and does not fail for it before it is through', async () => {
    const { changes, states, store, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 0.1 });
    store.tries.fail(handOut(active, 2), 'It crashed.');
    const requeue = (): unknown => changes.requeue(store.job(1)!, 'remaining');
    expect(requeue).toThrow('Job 1 is rendering: its remaining frames are rendered anyway.');
    states.finish(1, 'cancelled', 'Enough.');
    requeue();
    expect(store.job(1)).toMatchObject({ state: 'queued', frames: { failed: 1, waiting: 2 } });
    states.begin(active);
    store.tries.done(handOut(active, 1), { file: '/out/1.png', seconds: 1 });
    expect(states.finishIfThrough(1)).toBe(false);
    store.tries.done(handOut(active, 3), { file: '/out/3.png', seconds: 1 });
    expect([states.finishIfThrough(1), store.job(1)!.state]).toEqual([true, 'failed']);
    expect(requeue).toThrow('No frame of job 1 was left out: requeue its failed frames, or all.');
  });

  it('of its failed frames lets the others go on, and tells which wait', async () => {
    const { changes, store, told, events, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 1 });
    store.tries.fail(handOut(active, 2), 'It crashed.');
    const held = handOut(active, 1);
    changes.requeue(store.job(1)!, 'failed');
    expect([held.controller.signal.aborted, active.phase, events]).toEqual([false, 'ready', []]);
    expect(told).toEqual(['job 1 rendering', 'frame 1/2 waiting', 'frame 1/3 waiting']);
  });

  it('of all frames gives up those in work, and looks through its output anew', async () => {
    const { changes, store, begin, handOut } = makeParts();
    const active = await begin();
    active.replaceable.add(2);
    store.tries.done(handOut(active, 2), { file: '/out/2.png', seconds: 1 });
    const held = handOut(active, 1);
    expect(changes.requeue(store.job(1)!, 'all')).toMatchObject({ state: 'queued', frames: { waiting: 3 } });
    expect([held.controller.signal.aborted, active.phase, active.replaceable.size]).toEqual([true, 'new', 0]);
  });

  it('of chosen frames renders those anew, over their own images, and lets the others be', async () => {
    const { changes, store, told, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 1 });
    const stamp = { path: '/out/1.png', bytes: 4, modifiedAt: 1 };
    store.tries.done(handOut(active, 1), { file: '/out/1.png', seconds: 1, stamps: [stamp] });
    store.tries.fail(handOut(active, 2), 'It crashed.', undefined, 'crash');
    const held = handOut(active, 3);
    expect(() => changes.requeue(store.job(1)!, [1, 7])).toThrow('Job 1 has no frame 7: choose frames of its range.');
    expect(() => changes.requeue(store.job(1)!, [3])).toThrow('Frame 3 of job 1 waits or is being rendered already.');
    told.length = 0;
    changes.requeue(store.job(1)!, [1, 3]);
    expect(store.job(1)!.frames).toMatchObject({ waiting: 1, rendering: 1, failed: 1, done: 0 });
    expect([held.controller.signal.aborted, [...active.replaceable]]).toEqual([false, [1]]);
    expect(store.frames.get(1, 2)).toMatchObject({ state: 'failed', failure: 'crash' });
  });

  it('of chosen frames does not fail for those that had failed before until it is through', async () => {
    const { changes, states, store, begin, handOut } = makeParts();
    const active = await begin({ failureShare: 0.1 });
    for (const frame of [1, 2, 3]) store.tries.fail(handOut(active, frame), 'It crashed.');
    expect([states.finishIfThrough(1), store.job(1)]).toMatchObject([true, { state: 'failed', failure: 'too-many' }]);
    changes.requeue(store.job(1)!, [1, 2]);
    expect(store.job(1)).toMatchObject({ state: 'queued', failure: null });
    states.begin(active);
    store.tries.done(handOut(active, 1), { file: '/out/1.png', seconds: 1 });
    expect(states.finishIfThrough(1)).toBe(false);
    store.tries.done(handOut(active, 2), { file: '/out/2.png', seconds: 1 });
    expect([states.finishIfThrough(1), store.job(1)!.state]).toEqual([true, 'failed']);
  });

  it('of one that had ended tells that it waits, and lets its turn come', async () => {
    const { changes, states, store, events, runnable, begin } = makeParts();
    await begin();
    states.finish(1, 'cancelled', 'Enough.');
    events.length = 0;
    changes.requeue(store.job(1)!, 'all');
    expect([events.map(({ name }) => name), runnable.ids()]).toEqual([['job_state'], [1]]);
  });
});

describe('other settings', () => {
  it.each([
    ['rendering', 'Job 1 is rendering: pause it before its settings are changed.'],
    ['cancelled', 'Job 1 is cancelled: duplicate it, or requeue it, to render with other settings.'],
  ] as const)('are refused of a job that is %s', async (state, message) => {
    const { changes, states, store, begin } = makeParts();
    await begin();
    if (state === 'cancelled') states.finish(1, state, 'Enough.');
    const { settings } = store.job(1)!;
    expect(() => changes.setSettings(store.job(1)!, settings, 'none', undefined)).toThrow(message);
  });

  it('count from the next frame on: what was found out with the old ones does not', async () => {
    const { changes, states, store, begin } = makeParts();
    const active = await begin();
    active.replaceable.add(2);
    const job = states.stop(1, 'paused', null);
    changes.setSettings(job, { ...job.settings, samples: 9, frames: '2-5' }, 'none', '/resolved');
    expect(store.job(1)).toMatchObject({ state: 'paused', settings: { samples: 9 }, frames: { total: 4 } });
    expect([active.settings.samples, active.phase, active.replaceable.size, store.folder(1)]).toEqual([
      9,
      'new',
      0,
      '/resolved',
    ]);
  });
});

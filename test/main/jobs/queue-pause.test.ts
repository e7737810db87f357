import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { QueuePause, type QueuePauseOptions } from '../../../src/main/jobs/queue-pause';
import { makeParts } from '../../helpers/queue-parts';

/** A pause over a real queue's parts; `released` settles when the queue may go on. */
function makePause(change: Partial<QueuePauseOptions> = {}) {
  const parts = makeParts();
  let onReleased: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (onReleased = resolve));
  const { images, onFault } = parts.options;
  const pause = new QueuePause({ ...parts, images, onFault, onReleased, ...change });
  return { ...parts, pause, released };
}

describe('pausing the queue', () => {
  it('now gives up the frames in work', async () => {
    const { pause, store, pauseState, told, begin, handOut } = makePause();
    const held = handOut(await begin(), 1);
    pause.pause('now');
    expect([held.controller.signal.aborted, store.standing(1)!.state, pauseState.info().state]).toEqual([
      true,
      'queued',
      'paused',
    ]);
    expect([store.notes.note('state'), told.at(-1)]).toEqual(['paused', 'queue paused']);
  });

  it.each(['frame', 'job'] as const)('after the %s lets those in work end', async (after) => {
    const { pause, store, pauseState, begin, handOut } = makePause();
    const held = handOut(await begin(), 1);
    pause.pause(after);
    expect([held.controller.signal.aborted, store.standing(1)!.state, pauseState.info().state]).toEqual([
      false,
      'rendering',
      `after-${after}`,
    ]);
  });

  it('is at once where nothing is in work, and changes nothing where it is paused', () => {
    const { pause, pauseState, told } = makePause();
    pause.pause('frame');
    expect(pauseState.info().state).toBe('paused');
    told.length = 0;
    pause.pause('job');
    expect([pauseState.info().state, told]).toEqual(['paused', []]);
  });

  it('is no less asked for where something holds the queue already', () => {
    const { pause, store } = makePause();
    pause.hold('space', 'Little is free.');
    pause.pause('now');
    pause.release('space');
    expect(store.notes.note('state')).toBe('paused');
  });

  it('is over when it is resumed, which is told once', () => {
    const { pause, pauseState, told } = makePause();
    pause.pause('now');
    told.length = 0;
    pause.resume();
    pause.resume();
    expect([pauseState.info().state, told]).toEqual(['running', ['queue running']]);
  });
});

describe('holding the queue', () => {
  it('lets frames in work end, says why, and is told once', async () => {
    const { pause, pauseState, told, begin, handOut } = makePause();
    const held = handOut(await begin(), 1);
    pause.hold('space', 'Little is free.');
    pause.hold('space', 'Little is free.');
    expect(pauseState.info()).toEqual({ state: 'paused', reason: 'Little is free.' });
    expect([held.controller.signal.aborted, told]).toEqual([false, ['queue paused']]);
  });

  it('is over when what held it is', async () => {
    const { pause, pauseState, released } = makePause();
    pause.hold('space', 'Little is free.');
    pause.release('full');
    expect(pauseState.info().state).toBe('paused');
    pause.release('space');
    await released;
    expect(pauseState.info()).toEqual({ state: 'running', reason: null });
  });
});

describe('a queue that could not be written', () => {
  it('is tried again, with the frames repaired that the database lost sight of', async () => {
    const { pause, released, store, inWork, pauseState, begin, handOut } = makePause({ writeRetry: 1 });
    const active = await begin();
    const [lost, held] = [handOut(active, 1), handOut(active, 2)];
    inWork.end(lost);
    inWork.outOfStep = true;
    pause.holdUntilWritable('It could not be written.');
    expect(pauseState.info().reason).toBe('It could not be written.');
    await released;
    expect(store.frames.list(1).map(({ state }) => state)).toEqual(['waiting', 'rendering', 'waiting']);
    expect([inWork.outOfStep, inWork.holds(held), pauseState.info().state]).toEqual([false, true, 'running']);
  });

  it('ends the jobs that are found to be through', async () => {
    const { pause, released, store, inWork, begin, handOut } = makePause({ writeRetry: 1 });
    const active = await begin({ frames: '1-2', failureShare: 1 });
    const [first, second] = [handOut(active, 1), handOut(active, 2)];
    store.tries.skip(first, '/out/1.png');
    store.tries.skip(second, '/out/2.png');
    for (const held of [first, second]) inWork.end(held);
    inWork.outOfStep = true;
    pause.holdUntilWritable('It could not be written.');
    await released;
    expect(store.standing(1)!.state).toBe('completed');
  });

  it('is tried for as long as it can’t be', async () => {
    let tries = 0;
    const parts = makeParts();
    let onReleased: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (onReleased = resolve));
    const blocked = parts.store.tries.interrupted.bind(parts.store.tries);
    parts.store.tries.interrupted = () => {
      if (++tries < 3) throw new Error('database or disk is full');
      return blocked();
    };
    const { images, onFault } = parts.options;
    const pause = new QueuePause({ ...parts, images, onFault, writeRetry: 1, onReleased });
    pause.holdUntilWritable('It could not be written.');
    await released;
    expect(tries).toBe(3);
  });

  it('is left alone after the host has closed', async () => {
    const [{ pause }, other] = [makePause(), makePause()];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    pause.holdUntilWritable('It could not be written.');
    expect(vi.getTimerCount()).toBe(1);
    await pause.close();
    expect(vi.getTimerCount()).toBe(0);
    await other.pause.close();
    other.pause.holdUntilWritable('It could not be written.');
    expect(vi.getTimerCount()).toBe(0);
  });
});

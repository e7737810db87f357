import { describe, expect, it } from 'vitest';
import { type OnStart, createPauseState } from '../../../../src/main/jobs/scheduling/pause-state';

function notes(state: string | null = null) {
  const kept = new Map<string, string>(state === null ? [] : [['state', state]]);
  return {
    kept,
    note: (key: string) => kept.get(key) ?? null,
    setNote: (key: string, value: string) => void kept.set(key, value),
  };
}

describe('at the start', () => {
  it.each<[left: string | null, onStart: OnStart, state: string]>([
    [null, 'run', 'running'],
    [null, 'last', 'running'],
    [null, 'paused', 'paused'],
    ['running', 'last', 'running'],
    ['paused', 'run', 'running'],
    ['paused', 'last', 'paused'],
    // The host ended before the frame or the job did: what was wanted is that it pauses.
    ['after-frame', 'last', 'paused'],
    ['after-job', 'last', 'paused'],
    ['after-job', 'run', 'running'],
  ])('left %s, with “%s”, it is %s', (left, onStart, state) => {
    const { kept, ...store } = notes(left);
    const pause = createPauseState(store, onStart);
    expect(pause.info()).toEqual({ state, reason: null });
    expect(kept.get('state') ?? null).toBe(left);
    pause.keep();
    expect(kept.get('state')).toBe(state);
  });
});

describe('frames are handed out', () => {
  it.each([
    ['running', true, true],
    ['paused', false, false],
    ['after-frame', false, false],
    ['after-job', false, true],
  ] as const)('while it is %s: to a job that waits %s, to one that is rendering %s', (state, waiting, rendering) => {
    const pause = createPauseState(notes(), 'run');
    expect(pause.set(state)).toBe(state !== 'running');
    expect([pause.open(false), pause.open(true)]).toEqual([waiting, rendering]);
  });

  it('to nobody while anything holds the queue, and again when nothing does', () => {
    const pause = createPauseState(notes(), 'run');
    expect(pause.hold('space', 'Little is free.')).toBe(true);
    expect(pause.hold('space', 'Little is free.')).toBe(false);
    expect(pause.hold('full', 'Nothing can be written.')).toBe(true);
    expect(pause.info()).toEqual({ state: 'paused', reason: 'Little is free.' });
    expect([pause.release('space'), pause.open(true)]).toEqual([true, false]);
    expect(pause.info()).toEqual({ state: 'paused', reason: 'Nothing can be written.' });
    expect([pause.release('full'), pause.release('full'), pause.open(false)]).toEqual([true, false, true]);
  });
});

it('that a person paused tells no reason, whatever holds it besides', () => {
  const { kept, ...store } = notes();
  const pause = createPauseState(store, 'run');
  pause.hold('space', 'Little is free.');
  expect([pause.set('paused'), pause.set('paused')]).toEqual([true, false]);
  expect(pause.info()).toEqual({ state: 'paused', reason: null });
  expect(kept.get('state')).toBe('paused');
});

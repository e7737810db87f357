import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Heartbeat, startHeartbeat } from '../../../src/main/addons/heartbeat';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process that answers while `answers` says so, and what happens to it. */
function watched(answers: () => boolean): { heartbeat: Heartbeat; steps: string[] } {
  const steps: string[] = [];
  const heartbeat = startHeartbeat({
    ping: async (milliseconds) => {
      if (answers()) return true;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return false;
    },
    deadline: 30_000,
    handlerSeconds: 10,
    warn: (text) => steps.push(text),
    slow: () => steps.push('slowed'),
    kill: (reason) => steps.push(`killed: ${reason}`),
  });
  return { heartbeat, steps };
}

const TOLD =
  'It has not answered for 3 s; after 30 s it is stopped. It has the lowest priority until it is started again.';

it('leaves a process alone that answers', async () => {
  const { steps } = watched(() => true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(steps).toEqual([]);
});

it('tells and slows a process that does not answer, then kills it', async () => {
  const { heartbeat, steps } = watched(() => false);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(steps).toEqual([TOLD, 'slowed']);
  await vi.advanceTimersByTimeAsync(27_000);
  expect(steps).toEqual([TOLD, 'slowed']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps.at(-1)).toBe('killed: it did not answer for 30 s');
  heartbeat.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('lets one go on that answers after all, as a computer does that slept', async () => {
  let asked = 0;
  const { steps } = watched(() => ++asked > 1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(steps).toEqual([]);
});

it('tells and slows it at the first handler that takes too long, and kills it at the third', () => {
  const { heartbeat, steps } = watched(() => true);
  heartbeat.handlerLate();
  expect(steps).toEqual([
    'A handler took longer than 10 s; after 3 times within ten minutes it is stopped. It has the lowest priority until it is started again.',
    'slowed',
  ]);
  heartbeat.handlerLate();
  expect(steps).toHaveLength(2);
  heartbeat.handlerLate();
  expect(steps.at(-1)).toBe('killed: its handlers took longer than 10 s 3 times within ten minutes');
});

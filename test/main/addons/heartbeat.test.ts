import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Heartbeat, startHeartbeat } from '../../../src/main/addons/heartbeat';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process that answers while `answers` says so, and what happens to it. @param cpu seconds used in a second, if known */
function watched(answers: () => boolean, cpu: number | null): { heartbeat: Heartbeat; steps: string[] } {
  const steps: string[] = [];
  const began = performance.now();
  const heartbeat = startHeartbeat({
    ping: async (milliseconds) => {
      if (answers()) return true;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return false;
    },
    deadline: 30_000,
    handlerSeconds: 10,
    cpuSeconds: async () => (cpu === null ? null : ((performance.now() - began) / 1_000) * cpu),
    warn: (text) => steps.push(text),
    slow: () => steps.push('slowed'),
    kill: (reason) => steps.push(`killed: ${reason}`),
  });
  return { heartbeat, steps };
}

const told = (seconds: number): string =>
  `It has not answered for ${seconds} s; after 30 s it is stopped. It has the lowest priority until it is started again.`;
const KILLED = 'killed: it did not answer for 30 s';

it('leaves a process alone that answers', async () => {
  const { steps } = watched(() => true, 1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(steps).toEqual([]);
});

it('tells and slows a process soon that does not answer and keeps a processor busy, then kills it', async () => {
  const { heartbeat, steps } = watched(() => false, 1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(steps).toEqual([told(2), 'slowed']);
  await vi.advanceTimersByTimeAsync(28_000);
  expect(steps).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps).toEqual([told(2), 'slowed', KILLED]);
  heartbeat.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('does not slow one that gets no processor time itself', async () => {
  const { steps } = watched(() => false, 0.1);
  await vi.advanceTimersByTimeAsync(34_000);
  expect(steps).toEqual([KILLED]);
});

it('waits three seconds where the processor time is unknown', async () => {
  const { steps } = watched(() => false, null);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(steps).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(steps).toEqual([told(3), 'slowed']);
});

it('lets one go on that answers after all', async () => {
  let asked = 0;
  const { steps } = watched(() => ++asked % 20 === 0, 0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(steps).toEqual([]);
});

it('tells and slows it at the first handler that takes too long, and kills it at the third', () => {
  const { heartbeat, steps } = watched(() => true, 0);
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

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Heartbeat, startHeartbeat } from '../../../src/main/addons/heartbeat';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process that answers while `answers` says so, and what happens to it. @param cpu seconds used in a second, if known */
function watched(
  answers: () => boolean,
  cpu: number | null,
  begin: Promise<void> = Promise.resolve(),
): { heartbeat: Heartbeat; steps: string[] } {
  const steps: string[] = [];
  const began = performance.now();
  const heartbeat = startHeartbeat({
    begin,
    ping: async (milliseconds) => {
      if (answers()) return true;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return false;
    },
    deadline: 30_000,
    handlerSeconds: 10,
    cpuSeconds: async () => (cpu === null ? null : ((performance.now() - began) / 1_000) * cpu),
    busyShare: 0.5,
    slow: (why) => steps.includes(why) || steps.push(why),
    kill: (reason) => steps.push(`killed: ${reason}`),
  });
  return { heartbeat, steps };
}

const told = (seconds: number): string => `It has not answered for ${seconds} s; after 30 s it is stopped.`;
const KILLED = 'killed: it did not answer for 30 s';

it('leaves a process alone that answers', async () => {
  const { steps } = watched(() => true, 1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(steps).toEqual([]);
});

it('slows a process soon that does not answer and keeps a processor busy, then kills it', async () => {
  const { heartbeat, steps } = watched(() => false, 1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(steps).toEqual([told(2)]);
  await vi.advanceTimersByTimeAsync(28_000);
  expect(steps).not.toContain(KILLED);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps.at(-1)).toBe(KILLED);
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
  await vi.advanceTimersByTimeAsync(3_999);
  expect(steps).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(steps).toEqual([told(3)]);
});

it('does not ask one that is still being started', async () => {
  let registered: () => void = () => undefined;
  const { steps } = watched(() => false, 1, new Promise((resolve) => (registered = resolve)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(steps).toEqual([]);
  registered();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(steps).toEqual([told(2)]);
});

it('lets one go on that answers after all', async () => {
  let asked = 0;
  const { steps } = watched(() => ++asked % 20 === 0, 0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(steps).toEqual([]);
});

it('slows it at the first handler that takes too long, and kills it at the third', () => {
  const { heartbeat, steps } = watched(() => true, 0);
  heartbeat.handlerLate();
  expect(steps).toEqual(['A handler took longer than 10 s; after 3 times within ten minutes it is stopped.']);
  heartbeat.handlerLate();
  expect(steps).toHaveLength(1);
  heartbeat.handlerLate();
  expect(steps.at(-1)).toBe('killed: its handlers took longer than 10 s 3 times within ten minutes');
});

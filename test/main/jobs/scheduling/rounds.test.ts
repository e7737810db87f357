import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createRounds } from '../../../../src/main/jobs/scheduling/rounds';

it('makes one round of all that happens in one turn of the event loop', async () => {
  let rounds = 0;
  const { soon } = createRounds(() => rounds++);
  for (let happened = 0; happened < 100; happened++) soon();
  expect(rounds).toBe(0);
  await nextTurn();
  expect(rounds).toBe(1);
  soon();
  await expect.poll(() => rounds).toBe(2);
});

it('leaves time after a long round, but to whoever waits for one', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'setImmediate'] });
  onTestFinished(() => void vi.useRealTimers());
  let [rounds, takes] = [0, 20];
  const { now, soon } = createRounds(() => {
    rounds++;
    vi.advanceTimersByTime(takes);
  });
  now();
  takes = 0;
  soon();
  vi.advanceTimersByTime(4);
  expect(rounds).toBe(1);
  now();
  expect(rounds).toBe(2);
  vi.advanceTimersByTime(1);
  expect(rounds).toBe(3);
});

it('makes one though nothing happens, and no other until it was asked for again', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let rounds = 0;
  const { within } = createRounds(() => rounds++);
  within(30_000);
  vi.advanceTimersByTime(20_000);
  within(30_000);
  vi.advanceTimersByTime(9_999);
  expect(rounds).toBe(0);
  vi.advanceTimersByTime(100_000);
  expect(rounds).toBe(1);
  within(30_000);
  vi.advanceTimersByTime(30_000);
  expect(rounds).toBe(2);
});

it('makes the next round after one that failed', async () => {
  let rounds = 0;
  const { now, soon } = createRounds(() => {
    if (++rounds === 1) throw new Error('no round');
  });
  expect(now).toThrow('no round');
  soon();
  await expect.poll(() => rounds).toBe(2);
});

it('tells a round that has lasted long', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'setImmediate'] });
  onTestFinished(() => void vi.useRealTimers());
  const seen: boolean[] = [];
  const rounds = createRounds(() => {
    seen.push(rounds.long);
    vi.advanceTimersByTime(51);
    seen.push(rounds.long);
  });
  rounds.now();
  expect(seen).toEqual([false, true]);
});

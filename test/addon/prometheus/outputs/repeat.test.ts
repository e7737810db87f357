import { expect, onTestFinished, test } from 'vitest';
import { backoffAfter, repeat } from '../../../../src/addon/prometheus/outputs/repeat';

test.each([
  [0, 15, 15],
  [1, 15, 15],
  [2, 15, 30],
  [3, 15, 60],
  [9, 15, 60],
  [2, 300, 300],
  [1_000, 1, 60],
])('after %d failures in a row an interval of %d s becomes %d s', (failures, seconds, pause) => {
  expect(backoffAfter(failures, seconds)).toBe(pause);
});

test('it runs at once and again, never twice at the same time', async () => {
  let running = 0;
  let runs = 0;
  await new Promise<void>((resolve) => {
    const stop = repeat({
      seconds: 0.001,
      async run() {
        expect(++running).toBe(1);
        await new Promise((go) => setTimeout(go, 5));
        running--;
        if (++runs === 5) resolve();
        return 'done';
      },
      succeeded: () => {},
      failed: () => {},
    });
    onTestFinished(stop);
  });
});

test('pauses grow with failures and are short again after a success', async () => {
  const times: number[] = [];
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    const stop = repeat({
      seconds: 0.02,
      async run() {
        times.push(performance.now());
        if (times.length === 7) resolve();
        if (times.length <= 4) throw new Error('no');
        return 'done';
      },
      succeeded: () => told.push('done'),
      failed: (error) => told.push((error as Error).message),
    });
    onTestFinished(stop);
  });
  const pauses = times.slice(1).map((time, i) => time - times[i]!);
  for (const [i, least] of [20, 40, 80, 160].entries()) expect(pauses[i]).toBeGreaterThan(least - 3);
  expect(pauses[4]).toBeLessThan(pauses[3]!);
  expect(told.slice(0, 5)).toEqual(['no', 'no', 'no', 'no', 'done']);
});

test('ending it aborts what runs, tells nothing of it, and nothing runs afterwards', async () => {
  let runs = 0;
  let told = 0;
  const stop = repeat({
    seconds: 0.001,
    run: (signal) =>
      new Promise((_resolve, reject) => {
        runs++;
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
    succeeded: () => told++,
    failed: () => told++,
  });
  await stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([runs, told]).toEqual([1, 0]);
});

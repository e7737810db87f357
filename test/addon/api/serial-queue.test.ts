import { expect, it } from 'vitest';
import { createSerialQueue } from '../../../src/addon/api/serial-queue';

it('runs one task after another, in the order pushed', async () => {
  const queue = createSerialQueue();
  const trace: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    queue.push(async () => {
      trace.push(`${name} begins`);
      // The first takes the most turns of the loop.
      for (let turns = name === 'a' ? 5 : 1; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      trace.push(`${name} ends`);
    });
  }
  await queue.idle();
  expect(trace).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('is idle at once when nothing was pushed, and waits only for what was pushed before', async () => {
  const queue = createSerialQueue();
  await queue.idle();
  let release!: () => void;
  queue.push(() => new Promise((resolve) => (release = resolve)));
  let idle = false;
  const settled = queue.idle().then(() => (idle = true));
  let later = false;
  queue.push(() => {
    later = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect({ idle, later }).toEqual({ idle: false, later: false });
  release();
  await settled;
  await queue.idle();
  expect(later).toBe(true);
});

import { expect, it } from 'vitest';
import { createReadQueue } from '../../../src/main/control/read-queue';

it('gives turns in order, one in each round of the event loop', async () => {
  const turn = createReadQueue();
  const seen: string[] = [];
  const rounds = (async (): Promise<void> => {
    for (let round = 0; seen.filter((word) => word !== 'round').length < 6; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push('round');
    }
  })();
  const reader = async (name: string): Promise<void> => {
    for (let page = 1; page <= 2; page++) {
      await turn();
      seen.push(name + String(page));
    }
  };
  await Promise.all([reader('a'), reader('b'), reader('c'), rounds]);
  expect(seen.filter((word) => word !== 'round')).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  for (const [index, word] of seen.entries()) if (word !== 'round') expect(seen[index + 1] ?? 'round').toBe('round');
});

it('begins again after a pause', async () => {
  const turn = createReadQueue();
  await turn();
  await new Promise((resolve) => setImmediate(resolve));
  await turn();
});

import { expect, it } from 'vitest';
import { createReadQueue } from '../../../src/main/control/read-queue';

it('gives turns in order, with rounds of the event loop between them in which new clients are seen', async () => {
  const turn = createReadQueue();
  const seen: string[] = [];
  const counted = (async (): Promise<void> => {
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
  await Promise.all([reader('a'), reader('b'), reader('c'), counted]);
  expect(seen.filter((word) => word !== 'round')).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  const between = seen
    .join(' ')
    .split(/ ?[abc]\d ?/)
    .slice(1, -1);
  for (const rounds of between) expect(rounds.split(' ').length).toBeGreaterThanOrEqual(30);
});

it('begins again after a pause', async () => {
  const turn = createReadQueue();
  await turn();
  await new Promise((resolve) => setImmediate(resolve));
  await turn();
});

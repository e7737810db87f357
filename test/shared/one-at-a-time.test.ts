import { expect, it } from 'vitest';
import { oneAtATime } from '../../src/shared/one-at-a-time';

it('runs each step when those before it have settled, and gives every caller its own result', async () => {
  const inTurn = oneAtATime();
  const order: string[] = [];
  let release!: () => void;
  const first = inTurn(async () => {
    order.push('first begins');
    await new Promise<void>((resolve) => (release = resolve));
    order.push('first ends');
    return 1;
  });
  const second = inTurn(() => {
    order.push('second');
    throw new Error('broken');
  });
  const third = inTurn(() => order.push('third'));
  await Promise.resolve();
  expect(order).toEqual(['first begins']);
  release();
  expect(await first).toBe(1);
  await expect(second).rejects.toThrow('broken');
  expect(await third).toBe(4);
  expect(order).toEqual(['first begins', 'first ends', 'second', 'third']);
});

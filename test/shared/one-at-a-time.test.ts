import { expect, it } from 'vitest';
import { oneAtATime, oneAtATimePerKey } from '../../src/shared/one-at-a-time';

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

it('lets steps of other keys run meanwhile', async () => {
  const inTurn = oneAtATimePerKey<string>();
  const order: string[] = [];
  let release!: () => void;
  const first = inTurn('a', async () => {
    await new Promise<void>((resolve) => (release = resolve));
    order.push('a 1');
    throw new Error('broken');
  });
  const second = inTurn('a', () => order.push('a 2'));
  await inTurn('b', () => order.push('b'));
  release();
  await expect(first).rejects.toThrow('broken');
  await second;
  await inTurn('a', () => order.push('a 3'));
  expect(order).toEqual(['b', 'a 1', 'a 2', 'a 3']);
});

import { expect, it } from 'vitest';
import { severalAtOnce } from '../../src/shared/several-at-once';

it('ends with the first error once what was begun has settled, and begins nothing more', async () => {
  const begun: number[] = [];
  const settled: number[] = [];
  let goOn = (): void => undefined;
  const slow = new Promise<void>((resolve) => (goOn = resolve));
  const all = severalAtOnce(2, [0, 1, 2, 3], async (item) => {
    begun.push(item);
    if (item === 1) {
      setImmediate(goOn);
      throw new Error('the second failed');
    }
    await slow;
    settled.push(item);
  });
  await expect(all).rejects.toThrow('the second failed');
  expect([begun, settled]).toEqual([[0, 1], [0]]);
});

import { expect, it } from 'vitest';
import { shareNext } from '../../src/shared/share-next';

it('shares the next result, never one that is older than its question', async () => {
  const share = shareNext<number>();
  const ends: ((value: number) => void)[] = [];
  const work = (): Promise<number> => new Promise((resolve) => ends.push(resolve));
  const first = share('a', work);
  const [second, third] = [share('a', work), share('a', work)];
  const other = share('b', work);
  expect(ends).toHaveLength(2);
  ends[0]!(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(ends).toHaveLength(3);
  ends[2]!(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  ends[1]!(3);
  expect(await other).toBe(3);
});

it('begins again after a failure', async () => {
  const share = shareNext<number>();
  const first = share('a', () => Promise.reject(new Error('no')));
  const second = share('a', () => Promise.resolve(2));
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe(2);
  expect(await share('a', () => Promise.resolve(3))).toBe(3);
});

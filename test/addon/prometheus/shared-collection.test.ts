import { expect, test } from 'vitest';
import { collectAtMostEvery, shareCollection } from '../../../src/addon/prometheus/shared-collection';

function manual(): { collect: () => Promise<number>; finish: (error?: Error) => void; begun: () => number } {
  let begun = 0;
  let settle: ((error?: Error) => void) | undefined;
  return {
    collect: () => {
      const mine = ++begun;
      return new Promise((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve(mine))));
    },
    finish: (error) => settle!(error),
    begun: () => begun,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('callers that come while one runs share the next one, which begins after they asked', async () => {
  const { collect, finish, begun } = manual();
  const shared = shareCollection(collect);
  const first = shared();
  const others = [shared(), shared(), shared()];
  expect(begun()).toBe(1);
  finish();
  expect(await first).toBe(1);
  await turn();
  expect(begun()).toBe(2);
  const late = shared();
  finish();
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  await turn();
  finish();
  expect(await late).toBe(3);
});

test('one that fails is told to those who share it, and the next one runs', async () => {
  const { collect, finish } = manual();
  const shared = shareCollection(collect);
  const first = shared();
  const second = shared();
  finish(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await turn();
  finish();
  expect(await second).toBe(2);
  const third = shared();
  finish();
  expect(await third).toBe(3);
});

test('one that began not long ago is shared, before and after its end', async () => {
  const { collect, finish, begun } = manual();
  const seldom = collectAtMostEvery(1_000_000, collect);
  const first = seldom();
  const second = seldom();
  finish();
  expect(await Promise.all([first, second, seldom()])).toEqual([1, 1, 1]);
  expect(begun()).toBe(1);
  const always = collectAtMostEvery(0, collect);
  void always();
  void always();
  expect(begun()).toBe(3);
});

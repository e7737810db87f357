import { afterEach, expect, it, vi } from 'vitest';
import { createDisposalStack } from '../../../src/addon/api/disposal-stack';

afterEach(() => void vi.useRealTimers());

it('releases what was taken last first, and what is added meanwhile too', async () => {
  const stack = createDisposalStack();
  const released: string[] = [];
  stack.add(() => void released.push('first'));
  stack.add(async () => {
    await Promise.resolve();
    released.push('second');
    stack.add(() => void released.push('added'));
  });
  await stack.releaseAll((error) => expect.unreachable(String(error)));
  expect(released).toEqual(['second', 'added', 'first']);
  await stack.releaseAll(() => undefined);
  expect(released).toHaveLength(3);
});

it('releases nothing that was taken off again', async () => {
  const stack = createDisposalStack();
  const release = vi.fn();
  const takeOff = stack.add(release);
  takeOff();
  takeOff();
  await stack.releaseAll(() => undefined);
  expect(release).not.toHaveBeenCalled();
});

it('goes on after one that throws, rejects or hangs, and reports each', async () => {
  vi.useFakeTimers();
  const stack = createDisposalStack();
  const released: string[] = [];
  const errors: string[] = [];
  stack.add(() => void released.push('bottom'));
  stack.add(() => new Promise(() => {}));
  stack.add(() => Promise.reject(new Error('rejected')));
  stack.add(() => {
    throw new Error('thrown');
  });
  const done = stack.releaseAll((error) => errors.push((error as Error).message));
  await vi.advanceTimersByTimeAsync(2_000);
  await done;
  expect(released).toEqual(['bottom']);
  // One that throws at once is reported like the others.
  expect(errors).toEqual(['thrown', 'rejected', expect.stringMatching(/not released within 2 s/)]);
});

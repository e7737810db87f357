import { afterEach, expect, it, vi } from 'vitest';
import { deadline } from '../../../src/addon/api/deadline';

afterEach(() => void vi.useRealTimers());

it('hands on what comes in time, values and failures alike', async () => {
  expect(await deadline(7, 1_000, 'late')).toBe(7);
  expect(await deadline(Promise.resolve('done'), 1_000, 'late')).toBe('done');
  await expect(deadline(Promise.reject(new Error('broken')), 1_000, 'late')).rejects.toThrow('broken');
});

it('fails when the time is over, and keeps no timer after an answer', async () => {
  vi.useFakeTimers();
  const late = expect(deadline(new Promise(() => {}), 1_000, 'It took too long.')).rejects.toThrow('It took too long.');
  vi.advanceTimersByTime(1_000);
  await late;
  await deadline(1, 1_000, 'late');
  await Promise.resolve();
  expect(vi.getTimerCount()).toBe(0);
});

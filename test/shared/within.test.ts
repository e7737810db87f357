import { expect, it, vi } from 'vitest';
import { within } from '../../src/shared/within';

it('waits for the work, and lets nothing behind that would keep a process alive', async () => {
  vi.useFakeTimers();
  try {
    await within(Promise.resolve(1), 1_000);
    expect(vi.getTimerCount()).toBe(0);
    await expect(within(Promise.reject(new Error('no')), 1_000)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('waits no longer than it may', async () => {
  vi.useFakeTimers();
  try {
    let over = false;
    const waited = within(new Promise(() => {}), 1_000).then(() => (over = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waited;
    expect(over).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

import { expect, it, vi } from 'vitest';
import { watchMemory } from '../../../src/main/addons/memory-watch';
import { createFixture } from './fixture';

it('warns once near the limit and kills above it', async () => {
  vi.useFakeTimers();
  try {
    const told: string[] = [];
    const readings = [50, 85, 90, 120].map((megabytes) => megabytes * 1024 * 1024);
    const close = watchMemory({
      pid: 1,
      limit: 100,
      every: 10,
      warn: (text) => told.push(text),
      kill: (reason) => told.push(`killed: ${reason}`),
      read: async () => readings.shift() ?? null,
    });
    await vi.advanceTimersByTimeAsync(100);
    close();
    expect(told).toEqual([
      'It uses 85 MB of memory; above 100 MB it is stopped.',
      'killed: it used 120 MB of memory, and 100 MB is the most',
    ]);
  } finally {
    vi.useRealTimers();
  }
});

it('an add-on that hogs its heap is ended by Node, and the reason says so', async () => {
  const main = `export function register(ctx) { ctx.handlers.on('queue_idle', () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }); }`;
  const f = await createFixture({ hog: { main } }, { restarts: { pauses: [] } });
  try {
    await f.manager.enable('hog');
    f.emit('queue_idle');
    const { reason } = await f.until('hog', ({ state }) => state === 'failed');
    expect(reason).toContain('needs more memory than it may have');
  } finally {
    await f.close();
  }
});

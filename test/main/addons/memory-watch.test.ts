import { expect, it, vi } from 'vitest';
import { memoryLimitOf, watchMemory } from '../../../src/main/addons/memory-watch';
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

it('the heap is as large as the host says when the add-on is started', async () => {
  const main = `import v8 from 'node:v8';
    export const register = () => console.log('heap ' + Math.round(v8.getHeapStatistics().heap_size_limit / 1048576) + '.');`;
  let limit = 1_024;
  const f = await createFixture({ sized: { main } }, { limits: () => ({ heap: limit, storage: 1_024 }) });
  const heap = (): number => Number(/heap (\d+)/.exec(f.log('sized').findLast((line) => line.startsWith('heap'))!)![1]);
  try {
    await f.manager.enable('sized');
    await f.logged('sized', 'heap ');
    const large = heap();
    expect(large).toBeGreaterThanOrEqual(1_024);
    limit = 128;
    await f.manager.disable('sized');
    await f.manager.enable('sized');
    await f.until('sized', () => heap() !== large);
    expect(heap()).toBeGreaterThanOrEqual(128);
    expect(heap()).toBeLessThan(256);
  } finally {
    await f.close();
  }
});

it('leaves room for Node itself, and for programs where they are permitted', () => {
  expect([memoryLimitOf(256, false), memoryLimitOf(256, true)]).toEqual([512, 4_096]);
});

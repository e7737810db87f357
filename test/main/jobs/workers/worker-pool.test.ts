import { describe, expect, it, onTestFinished } from 'vitest';
import { WorkerPool, type WorkerPoolOptions } from '../../../../src/main/jobs/workers/worker-pool';
import { type RenderCounters, createRenderCounters } from '../../../../src/main/jobs/render-counters';
import type { WorkerInfo } from '../../../../src/shared/workers';
import { createConditions } from '../../../helpers/conditions';
import { type PaperWorker, paperEngine } from '../../../helpers/paper-engine';

const KIND = { engine: 'gltf', setup: '', scene: '/scene' };
const OTHER = { engine: 'gltf', setup: 'other', scene: '/scene' };

interface Told {
  readonly slot: number;
  readonly state: WorkerInfo['state'];
  readonly gone: string | null;
}

function makePool(options: Partial<WorkerPoolOptions> = {}): {
  pool: WorkerPool;
  engine: ReturnType<typeof paperEngine>;
  counters: RenderCounters;
  told: Told[];
  failed: { slot: number; others: number }[];
  /** Settles as soon as something holds, which is looked at whenever the pool tells of something. */
  until(holds: () => boolean): Promise<void>;
} {
  const engine = paperEngine();
  const counters = createRenderCounters();
  const told: Told[] = [];
  const failed: { slot: number; others: number }[] = [];
  const { check, until } = createConditions();
  const pool = new WorkerPool({
    engine: () => engine,
    counters,
    onChange: ({ slot, state }, gone) => {
      told.push({ slot, state, gone });
      check();
    },
    onReady: check,
    onStartFailed: (_job, slot, others) => {
      failed.push({ slot, others });
      check();
    },
    ...options,
  });
  onTestFinished(() => pool.close());
  return { pool, engine, counters, told, failed, until };
}

const idle = (pool: WorkerPool): number[] => pool.idle(KIND);

describe('workers', () => {
  it('are started as far as there is room, and those that start already are counted', async () => {
    const { pool, engine, until } = makePool();
    expect(pool.want(KIND, 1, 2, 0, 3)).toBe(true);
    // Two come already; one is wanted by another job, so one more is missing.
    expect(pool.want(KIND, 1, 2, 1, 3)).toBe(true);
    expect(pool.want(KIND, 1, 4, 0, 3)).toBe(false);
    await until(() => idle(pool).length === 3);
    expect([pool.living(), pool.young(), engine.started.length]).toEqual([3, 3, 3]);
  });

  it('that have the scene loaded come first', async () => {
    const { pool, until } = makePool();
    pool.want(KIND, 1, 2, 0, 2);
    await until(() => idle(pool).length === 2);
    const worker = pool.take(2, '/scene', 1, 1);
    expect(pool.list().find(({ slot }) => slot === 2)).toMatchObject({ state: 'rendering', jobId: 1, frame: 1 });
    pool.release(2, worker, true);
    expect([pool.idle(KIND), pool.idle({ ...KIND, scene: '/another' }), pool.idle(OTHER)]).toEqual([
      [2, 1],
      [1, 2],
      [],
    ]);
    expect([pool.young(), pool.list()[1]!.framesDone]).toEqual([1, 1]);
  });

  it('have one frame at a time', async () => {
    const { pool, until } = makePool();
    pool.want(KIND, 1, 1, 0, 1);
    await until(() => idle(pool).length === 1);
    pool.take(1, '/scene', 1, 1);
    expect(() => pool.take(1, '/scene', 1, 2)).toThrow('Worker 1 is not idle.');
    expect(() => pool.take(2, '/scene', 1, 2)).toThrow('There is no worker 2.');
  });

  it('that died are replaced in their slot, and that is counted by its reason', async () => {
    const { pool, engine, counters, told, until } = makePool();
    pool.want(KIND, 1, 1, 0, 1);
    await until(() => idle(pool).length === 1);
    pool.take(1, '/scene', 1, 1);
    engine.started[0]!.die({ reason: 'memory', message: 'it took too much' });
    await until(() => pool.living() === 0);
    expect(told.at(-1)).toEqual({ slot: 1, state: 'stopping', gone: 'it took too much' });
    pool.want(KIND, 1, 1, 0, 1);
    await until(() => idle(pool).length === 1);
    const { slots } = counters.totals();
    expect(slots[1]).toMatchObject({ restarts: { memory: 1, crash: 0 } });
    expect(slots[1]!.busySeconds).toBeGreaterThan(0);
  });

  it('that stand idle give way to those of another kind where every slot is taken', async () => {
    const { pool, counters, until } = makePool();
    pool.want(KIND, 1, 1, 0, 1);
    await until(() => idle(pool).length === 1);
    expect(pool.want(OTHER, 2, 1, 0, 1)).toBe(true);
    await until(() => pool.living() === 0);
    pool.want(OTHER, 2, 1, 0, 1);
    await until(() => pool.idle(OTHER).length === 1);
    expect(counters.totals().slots[1]).toMatchObject({ restarts: { scene: 1 } });
  });

  it('that render don’t give way', async () => {
    const { pool, until } = makePool();
    pool.want(KIND, 1, 1, 0, 1);
    await until(() => idle(pool).length === 1);
    pool.take(1, '/scene', 1, 1);
    expect([pool.want(OTHER, 2, 1, 0, 1), pool.hasRoom(KIND, 1), pool.hasRoom(KIND, 2)]).toEqual([false, false, true]);
  });

  it('that can’t be started are told with how many others there are', async () => {
    const { pool, engine, failed, until } = makePool();
    pool.want(KIND, 1, 1, 0, 3);
    await until(() => idle(pool).length === 1);
    engine.refuseToStart = new Error('no browser');
    pool.want(KIND, 1, 1, 0, 3);
    await until(() => failed.length === 1);
    expect([failed, pool.living()]).toEqual([[{ slot: 2, others: 1 }], 1]);
  });

  it('above a lowered limit are ended as far as they are idle', async () => {
    const { pool, until } = makePool();
    pool.want(KIND, 1, 3, 0, 3);
    await until(() => idle(pool).length === 3);
    pool.take(1, '/scene', 1, 1);
    pool.trim(1);
    await until(() => pool.living() === 1);
    expect(pool.list()).toMatchObject([{ slot: 1, state: 'rendering' }]);
  });

  it('are all gone after the pool is closed, also such as were starting', async () => {
    const { pool, engine, until } = makePool();
    pool.want(KIND, 1, 1, 0, 2);
    await until(() => idle(pool).length === 1);
    pool.want(KIND, 1, 1, 0, 2);
    await pool.close();
    await until(() => pool.living() === 0 && engine.started.length === 2);
    expect(pool.want(KIND, 1, 1, 0, 2)).toBe(false);
    for (const worker of engine.started as readonly PaperWorker[]) expect((await worker.exited).reason).toBe('stopped');
  });
});

describe('a slot that backs off', () => {
  it('ends its worker once that is through, takes up room, and has a worker again when the job is over', async () => {
    const { pool, told, until } = makePool();
    pool.want(KIND, 1, 1, 0, 1);
    await until(() => idle(pool).length === 1);
    const worker = pool.take(1, '/scene', 1, 1);
    pool.backOff(1, 1, 'gltf', 1_000_000, 'the drive is away');
    expect(pool.list()).toMatchObject([{ state: 'rendering' }]);
    pool.release(1, worker, false);
    await until(() => pool.living() === 0);
    expect(pool.list()).toMatchObject([
      { slot: 1, state: 'resting', reason: 'backs off for 1000 s: the drive is away' },
    ]);
    expect([pool.hasRoom(KIND, 1), pool.want(KIND, 1, 1, 0, 1)]).toEqual([false, false]);
    pool.backoff.endOf(2);
    expect(pool.hasRoom(KIND, 1)).toBe(false);
    pool.backoff.endOf(1);
    expect([told.at(-1), pool.list(), pool.hasRoom(KIND, 1)]).toEqual([
      { slot: 1, state: 'stopping', gone: 'its backoff is over' },
      [],
      true,
    ]);
  });

  it('ends a worker that was starting in it as soon as that is there', async () => {
    const { pool, engine, until } = makePool();
    pool.want(KIND, 1, 1, 0, 1);
    pool.backOff(1, 1, 'gltf', 1_000_000, 'the one before it crashed');
    await until(() => engine.started.length === 1 && pool.living() === 0);
    expect(pool.list()).toMatchObject([{ slot: 1, state: 'resting' }]);
  });

  it('lets the next worker start in another slot', async () => {
    const { pool, until } = makePool();
    pool.backOff(1, 1, 'gltf', 1_000_000, 'it does not start');
    pool.want(KIND, 1, 1, 0, 2);
    await until(() => idle(pool).length === 1);
    expect(pool.list().map(({ slot, state }) => [slot, state])).toEqual([
      [1, 'resting'],
      [2, 'idle'],
    ]);
  });
});

import { expect, it, onTestFinished } from 'vitest';
import { createRenderCounters } from '../../../../src/main/jobs/render-counters';
import { type JobNeeds, type WorkerPlace, withMachines } from '../../../../src/main/jobs/workers/worker-places';
import { WorkerPool } from '../../../../src/main/jobs/workers/worker-pool';
import { createConditions } from '../../../helpers/conditions';
import { paperEngine } from '../../../helpers/paper-engine';

const GLTF = { engine: 'gltf', setup: '', scene: '/scene' };
const BLENDER = { engine: 'blender', setup: '', scene: '/scene' };

/** A pool with two machines beside this one, of which only one has Blender. */
function makePool(): { pool: WorkerPool; until: (holds: () => boolean) => Promise<void>; machines: WorkerPlace[] } {
  const engine = paperEngine();
  const { check, until } = createConditions();
  const place = (machine: string, capacity: number, engines: readonly string[]): WorkerPlace => ({
    machine,
    tags: machine === 'left' ? ['gpu'] : [],
    capacity,
    renders: ({ engine: id, scene }) => engines.includes(id) && scene !== '/private',
    startWorker: () => engine.startWorker(''),
  });
  const machines = [place('left', 2, ['gltf']), place('right', 1, ['gltf', 'blender'])];
  const pool = new WorkerPool({
    engine: () => engine,
    machines: () => [...machines],
    counters: createRenderCounters(),
    onChange: check,
    onReady: check,
    onStartFailed: check,
  });
  onTestFinished(() => pool.close());
  return { pool, until, machines };
}

const whereIdle = (pool: WorkerPool): (string | undefined)[] =>
  pool
    .list()
    .filter(({ state }) => state === 'idle')
    .map(({ machine }) => machine);

it('starts workers here first, then on every machine that has the engine', async () => {
  const { pool, until } = makePool();
  expect(pool.places.capacityFor(GLTF, 0)).toBe(3);
  expect(pool.want(GLTF, 1, 4, 0, 1)).toBe(true);
  await until(() => whereIdle(pool).length === 4);
  expect(whereIdle(pool)).toEqual([undefined, 'left', 'left', 'right']);
  expect([pool.living(), pool.young()]).toEqual([1, 1]);
  expect([1, 2, 4].map((slot) => pool.places.ownerOf(slot))).toEqual([null, 'left', 'right']);
  expect(pool.want(GLTF, 1, 1, 0, 1)).toBe(false);
  // All of them are idle: the one on the machine that has Blender gives way.
  expect([pool.hasRoom(BLENDER, 0), pool.want(BLENDER, 2, 1, 0, 0)]).toEqual([true, true]);
  await until(() => !whereIdle(pool).includes('right'));
});

it('starts none here where this machine may have none, and none without a machine', async () => {
  const { pool, until, machines } = makePool();
  expect(pool.want(GLTF, 1, 5, 0, 0)).toBe(false);
  await until(() => whereIdle(pool).length === 3);
  expect(whereIdle(pool)).not.toContain(undefined);
  expect(pool.want({ ...GLTF, engine: 'other' }, 1, 1, 0, 0)).toBe(false);
  machines.length = 0;
  expect([pool.hasRoom(GLTF, 0), pool.places.capacityFor(GLTF, 0)]).toEqual([false, 0]);
});

it('keeps the machines that better-ranked jobs lack workers on, and no others', async () => {
  const { pool, until } = makePool();
  const reserved = new Set(pool.places.machinesFor(BLENDER));
  expect([...reserved]).toEqual([null, 'right']);
  expect(pool.places.anyOpen(reserved)).toBe(true);
  expect(pool.want(GLTF, 2, 4, 0, 4, reserved)).toBe(false);
  await until(() => whereIdle(pool).length === 2);
  expect(whereIdle(pool)).toEqual(['left', 'left']);
  const all = new Set(pool.places.machinesFor(GLTF));
  expect([...all]).toEqual([null, 'left', 'right']);
  expect(pool.places.anyOpen(all)).toBe(false);
  expect(pool.idle(GLTF, all)).toEqual([]);
});

it('leaves workers on machines that can’t have a job’s scene to other jobs', async () => {
  const { pool, until } = makePool();
  pool.want(GLTF, 1, 1, 0, 0);
  await until(() => whereIdle(pool).length === 1);
  const secret = { ...GLTF, scene: '/private' };
  expect(pool.idle(secret)).toEqual([]);
  expect(pool.hasOther(7, secret)).toBe(false);
  expect([pool.hasRoom(secret, 0), pool.places.capacityFor(secret, 0)]).toEqual([false, 0]);
  // The one that starts for other jobs does not count as coming.
  expect(pool.want(secret, 2, 1, 0, 1)).toBe(true);
  await until(() => whereIdle(pool).length === 2);
  expect(pool.idle(secret).map((slot) => pool.places.ownerOf(slot))).toEqual([null]);
});

it('never gives the number of a slot to another machine', async () => {
  const { pool, until, machines } = makePool();
  pool.want(GLTF, 1, 1, 0, 0);
  await until(() => whereIdle(pool).length === 1);
  const [slot] = pool.idle(GLTF);
  const worker = pool.take(slot!, '/scene', 1, 1);
  await worker.stop();
  await until(() => pool.list().length === 0);
  machines.length = 0;
  pool.want(GLTF, 1, 1, 0, 1);
  await until(() => whereIdle(pool).length === 1);
  expect([slot, pool.list()[0]!.slot]).toEqual([1, 2]);
});

it('leaves out machines that a job may not have', () => {
  const { pool } = makePool();
  const forTag: JobNeeds = { ...GLTF, mayRender: (_name, tags) => tags.includes('gpu') };
  expect(pool.places.machinesFor(forTag)).toEqual(['left']);
  expect(pool.places.capacityFor(forTag, 4)).toBe(2);
  expect(pool.places.machinesFor(withMachines(GLTF, new Set([null, 'right'])))).toEqual([null, 'right']);
  expect(pool.hasRoom(withMachines(GLTF, new Set([null])), 0)).toBe(false);
});

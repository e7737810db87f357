import { expect, it } from 'vitest';
import type { WorkerExit } from '../../../../src/main/engines/render-engine';
import { createRenderCounters } from '../../../../src/main/jobs/render-counters';
import { WorkerReplacements } from '../../../../src/main/jobs/workers/replace-worker';
import { WorkerSlot, newInfo } from '../../../../src/main/jobs/workers/worker-slot';
import type { WorkerInfo } from '../../../../src/shared/workers';
import { paperEngine } from '../../../helpers/paper-engine';

/** A pool's slot 3, in which workers start one after another. @param backoff what is displayed while it backs off */
function makeSlot(backoff: WorkerInfo | null = null) {
  const engine = paperEngine();
  const counters = createRenderCounters();
  const slots = new Map<number, WorkerSlot>();
  const told: string[] = [];
  let ready: () => void = () => undefined;
  const replacements = new WorkerReplacements({
    slots,
    backoff: { info: () => backoff },
    counters,
    onChange: ({ state }, gone) => told.push(`${state}: ${gone}`),
    onReady: () => {
      told.push(`ready, ${slots.size} taken`);
      ready();
    },
  });
  return {
    told,
    restarts: () => counters.totals().slots[3]?.restarts,
    /** Starts a worker in the slot. @returns the slot, and what ends the worker */
    async start() {
      await engine.startWorker('');
      const worker = engine.started.at(-1)!;
      const slot = new WorkerSlot(3, { engine: 'gltf', setup: '' }, counters);
      slots.set(3, slot);
      slot.worker = worker;
      replacements.started(slot, worker);
      const end = async (reason: WorkerExit['reason']): Promise<void> => {
        const freed = new Promise<void>((resolve) => (ready = resolve));
        worker.die({ reason, message: 'it ended' });
        await freed;
      };
      return { slot, end };
    },
  };
}

it('frees the slot of a worker that got stuck, and counts one restart when the next one runs', async () => {
  const { start, restarts, told } = makeSlot();
  const stuck = await start();
  await stuck.end('timeout');
  expect(told).toEqual(['stopping: it ended', 'ready, 0 taken']);
  expect(restarts()?.timeout ?? 0).toBe(0);
  const next = await start();
  expect(restarts()).toMatchObject({ timeout: 1, scene: 0 });
  await next.end('stopped');
  await start();
  expect(restarts()).toMatchObject({ timeout: 1, scene: 0 });
});

it('shows the backoff of a slot whose worker is gone', async () => {
  const { start, told } = makeSlot({ ...newInfo(3, 'gltf', null), state: 'resting' });
  await (await start()).end('stopped');
  expect(told).toEqual(['stopping: it ended', 'resting: null', 'ready, 0 taken']);
});

it('counts a restart for a worker that gave way, and none for one that was stopped on purpose', async () => {
  const gaveWay = makeSlot();
  const { slot, end } = await gaveWay.start();
  slot.givesWay = true;
  await end('stopped');
  await gaveWay.start();
  expect(gaveWay.restarts()).toMatchObject({ scene: 1 });
  const idle = makeSlot();
  await (await idle.start()).end('stopped');
  await idle.start();
  expect(idle.restarts()?.scene ?? 0).toBe(0);
});

import { expect, it } from 'vitest';
import type { WorkerExit } from '../../../../src/main/engines/render-engine';
import { createRenderCounters } from '../../../../src/main/jobs/render-counters';
import { WorkerReplacements } from '../../../../src/main/jobs/workers/replace-worker';
import { WorkerSlot } from '../../../../src/main/jobs/workers/worker-slot';

/** What becomes of slot 3 after its worker has ended. */
function slotAfter(reason: WorkerExit['reason'], { givesWay = false } = {}) {
  const counters = createRenderCounters();
  const replacements = new WorkerReplacements(counters);
  const slot = new WorkerSlot(3, { engine: 'gltf', setup: '' }, counters);
  slot.givesWay = givesWay;
  replacements.ended(slot, { reason, message: 'it ended' });
  return { start: () => replacements.started(3), restarts: () => counters.totals().slots[3]?.restarts };
}

it('counts one replacement for a worker that got stuck, when the next one runs', () => {
  const { start, restarts } = slotAfter('timeout');
  expect(restarts()?.timeout ?? 0).toBe(0);
  start();
  start();
  expect(restarts()).toMatchObject({ timeout: 1, scene: 0 });
});

it('counts one for a worker that gave way, and none for one that was stopped on purpose', () => {
  const gaveWay = slotAfter('stopped', { givesWay: true });
  gaveWay.start();
  expect(gaveWay.restarts()).toMatchObject({ scene: 1 });
  const idle = slotAfter('stopped');
  idle.start();
  expect(idle.restarts()?.scene ?? 0).toBe(0);
});

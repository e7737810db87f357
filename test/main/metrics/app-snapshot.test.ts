import { expect, it } from 'vitest';
import { createRenderCounters } from '../../../src/main/jobs/render-counters';
import type { Farm } from '../../../src/main/farm/farm';
import { createAppSnapshot } from '../../../src/main/metrics/app-snapshot';
import { createWorkerPeaks } from '../../../src/main/metrics/worker-peaks';
import type { WorkerUsage } from '../../../src/main/engines/render-engine';
import type { WorkerInfo } from '../../../src/shared/workers';
import { sampleFrame, sampleJob, sampleMachine, sampleScene } from '../../helpers/samples';

const worker: WorkerInfo = {
  slot: 1,
  engine: 'gltf',
  state: 'rendering',
  jobId: 1,
  frame: 2,
  scene: null,
  framesDone: 0,
  startedAt: 0,
};

it('puts together what each part knows now, and what the machine told last', () => {
  const counters = createRenderCounters();
  const peaks = createWorkerPeaks();
  let usage = new Map<number, WorkerUsage | null>();
  const machine = { ...sampleMachine(), frames: 2 };
  let standing: ReturnType<Farm['standing']> = null;
  const scene = sampleScene();
  const job = sampleJob();
  const snapshot = createAppSnapshot({
    shell: 'headless',
    engines: { able: () => ['gltf'] },
    store: { unfinished: () => [job], revision: 1 },
    queue: {
      shown: (one) => ({ ...one, secondsLeft: 3, secondsLeftP90: 4 }),
      info: () => ({ state: 'running', reason: null, secondsLeft: 3, secondsLeftP90: 4 }),
      workers: () => [worker, { ...worker, slot: 2, state: 'idle' }],
    },
    counters,
    scene: { get: () => scene },
    machine: { latest: () => ({ usage, volumes: [{ mountPoint: '/', freeBytes: 1, sizeBytes: 2 }] }) },
    farm: { standing: () => standing },
    peaks,
    addons: () => ({ states: () => [], totals: () => ({}) }),
    processes: () => [],
  });
  expect(snapshot()).toMatchObject({
    engines: ['gltf'],
    scene,
    jobs: [{ ...job, secondsLeft: 3, secondsLeftP90: 4 }],
    queue: { secondsLeft: 3 },
    workers: [
      { slot: 1, residentBytes: null, peakBytes: null },
      { slot: 2, residentBytes: null, peakBytes: null },
    ],
    volumes: [{ mountPoint: '/', freeBytes: 1, sizeBytes: 2 }],
    farm: null,
    lastFrameAt: null,
  });
  standing = { queueUp: true, machines: [machine] };
  const { name, state, workers, frames, metrics } = machine;
  expect(snapshot().farm).toEqual({ queueUp: true, machines: [{ name, state, workers, frames, metrics }] });

  counters.frames.rendered('gltf', 1, 0.5);
  peaks.see({ type: 'frame', jobId: 1, frame: sampleFrame(1, 'done', { slot: 1, peakBytes: 900 }) });
  usage = new Map([
    [1, { residentBytes: 700, cpuSeconds: 12 }],
    [2, null],
  ]);
  const later = snapshot();
  expect(later.workers).toMatchObject([
    { slot: 1, residentBytes: 700, peakBytes: 900 },
    { slot: 2, residentBytes: null, peakBytes: null },
  ]);
  expect(later.totals.engines['gltf']).toMatchObject({ rendered: 1 });
  // Its slot has counted what was read, also of a worker that has ended since.
  expect(later.totals.slots[1]).toMatchObject({ cpuSeconds: 0 });
  expect(later.startedAt).toBe(later.totalsSince);
});

it('builds the jobs once for those who ask in a row, and again at once after a change', () => {
  let built = 0;
  let revision = 1;
  const snapshot = createAppSnapshot({
    shell: 'headless',
    engines: { able: () => [] },
    store: {
      unfinished: () => [sampleJob(), sampleJob()],
      get revision() {
        return revision;
      },
    },
    queue: {
      shown: (one) => ({ ...one, name: `built ${++built}`, secondsLeft: null, secondsLeftP90: null }),
      info: () => ({ state: 'running', reason: null, secondsLeft: null, secondsLeftP90: null }),
      workers: () => [],
    },
    counters: createRenderCounters(),
    scene: { get: () => null },
    machine: { latest: () => ({ usage: new Map(), volumes: [] }) },
    farm: { standing: () => null },
    peaks: createWorkerPeaks(),
    addons: () => ({ states: () => [], totals: () => ({}) }),
    processes: () => [],
  });
  for (let asked = 0; asked < 500; asked++) snapshot();
  // Twice for every 50 ms that this takes.
  expect(built).toBeLessThan(200);
  const before = built;
  revision++;
  expect(snapshot().jobs.map(({ name }) => name)).toEqual([`built ${before + 1}`, `built ${before + 2}`]);
});

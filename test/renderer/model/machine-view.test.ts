import { expect, it } from 'vitest';
import { describeFarm, managesFarm, rendersOn } from '../../../src/renderer/model/machine-view';
import type { WorkerInfo } from '../../../src/shared/workers';
import { sampleMachine } from '../../helpers/samples';

it.each([
  [{ 'farm.start': true, 'farm.redis': '' }, true],
  [{ 'farm.start': false, 'farm.redis': 'redis://queue:6379' }, true],
  [{ 'farm.start': false, 'farm.redis': ' ' }, false],
  [undefined, false],
])('a host with the preferences %j manages a farm: %s', (preferences, manages) => {
  expect(managesFarm(preferences)).toBe(manages);
});

it('gathers what a machine renders by job, in the order of frames', () => {
  const worker = (
    slot: number,
    machine: string | undefined,
    jobId: number | null,
    frame: number | null,
  ): WorkerInfo => ({
    slot,
    engine: 'gltf',
    state: frame === null ? 'idle' : 'rendering',
    scene: null,
    jobId,
    frame,
    framesDone: 0,
    startedAt: 0,
    ...(machine === undefined ? {} : { machine }),
  });
  const workers = [
    worker(1, 'left', 4, 9),
    worker(2, 'right', 4, 3),
    worker(3, 'left', 7, 1),
    worker(4, 'left', 4, 2),
    worker(5, 'left', null, null),
    worker(6, undefined, 4, 5),
  ];
  expect(rendersOn(workers, 'left')).toEqual([
    { jobId: 4, frames: [2, 9] },
    { jobId: 7, frames: [1] },
  ]);
});

it('counts the machines that are there, and what they lend', () => {
  const machine = sampleMachine({ workers: 1 });
  expect(describeFarm([machine])).toBe('1 machine, 1 worker');
  expect(describeFarm([machine, machine])).toBe('2 machines, 2 workers');
  expect(describeFarm([machine, sampleMachine({ state: 'cut-off', workers: 8 })])).toBe(
    '1 of 2 machines there, 1 worker',
  );
});

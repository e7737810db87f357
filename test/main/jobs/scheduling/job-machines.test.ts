import { expect, it } from 'vitest';
import { type MachineDemand, chooseMachines } from '../../../../src/main/jobs/scheduling/job-machines';
import { createMachineAvoidance } from '../../../../src/main/jobs/scheduling/machine-avoidance';
import { type JobNeeds, type WorkerPlace, WorkerPlaces } from '../../../../src/main/jobs/workers/worker-places';

const NEEDS: JobNeeds = { engine: 'gltf', setup: '', scene: '/scene' };
const NO_LIMITS = { tags: [], blockedMachines: [], maxMachines: null };
const NOW = 1_000;

/** Machines beside this one. @param full those without room */
function poolOf(names: readonly string[], full: readonly (string | null)[] = []): Parameters<typeof chooseMachines>[0] {
  const never = (): Promise<never> => new Promise(() => undefined);
  const others = names.map((machine): WorkerPlace => ({
    machine,
    tags: [],
    capacity: 1,
    renders: () => true,
    startWorker: never,
  }));
  const places = new WorkerPlaces(() => others, never);
  return { places, hasRoom: (needs) => places.machinesFor(needs).some((machine) => !full.includes(machine)) };
}

/** Names of the chosen machines, or why there are none. */
function chosen(
  pool: Parameters<typeof chooseMachines>[0],
  change: Partial<MachineDemand>,
): readonly (string | null)[] | string {
  const demand: MachineDemand = {
    needs: NEEDS,
    limits: NO_LIMITS,
    rendersHere: true,
    roomHere: () => 1,
    busy: new Set(),
    avoidance: null,
    reserved: new Set(),
    ...change,
  };
  const choice = chooseMachines(pool, demand, NOW);
  return choice.kind === 'machines' ? pool.places.machinesFor(choice.needs) : choice.kind;
}

function avoiding(...machines: readonly (string | null)[]): ReturnType<typeof createMachineAvoidance> {
  const avoidance = createMachineAvoidance();
  for (const machine of machines) for (const frame of [1, 2]) avoidance.failed(machine, frame, NOW);
  return avoidance;
}

it('gives a job every machine, this one only where it renders', () => {
  expect(chosen(poolOf(['left']), {})).toEqual([null, 'left']);
  expect(chosen(poolOf(['left']), { rendersHere: false })).toEqual(['left']);
  expect(chosen(poolOf([]), { rendersHere: false })).toBe('none');
});

it('leaves out machines where different frames failed, but never the only one', () => {
  const pool = poolOf(['left', 'right']);
  expect(chosen(pool, { rendersHere: false, avoidance: avoiding('left') })).toEqual(['right']);
  expect(chosen(pool, { avoidance: avoiding('left', 'right') })).toEqual([null]);
  expect(chosen(pool, { rendersHere: false, avoidance: avoiding('left', 'right') })).toBe('all-failed');
  expect(chosen(poolOf(['left']), { rendersHere: false, avoidance: avoiding('left') })).toEqual(['left']);
  expect(chosen(poolOf([]), { avoidance: avoiding(null) })).toEqual([null]);
});

it('keeps to the most machines of a job: those that render it, then those with room', () => {
  const pool = poolOf(['left', 'middle', 'right'], [null, 'left']);
  const limits = { ...NO_LIMITS, maxMachines: 1 };
  expect(chosen(pool, { limits })).toEqual(['middle']);
  expect(chosen(pool, { limits, busy: new Set(['left']) })).toEqual(['left']);
  expect(chosen(pool, { limits: { ...limits, maxMachines: 2 }, busy: new Set(['left']) })).toEqual(['left', 'middle']);
  expect(chosen(pool, { limits, reserved: new Set(['middle']) })).toEqual(['right']);
  // More are at work than it may have since its limit was lowered: none is added.
  expect(chosen(pool, { limits, busy: new Set(['left', 'right']) })).toEqual(['left', 'right']);
});

import { expect, it } from 'vitest';
import { type MachineDemand, chooseMachines } from '../../../../src/main/jobs/scheduling/job-machines';
import type { AvoidedMachines } from '../../../../src/main/jobs/scheduling/machine-avoidance';
import { type JobNeeds, type WorkerPlace, WorkerPlaces } from '../../../../src/main/jobs/workers/worker-places';

const NEEDS: JobNeeds = { engine: 'gltf', setup: '', scene: '/scene' };
const NO_LIMITS = { tags: [], blockedMachines: [], maxMachines: null };

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
    inWork: false,
    avoided: new Map(),
    reserved: new Set(),
    explain: (_limits, _avoided, tried) => ({ kind: tried > 1 ? 'fails' : 'waits', text: 'machines' }),
    ...change,
  };
  const choice = chooseMachines(pool, demand);
  return choice.kind === 'machines' ? pool.places.machinesFor(choice.needs) : choice.kind;
}

function avoiding(...machines: readonly (string | null)[]): AvoidedMachines {
  return new Map(machines.map((machine) => [machine, 'No light.']));
}

it('gives a job every machine, this one only where it renders', () => {
  expect(chosen(poolOf(['left']), {})).toEqual([null, 'left']);
  expect(chosen(poolOf(['left']), { rendersHere: false })).toEqual(['left']);
  expect(chosen(poolOf([]), { rendersHere: false })).toBe('waits');
});

it('leaves out machines where different frames failed, but never the only one', () => {
  const pool = poolOf(['left', 'right']);
  expect(chosen(pool, { rendersHere: false, avoided: avoiding('left') })).toEqual(['right']);
  expect(chosen(pool, { avoided: avoiding('left', 'right') })).toEqual([null]);
  expect(chosen(pool, { rendersHere: false, avoided: avoiding('left', 'right') })).toBe('fails');
  // Not while frames are in work, of which one may come out well, or has and is being verified.
  expect(chosen(pool, { rendersHere: false, avoided: avoiding('left', 'right'), inWork: true })).toBe('waits');
  expect(chosen(poolOf(['left']), { rendersHere: false, avoided: avoiding('left') })).toEqual(['left']);
  expect(chosen(poolOf([]), { avoided: avoiding(null) })).toEqual([null]);
  const explain: MachineDemand['explain'] = () => ({ kind: 'waits', text: '“middle”, which is asleep' });
  expect(chosen(pool, { rendersHere: false, avoided: avoiding('left', 'right'), explain })).toBe('waits');
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

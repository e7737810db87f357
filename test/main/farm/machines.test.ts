import { expect, it, onTestFinished, vi } from 'vitest';
import type { StoredMachine } from '../../../src/main/farm/machine-store';
import { Machines } from '../../../src/main/farm/machines';
import { VERSION } from '../../../src/main/version';
import { PRESENCE_INTERVAL, PRESENCE_TIMEOUT, type Presence, presenceSchema } from '../../../src/shared/farm';
import { type MachineSettings, machineSettingsSchema } from '../../../src/shared/machines';

const ID = '0123456789ab';

function stored(settings: Partial<MachineSettings>): StoredMachine {
  const read = machineSettingsSchema.parse(settings);
  return { id: ID, name: 'left', queueHash: '', version: VERSION, joinedAt: 0, settings: read, macs: [] };
}

function presence(change: Partial<Presence> = {}): Presence {
  const told = { session: 'a session', version: VERSION, workers: 2, engines: ['gltf'], queue: true, leases: [] };
  return presenceSchema.parse({ ...told, ...change });
}

/** @param frames number of frames in work */
function makeMachines(settings: Partial<MachineSettings>, frames = 0) {
  const told: string[] = [];
  const machine = stored(settings);
  const machines = new Machines({
    stored: () => [machine],
    find: () => machine,
    isProved: () => false,
    framesOf: () => frames,
    unfitFor: () => null,
    voidLeases: () => [],
    onChange: () =>
      told.push(
        `ready: ${machines
          .ready()
          .map(({ name }) => name)
          .join()}`,
      ),
    onHandBack: (_id, why) => told.push(why),
    onList: () => undefined,
  });
  onTestFinished(() => machines.close());
  return { machines, machine, told };
}

it('gives a machine frames once it is heard from, unless it is paused', () => {
  const { machines, machine, told } = makeMachines({});
  expect(machines.list()).toEqual([expect.objectContaining({ state: 'cut-off', workers: 0 })]);
  expect(machines.hear(machine, presence())).toEqual({ refusal: null, roots: [], void: [] });
  expect(machines.get(ID)).toMatchObject({ state: 'idle', reason: null, workers: 2 });
  expect(told).toEqual(['ready: left']);

  const paused = makeMachines({ paused: true }, 1);
  expect(paused.machines.hear(paused.machine, presence()).refusal).toMatch(/^“left” is paused, and finishes/);
  expect(paused.machines.get(ID)?.state).toBe('draining');
  expect(paused.told).toEqual([]);
});

it('takes the frames of a machine back that somebody uses', () => {
  const { machines, machine, told } = makeMachines({ idleMinutes: 5 }, 1);
  machines.hear(machine, presence({ idleSeconds: 300 }));
  expect([machines.get(ID)?.state, told]).toEqual(['rendering', ['ready: left']]);
  machines.hear(machine, presence({ idleSeconds: 0 }));
  expect(machines.get(ID)?.state).toBe('asleep');
  expect(told.slice(1)).toEqual(['ready: ', '“left” is in use: it gets frames when nobody has used it for 5 minutes.']);
});

it('lets a machine that sleeps by its schedule finish its frames', () => {
  const { machines, machine, told } = makeMachines({ sleep: '0:00-24:00' }, 1);
  expect(machines.hear(machine, presence()).refusal).toBe('“left” is asleep by its schedule: 0:00-24:00.');
  expect([machines.get(ID)?.state, told]).toEqual(['asleep', []]);
});

it('gives no frames to two computers of one identity, until one of them is gone', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { machines, machine } = makeMachines({});
  const hear = (session: string): unknown => {
    vi.advanceTimersByTime(PRESENCE_INTERVAL);
    return machines.hear(machine, presence({ session })).refusal;
  };
  // A program that was started anew, as often as it likes.
  expect(['the first', 'the second', 'the third', 'the third'].map(hear)).toEqual([null, null, null, null]);
  const twins = 'Two computers use the identity of “left”: join one of them with a new invitation.';
  expect(['the other', 'the third', 'the other', 'the third'].map(hear)).toEqual([null, twins, twins, twins]);
  expect(machines.get(ID)).toMatchObject({ state: 'refused', reason: twins });
  expect(Array.from({ length: 4 }, () => hear('the third')).at(-1)).toBeNull();
  expect(machines.get(ID)?.state).toBe('idle');
});

it('takes nobody for cut off because it stood still itself', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { machines, machine } = makeMachines({});
  const state = (): unknown => machines.get(ID)?.state;
  machines.hear(machine, presence());
  vi.advanceTimersByTime(PRESENCE_TIMEOUT - 1);
  expect(state()).toBe('idle');
  vi.advanceTimersByTime(1);
  expect(state()).toBe('cut-off');

  machines.hear(machine, presence());
  const stoodStill = vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 60_000);
  vi.advanceTimersByTime(PRESENCE_TIMEOUT);
  stoodStill.mockRestore();
  expect(state()).toBe('idle');
  vi.advanceTimersByTime(PRESENCE_INTERVAL);
  expect(state()).toBe('cut-off');
});

it('lists metrics of a machine only at the address that it talks from', () => {
  const { machines, machine } = makeMachines({});
  const listed = (host: string | null, address: string | null): string | null => {
    machines.hear(machine, presence({ metrics: { host, port: 8001 } }), address);
    return machines.get(ID)!.metrics;
  };
  expect(listed(null, '10.0.0.7')).toBe('10.0.0.7:8001');
  expect(listed('10.0.0.7', '10.0.0.7')).toBe('10.0.0.7:8001');
  expect(listed('fd00::7', 'fd00::7')).toBe('[fd00::7]:8001');
  for (const host of ['169.254.169.254', 'localhost', 'grafana.studio', '127.0.0.1'])
    expect(listed(host, '10.0.0.7'), host).toBeNull();
  expect(listed('10.0.0.7', null)).toBeNull();
});

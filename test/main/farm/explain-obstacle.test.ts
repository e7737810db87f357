import { expect, it } from 'vitest';
import { obstacleOf } from '../../../src/main/farm/explain-obstacle';
import type { MachineInfo } from '../../../src/shared/machines';

function machine(name: string, state: MachineInfo['state'], tags: readonly string[] = []): MachineInfo {
  const info = {
    id: '0123456789ab',
    reason: null,
    paused: false,
    sleep: '',
    idleMinutes: null,
    workers: 1,
    frames: 0,
    engines: [],
    installations: [],
    roots: [],
    memory: null,
    metrics: null,
    lastError: null,
    version: '1',
  };
  return { ...info, name, state, tags: [...tags], lastSeen: null, joinedAt: 0 };
}

const limits = (change: object): Parameters<typeof obstacleOf>[0] => ({
  tags: [],
  blockedMachines: [],
  maxMachines: null,
  ...change,
});

const NONE = new Map<string | null, string>();

it('says what a job waits for that no machine may take', () => {
  const left = machine('left', 'cut-off', ['gpu']);
  const right = machine('right', 'paused');
  const waits = (...[change, machines, here, avoided = NONE, tried = 0]: Partial<Explained>): string => {
    const found = obstacleOf(limits(change!), machines!, here!, avoided, tried);
    return found.kind === 'waits' ? found.text : found.kind;
  };
  expect(waits({}, [], null)).toBe('a machine of the farm: none has joined, and this one is set to render nothing');
  expect(waits({ tags: ['gpu', 'linux'] }, [left, right], ['linux'])).toBe(
    'a machine with the tags gpu, linux, which none has: set them for one, or change what this job needs',
  );
  expect(waits({ tags: ['gpu'] }, [left, right], [])).toBe('“left” (cut off) to take frames of such scenes');
  expect(waits({}, [left, right], null)).toBe('“left” (cut off) or “right” (paused) to take frames of such scenes');
  // Those that are blocked or avoided are not waited for.
  expect(waits({ blockedMachines: ['right'] }, [left, right], null)).toBe(
    '“left” (cut off) to take frames of such scenes',
  );
  expect(waits({}, [left, right], null, new Map([['right', 'No light.']]))).toBe(
    '“left” (cut off) to take frames of such scenes',
  );
  const idle = ['a', 'b'].map((name) => machine(name, 'idle'));
  const bothFailed = new Map(idle.map(({ name }) => [name, 'No light.']));
  expect(waits({}, [...idle, left], null, bothFailed, 2)).toBe('“left” (cut off) to take frames of such scenes');
  // The only one is never avoided.
  expect(waits({ blockedMachines: ['left'] }, [left, right], null, new Map([['right', 'No light.']]))).toBe(
    '“right” (paused) to take frames of such scenes',
  );
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => machine(name, 'asleep'));
  expect(waits({}, many, null)).toBe(
    '“a” (asleep), “b” (asleep), “c” (asleep) or 2 more to take frames of such scenes',
  );
});

it('has a job fail where each machine, connected or not, is blocked or avoided for it', () => {
  const left = machine('left', 'cut-off', ['gpu']);
  const right = machine('right', 'idle', ['gpu']);
  const other = machine('other', 'idle');
  const fails = (...[change, machines, here, avoided = NONE, tried = 0]: Partial<Explained>): string => {
    const found = obstacleOf(limits(change!), machines!, here!, avoided, tried);
    return found.kind === 'fails' ? found.text : found.kind;
  };
  expect(fails({ blockedMachines: ['left', 'right'] }, [left, right], null)).toBe(
    'No machine is left to render it, since “left” and “right” are blocked for it: change its list of blocked machines, and render it again.',
  );
  expect(fails({ blockedMachines: ['manager', 'left'], tags: ['gpu'] }, [left, other], ['gpu'])).toMatch(
    /^No machine is left to render it, since this machine and “left” are blocked for it: /,
  );
  const avoided = new Map([
    ['left', 'No light.'],
    [null, 'No memory.'],
  ]);
  expect(fails({ blockedMachines: ['right'] }, [left, right], [], avoided)).toBe(
    'No machine is left to render it, since “right” is blocked for it, and its frames failed on this machine (No memory) and “left” (No light): change its list of blocked machines, or mend what failed there, which the logs of its frames tell, and render it again.',
  );
  // The third is there, and does not take it.
  const bothFailed = new Map([
    ['right', 'No light.'],
    [null, 'No memory.'],
  ]);
  expect(fails({}, [right, other], [], bothFailed, 2)).toMatch(/\(No light\), and “other” cannot render it: mend what/);
  expect(fails({}, [right, other], [], bothFailed, 1)).toBe('waits');
});

type Explained = [
  change: object,
  machines: readonly MachineInfo[],
  here: readonly string[] | null,
  avoided: Parameters<typeof obstacleOf>[3],
  tried: number,
];

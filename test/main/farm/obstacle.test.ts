import { expect, it } from 'vitest';
import { obstacleOf } from '../../../src/main/farm/obstacle';
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

it('says what a job waits for that no machine may take', () => {
  const left = machine('left', 'cut-off', ['gpu']);
  const right = machine('right', 'paused');
  expect(obstacleOf(limits({}), [], null)).toBe(
    'a machine of the farm: none has joined, and this one is set to render nothing',
  );
  expect(obstacleOf(limits({ tags: ['gpu', 'linux'] }), [left, right], ['linux'])).toBe(
    'a machine with the tags gpu, linux, which none has: set them for one, or change what this job needs',
  );
  expect(obstacleOf(limits({ tags: ['gpu'] }), [left, right], [])).toBe(
    '“left” (cut off) to take frames of such scenes',
  );
  expect(obstacleOf(limits({}), [left, right], null)).toBe(
    '“left” (cut off) or “right” (paused) to take frames of such scenes',
  );
  expect(obstacleOf(limits({ blockedMachines: ['left', 'right'] }), [left, right], null)).toMatch(
    /^a machine that is not blocked for it: every one/,
  );
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => machine(name, 'asleep'));
  expect(obstacleOf(limits({}), many, null)).toBe(
    '“a” (asleep), “b” (asleep), “c” (asleep) or 2 more to take frames of such scenes',
  );
});

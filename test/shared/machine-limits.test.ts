import { expect, it } from 'vitest';
import { listOf, mayRender, problemOfTags } from '../../src/shared/machine-limits';

it('lets machines render that have every tag and are not blocked', () => {
  const limits = { tags: ['gpu', 'linux'], blockedMachines: ['left', 'manager'], maxMachines: null };
  expect(mayRender(limits, 'right', ['linux', 'gpu', 'big'])).toBe(true);
  expect(mayRender(limits, 'right', ['gpu'])).toBe(false);
  expect(mayRender(limits, 'left', ['gpu', 'linux'])).toBe(false);
  expect(mayRender(limits, null, ['gpu', 'linux'])).toBe(false);
});

it('reads lists of words', () => {
  expect([listOf('gpu, linux'), listOf('none'), listOf('')]).toEqual([['gpu', 'linux'], [], []]);
  expect(problemOfTags('gpu,linux')).toBeNull();
  expect(problemOfTags('gpu,,linux')).toMatch(/^farm\.tags cannot be “gpu,,linux”: write words/);
});

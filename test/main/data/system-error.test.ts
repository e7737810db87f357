import { expect, it } from 'vitest';
import { isOfDatabase } from '../../../src/main/data/system-error';

it('tells an error of the database by its code', () => {
  expect(isOfDatabase(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))).toBe(true);
  expect(isOfDatabase(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toBe(false);
  for (const other of [new Error('full'), 'SQLITE_FULL', null, undefined]) expect(isOfDatabase(other)).toBe(false);
});

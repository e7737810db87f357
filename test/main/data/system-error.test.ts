import { expect, it } from 'vitest';
import { isOfDatabase, ofDataFolder } from '../../../src/main/data/system-error';
import { UserError } from '../../../src/shared/user-error';

it('tells an error of the database by its code', () => {
  expect(isOfDatabase(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))).toBe(true);
  expect(isOfDatabase(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toBe(false);
  for (const other of [new Error('full'), 'SQLITE_FULL', null, undefined]) expect(isOfDatabase(other)).toBe(false);
});

it.each([
  ['SQLITE_FULL', 'no space is left on the device', 'make room on its disk'],
  ['ENOSPC', 'no space is left on the device', 'make room on its disk'],
  ['SQLITE_READONLY_DBMOVED', 'the file system is read-only', 'make it writable'],
  ['SQLITE_IOERR_WRITE', 'the disk or share reports an error', 'see whether its disk is in order'],
])('says of %s what is wrong with the data folder’s disk', (code, words, remedy) => {
  const told = ofDataFolder(Object.assign(new Error('of SQLite'), { code }), '/data');
  expect(told).toBeInstanceOf(UserError);
  expect(told).toMatchObject({ kind: 'disk' });
  expect((told as Error).message).toBe(
    `Framegauge cannot write to its data folder /data (${words}): ${remedy}, then try again.`,
  );
});

it('leaves errors alone that the disk did not cause', () => {
  for (const error of [new UserError('No.'), new Error('of the program'), null, { code: 'SQLITE_CONSTRAINT' }])
    expect(ofDataFolder(error, '/data')).toBe(error);
});

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
  ['SQLITE_READONLY', 'the file system is read-only', 'make it writable'],
  [
    'SQLITE_IOERR_WRITE',
    'the disk or share reports an error',
    'see whether its disk is in order and your quota is not used up',
  ],
])('says of %s what is wrong with the data folder’s disk', (code, words, remedy) => {
  const told = ofDataFolder(Object.assign(new Error('of the disk'), { code, path: '/data/preferences.json' }), '/data');
  expect(told).toBeInstanceOf(UserError);
  expect(told).toMatchObject({ kind: 'disk' });
  expect((told as Error).message).toBe(
    `Framegauge cannot write to its data folder /data (${words}): ${remedy}, then try again.`,
  );
});

it('knows a database that was taken away from a disk that is read-only', () => {
  const error = Object.assign(new Error('of SQLite'), { code: 'SQLITE_READONLY_DBMOVED' });
  expect((ofDataFolder(error, '/data') as Error).message).toMatch(/was moved or deleted .* put it back/);
});

it('leaves errors alone that its disk did not cause', () => {
  const elsewhere = Object.assign(new Error('of a share'), { code: 'EROFS', path: '/share/0001.png' });
  expect(ofDataFolder(elsewhere, '/data')).toBe(elsewhere);
  for (const error of [new UserError('No.'), new Error('of the program'), null, { code: 'SQLITE_CONSTRAINT' }])
    expect(ofDataFolder(error, '/data')).toBe(error);
});

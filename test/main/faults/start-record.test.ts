import { expect, it } from 'vitest';
import { recordStart } from '../../../src/main/faults/start-record';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('offers safe mode after two hosts that ended early and not in order', () => {
  const folder = temporaryFolder();
  expect(recordStart(folder).early).toBeNull();
  expect(recordStart(folder).early).toBeNull();
  const third = recordStart(folder);
  expect(third.early).toBe(2);
  third.close();
  expect(recordStart(folder).early).toBeNull();
});

it('a host that has run long enough has started well', async () => {
  const folder = temporaryFolder();
  for (let start = 0; start < 3; start++) {
    expect(recordStart(folder, 5).early).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
});

it('a host that closes in order because of a fault has ended early all the same', () => {
  const folder = temporaryFolder();
  for (let start = 0; start < 2; start++) {
    const record = recordStart(folder);
    record.fail();
    record.close();
  }
  expect(recordStart(folder).early).toBe(2);
});

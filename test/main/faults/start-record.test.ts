import { expect, it } from 'vitest';
import { recordStart } from '../../../src/main/faults/start-record';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('offers safe mode after two hosts that ended early and not in order', () => {
  const folder = temporaryFolder();
  expect(recordStart(folder).notice).toBeNull();
  expect(recordStart(folder).notice).toBeNull();
  const third = recordStart(folder);
  expect(third.notice).toMatch(/2 times in a row.*--safe-mode/);
  third.close();
  expect(recordStart(folder).notice).toBeNull();
});

it('a host that has run long enough has started well', async () => {
  const folder = temporaryFolder();
  for (let start = 0; start < 3; start++) {
    expect(recordStart(folder, 5).notice).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
});

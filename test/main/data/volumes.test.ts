import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readVolumes } from '../../../src/main/data/volumes';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('names each file system once, also for folders that are not there yet', async () => {
  const folder = temporaryFolder();
  const volumes = await readVolumes([folder, join(folder, 'not', 'yet', 'there'), folder]);
  expect(volumes).toHaveLength(1);
  expect(folder.startsWith(volumes[0]!.mountPoint)).toBe(true);
  expect(volumes[0]!.freeBytes).toBeGreaterThan(0);
  expect(volumes[0]!.sizeBytes).toBeGreaterThanOrEqual(volumes[0]!.freeBytes);
});

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashFile } from '../../../../src/main/jobs/output/hash-file';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it.each([0, 1, 262_143, 262_144, 262_145, 1_000_000])('hashes a file of %i bytes', async (bytes) => {
  const file = join(temporaryFolder(), 'file');
  const content = Buffer.from(Array.from({ length: bytes }, (_value, at) => (at * 31) % 251));
  writeFileSync(file, content);
  expect(await hashFile(file)).toBe(createHash('sha256').update(content).digest('hex'));
});

it('rejects where there is nothing to read', async () => {
  await expect(hashFile(join(temporaryFolder(), 'gone'))).rejects.toThrow(/ENOENT/);
});

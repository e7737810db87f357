import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownCertificate } from '../../../src/main/farm/certificate';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('is made once, and never anew because it can’t be read: no machine would know the manager', async () => {
  const folder = temporaryFolder();
  const { cert, fingerprint, keyFile } = await ownCertificate(folder);
  expect((await ownCertificate(folder)).fingerprint).toBe(fingerprint);
  renameSync(keyFile, `${keyFile}.away`);
  await expect(ownCertificate(folder)).rejects.toThrow(
    /key\.pem is missing, the key of the farm’s certificate: put it/,
  );
  mkdirSync(keyFile);
  await expect(ownCertificate(folder)).rejects.toThrow(/key\.pem cannot be read \(EISDIR/);
  rmSync(keyFile, { recursive: true });
  renameSync(`${keyFile}.away`, keyFile);
  expect((await ownCertificate(folder)).fingerprint).toBe(fingerprint);
  expect(readdirSync(folder).sort()).toEqual(['certificate.pem', 'key.pem']);
  expect(readFileSync(join(folder, 'certificate.pem'), 'utf8')).toBe(cert);
});

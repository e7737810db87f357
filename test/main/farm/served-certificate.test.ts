import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, ownCertificate } from '../../../src/main/farm/certificate';
import { PUBLIC, readCertificate, servedOwn } from '../../../src/main/farm/served-certificate';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';
import { temporaryFolder } from '../../helpers/temporary-folder';

const ca = makeAuthority('Studio');
const server = makeCertificate(ca, 'server', ['localhost', '127.0.0.1'], 90);

function written(cert: string, key: string): { certificate: string; key: string } {
  const folder = temporaryFolder();
  const files = { certificate: join(folder, 'fullchain.pem'), key: join(folder, 'privkey.pem') };
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key);
  return files;
}

describe('what the manager shows', () => {
  it('is known by the studio’s own authority, where that is in the file', async () => {
    const served = await readCertificate(written(`${server.cert}\n${ca.cert}`, server.key));
    expect(served.pin).toBe(fingerprintOf(ca.cert));
    const renewed = makeCertificate(ca, 'server', ['localhost', '127.0.0.1'], 90);
    expect((await readCertificate(written(`${renewed.cert}\n${ca.cert}`, renewed.key))).pin).toBe(served.pin);
  });

  it('is known by what machines trust anyway, where the authority is not in the file', async () => {
    expect((await readCertificate(written(server.cert, server.key))).pin).toBe(PUBLIC);
  });

  it('may lie in one file with its key', async () => {
    const { certificate } = written(`${server.key}\n${server.cert}\n${ca.cert}`, '');
    expect((await readCertificate({ certificate, key: certificate })).pin).toBe(fingerprintOf(ca.cert));
  });

  it('is reached by a name that it is for', async () => {
    const served = await readCertificate(written(server.cert, server.key));
    expect(served.hostName('10.0.0.5')).toBe('localhost');
    expect(served.hostName('127.0.0.1')).toBe('127.0.0.1');
    expect(served.hostName('[fd00::1]')).toBe('localhost');
    const wild = makeCertificate(ca, 'server', ['*.studio.example']);
    expect((await readCertificate(written(wild.cert, wild.key))).hostName('10.0.0.5')).toBe(
      `${hostname().split('.')[0]}.studio.example`,
    );
    expect(servedOwn(await ownCertificate(temporaryFolder())).hostName('10.0.0.5')).toBe('10.0.0.5');
  });

  it('is reached at what others can reach, also where that is an address', async () => {
    const hostOf = async (names: string[]): Promise<string> => {
      const { cert, key } = makeCertificate(ca, 'server', names);
      return (await readCertificate(written(cert, key))).hostName('172.17.0.1');
    };
    expect(await hostOf(['10.0.0.5'])).toBe('10.0.0.5');
    expect(await hostOf(['localhost', '127.0.0.1', 'render.studio.example'])).toBe('render.studio.example');
    expect(await hostOf(['10.0.0.5', '172.17.0.1'])).toBe('172.17.0.1');
  });

  it('ends with the first of its chain, which is told in time', async () => {
    const day = 86_400_000;
    const long = await readCertificate(written(server.cert + ca.cert, server.key));
    expect(Math.abs(long.until - (Date.now() + 90 * day))).toBeLessThan(day);
    expect(long.until - long.noticeAt).toBe(14 * day);
    // The authority's own ends after a year.
    const beyond = makeCertificate(ca, 'server', ['localhost'], 800);
    const { until } = await readCertificate(written(beyond.cert + ca.cert, beyond.key));
    expect(Math.abs(until - (Date.now() + 365 * day))).toBeLessThan(day);
    const brief = makeCertificate(ca, 'server', ['localhost'], 1);
    const short = await readCertificate(written(brief.cert, brief.key));
    expect(short.noticeAt).toBeGreaterThan(Date.now());
  });

  it('is refused in a sentence where machines would not take it', async () => {
    const refusal = (cert: string, key: string): Promise<unknown> =>
      readCertificate(written(cert, key)).then(
        () => 'taken',
        (error: Error) => error.message,
      );
    expect(await refusal('', server.key)).toMatch(/fullchain\.pem holds no certificate: the preference/);
    expect(await refusal('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', server.key)).toMatch(
      /A certificate in .*fullchain\.pem is damaged/,
    );
    expect(await refusal(server.cert, 'nothing')).toMatch(/privkey\.pem holds no key that can be read/);
    expect(await refusal(server.cert, ca.key)).toMatch(/privkey\.pem is not the key of the first certificate/);
    expect(await refusal(`${ca.cert}\n${server.cert}`, server.key)).toMatch(/is not the key of the first certificate/);
    const other = makeAuthority('Another');
    expect(await refusal(`${server.cert}\n${other.cert}`, server.key)).toMatch(
      /Certificate 2 in .*fullchain\.pem did not issue the one before it/,
    );
    const old = makeCertificate(ca, 'server', ['localhost'], -1);
    expect(await refusal(old.cert, old.key)).toMatch(/ended on .*: renew it\.$/);
    expect(await refusal(server.cert + ca.cert.slice(0, 100), server.key)).toMatch(/A certificate in .* is damaged/);
    const { certificate, key } = written(server.cert, server.key);
    await expect(readCertificate({ certificate: `${certificate}x`, key })).rejects.toThrow(
      /fullchain\.pemx cannot be read \(ENOENT/,
    );
    mkdirSync(`${key}s`);
    await expect(readCertificate({ certificate, key: `${key}s` })).rejects.toThrow(
      /privkey\.pems cannot be read \(.*is not a file/,
    );
  });
});

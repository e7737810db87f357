import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { fingerprintOf } from '../../../src/main/farm/certificate';
import { PUBLIC } from '../../../src/main/farm/served-certificate';
import { RefusedError, createFarmClient } from '../../../src/main/machine/farm-client';
import { pinOf, provedCertificate } from '../../../src/main/machine/manager-trust';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';

const ca = makeAuthority('Studio');
const server = makeCertificate(ca, 'server', ['localhost', '127.0.0.1'], 90);

/** A server that answers nothing. @param host by which it is asked */
async function listen(cert: string, key: string, host = 'localhost'): Promise<string> {
  const listening = createServer({ cert, key }, (socket) => socket.end()).listen(0, '127.0.0.1');
  onTestFinished(() => void listening.close());
  await once(listening, 'listening');
  return `https://${host}:${(listening.address() as AddressInfo).port}`;
}

it('takes what the studio’s authority has issued for the name that is asked, and nothing else', async () => {
  const pin = fingerprintOf(ca.cert);
  const proved = await provedCertificate(await listen(server.cert + ca.cert, server.key), pin);
  expect(fingerprintOf(proved!)).toBe(pin);
  expect(pinOf(proved)).toBe(pin);

  const elsewhere = makeCertificate(ca, 'server', ['other.studio.example']);
  await expect(provedCertificate(await listen(elsewhere.cert + ca.cert, elsewhere.key), pin)).rejects.toThrow(
    /does not prove that it is the manager \(.*localhost.*write a name that its certificate is for/,
  );
  // The authority's certificate is no secret: anybody can show it behind one of their own.
  const false_ = makeCertificate(makeAuthority('Studio'), 'server', ['localhost']);
  await expect(provedCertificate(await listen(false_.cert + ca.cert, false_.key), pin)).rejects.toThrow(
    /does not prove that it is the manager|its certificate is another one/,
  );
  await expect(provedCertificate(await listen(false_.cert, false_.key), pin)).rejects.toThrow(
    /its certificate is another one/,
  );
});

it('asks by the studio’s authority as it joined', async () => {
  const url = await listen(server.cert + ca.cert, server.key);
  const ended = async (certificate: string | null): Promise<unknown> => {
    const client = createFarmClient(url, certificate, 'a token');
    onTestFinished(() => client.close());
    const error: unknown = await client.read('/x', new AbortController().signal).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(RefusedError);
    return (error as Error).message;
  };
  // The server hangs up once it has been trusted.
  expect(await ended(ca.cert)).toBe('socket hang up');
  expect(await ended(null)).toMatch(/certificate/);
  expect(await ended(makeAuthority('Studio').cert)).toMatch(/certificate/);
});

it('takes a public one only where this machine trusts it', async () => {
  await expect(provedCertificate(await listen(server.cert, server.key), PUBLIC)).rejects.toThrow(
    /does not prove that it is the manager \(.*NODE_EXTRA_CA_CERTS/,
  );
  await expect(provedCertificate('https://127.0.0.1:9', PUBLIC)).rejects.toThrow(/cannot be reached \(.*ECONNREFUSED/);
});

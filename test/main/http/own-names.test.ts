import { hostname, networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../helpers/eventually';
import { createOwnNames, hostOf, isLoopback, isOurHost, isOurOrigin } from '../../../src/main/http/own-names';

describe('isOurHost', () => {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]']);
  it.each(['127.0.0.1', '127.0.0.1:7878', 'LOCALHOST:1', '[::1]:7878'])('knows %s', (host) =>
    expect(isOurHost(host, names)).toBe(true),
  );
  it.each([undefined, '', 'evil.example', 'localhost.evil.example', '127.0.0.1:80:80', '127.0.0.1@evil.example'])(
    'refuses %s',
    (host) => expect(isOurHost(host, names)).toBe(false),
  );
});

it('takes the one host that a request names, and that of its address first', () => {
  expect(hostOf({ url: '/x', rawHeaders: ['Accept', '*/*', 'HOST', 'localhost:1'] })).toBe('localhost:1');
  expect(hostOf({ url: 'http://evil.example/x', rawHeaders: ['Host', 'localhost:1'] })).toBe('evil.example');
  expect(hostOf({ url: '/x?to=http://evil.example/', rawHeaders: ['Host', 'localhost:1'] })).toBe('localhost:1');
  for (const rawHeaders of [[], ['Host', ''], ['Host', 'localhost', 'host', 'evil.example'], ['X', 'host', 'Y', 'z']])
    expect(hostOf({ url: '/x', rawHeaders })).toBeNull();
});

describe('the names of a server', () => {
  it('are those of the loopback interface and of its address', () => {
    expect([...createOwnNames('192.0.2.7')()]).toEqual(['127.0.0.1', 'localhost', '[::1]', '192.0.2.7']);
    expect(createOwnNames('2001:DB8::1')().has('[2001:db8::1]')).toBe(true);
    expect(createOwnNames('192.0.2.7')().has(hostname().toLowerCase())).toBe(hostname() === 'localhost');
  });

  it('are also those that it was told of, as they are now', async () => {
    let told = ['renders.example'];
    for (const listen of ['127.0.0.1', '0.0.0.0']) {
      const names = createOwnNames(listen, () => told);
      expect(isOurHost('Renders.Example:8443', names())).toBe(true);
      expect(isOurHost('evil.renders.example', names())).toBe(false);
    }
    const names = createOwnNames('127.0.0.1', () => told);
    names();
    told = [];
    await eventually(
      'the names being read again',
      async () => (isOurHost('renders.example', names()) ? null : true),
      10_000,
    );
  });

  it('are all that the machine has, where it listens on all', () => {
    for (const everywhere of ['0.0.0.0', '::']) {
      const names = createOwnNames(everywhere)();
      expect(isOurHost(`${hostname()}:7878`, names)).toBe(true);
      for (const { address, family } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
        expect(isOurHost(family === 'IPv6' ? `[${address}]:1` : `${address}:1`, names)).toBe(true);
      }
      expect(isOurHost('attacker.example', names)).toBe(false);
    }
  });
});

it('only pages of the same address are ours, with TLS or without', () => {
  expect(isOurOrigin(undefined, 'localhost:1')).toBe(true);
  expect(isOurOrigin('http://localhost:1', 'localhost:1')).toBe(true);
  expect(isOurOrigin('https://localhost:1', 'localhost:1')).toBe(true);
  expect(isOurOrigin('https://renders.example', '127.0.0.1:7878', ['renders.example'])).toBe(true);
  expect(isOurOrigin('https://renders.example', '127.0.0.1:7878')).toBe(false);
  for (const host of ['renders.example', '127.0.0.1:7878'])
    expect(isOurOrigin('https://renders.example:8443', host, ['renders.example'])).toBe(true);
  expect(isOurOrigin('https://[2001:db8::1]:8443', '127.0.0.1:7878', ['[2001:db8::1]'])).toBe(true);
  for (const origin of ['https://evil.renders.example:8443', 'https://renders.example:x', 'https://a@renders.example'])
    expect(isOurOrigin(origin, '127.0.0.1:7878', ['renders.example'])).toBe(false);
  expect(isOurOrigin('http://localhost:3000', 'localhost:7878', ['localhost'])).toBe(false);
  for (const origin of [
    'http://localhost:2',
    'ftp://localhost:1',
    'null',
    'http://evil.example',
    'https://localhost:1.evil.example',
    'https://localhost',
  ])
    expect(isOurOrigin(origin, 'localhost:1')).toBe(false);
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['192.0.2.1', false],
  ['::ffff:192.0.2.1', false],
  ['1127.0.0.1', false],
])('%s is of this machine: %s', (address, own) => expect(isLoopback(address)).toBe(own));

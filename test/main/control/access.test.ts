import { hostname, networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createOwnNames, isLoopback, isOurHost, isOurOrigin } from '../../../src/main/control/access';

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

describe('the names of a server', () => {
  it('are those of the loopback interface and of its address', () => {
    expect([...createOwnNames('192.0.2.7')()]).toEqual(['127.0.0.1', 'localhost', '[::1]', '192.0.2.7']);
    expect(createOwnNames('2001:DB8::1')().has('[2001:db8::1]')).toBe(true);
    expect(createOwnNames('192.0.2.7')().has(hostname().toLowerCase())).toBe(hostname() === 'localhost');
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

it('only pages of the same address are ours', () => {
  expect(isOurOrigin(undefined, 'localhost:1')).toBe(true);
  expect(isOurOrigin('http://localhost:1', 'localhost:1')).toBe(true);
  for (const origin of ['http://localhost:2', 'https://localhost:1', 'null', 'http://evil.example'])
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

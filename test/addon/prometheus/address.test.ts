import { describe, expect, test } from 'vitest';
import { formatAddress, metricsUrl, parseAddress } from '../../../src/addon/prometheus/address';

describe('parseAddress', () => {
  test.each([
    ['0.0.0.0:8000', '0.0.0.0', 8000],
    ['127.0.0.1:9123', '127.0.0.1', 9123],
    [' localhost:80 ', 'localhost', 80],
    ['render-box.local:65535', 'render-box.local', 65535],
    ['my_host:8000', 'my_host', 8000],
    [':8000', '0.0.0.0', 8000],
    ['[::1]:8004', '::1', 8004],
    ['::1:8004', '::1', 8004],
    [':::8000', '::', 8000],
    ['[::]:8000', '::', 8000],
    ['fe80::1%eth0:8000', 'fe80::1%eth0', 8000],
    ['127.0.0.1:0', '127.0.0.1', 0],
  ])('%s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  test.each([
    '',
    'nonsense',
    '8000',
    'host',
    'host:',
    'host:http',
    '127.0.0.1:8003abc',
    '127.0.0.1:8003 abc',
    '127.0.0.1:99999',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '127.0.0.1:+80',
    '127.0.0.1:8e3',
    '127.0.0.1:123456',
    '127.0.0.256:80',
    '1.2.3:80',
    '1:80',
    '[127.0.0.1]:80',
    '[::1]',
    '[::1]80',
    '[nonsense]:80',
    '::g:80',
    'a:b:80',
    'http://127.0.0.1:80',
    'user@host:80',
    'ho st:80',
    '-host:80',
    'host-:80',
    '.:80',
    'a..b:80',
    '127.0.0.1:80/metrics',
    '127.0.0.1:80\n:90',
    `${'a'.repeat(64)}:80`,
  ])('refuses %j with a sentence', (text) => {
    expect(parseAddress(text)).toMatch(/\.$/);
  });
});

test('writes IPv6 addresses in brackets, and wildcards as loopback in URLs', () => {
  expect(formatAddress({ host: '::1', port: 80 })).toBe('[::1]:80');
  expect(metricsUrl({ host: '0.0.0.0', port: 8000 })).toBe('http://127.0.0.1:8000/metrics');
  expect(metricsUrl({ host: '::', port: 8000 })).toBe('http://[::1]:8000/metrics');
  expect(metricsUrl({ host: 'box', port: 1 })).toBe('http://box:1/metrics');
});

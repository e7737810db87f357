import { expect, it } from 'vitest';
import { reachableHref } from '../../../src/renderer/model/reachable-href';

const desktop = { protocol: 'app:', hostname: 'framegauge' };
const here = { protocol: 'http:', hostname: 'localhost' };
const elsewhere = { protocol: 'http:', hostname: 'render-box.lan' };

it('leads to the machine that the page came from, where the host speaks of itself', () => {
  expect(reachableHref('http://127.0.0.1:8000/metrics', elsewhere)).toBe('http://render-box.lan:8000/metrics');
  expect(reachableHref('http://[::1]:8000/metrics', elsewhere)).toBe('http://render-box.lan:8000/metrics');
  expect(reachableHref('http://10.0.0.7:8000/metrics', elsewhere)).toBe('http://10.0.0.7:8000/metrics');
  for (const page of [desktop, here])
    expect(reachableHref('http://127.0.0.1:8000/metrics', page)).toBe('http://127.0.0.1:8000/metrics');
});

it('leads nowhere but to the web', () => {
  for (const href of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', '/metrics', 'http://', ''])
    expect(reachableHref(href, here)).toBeNull();
});

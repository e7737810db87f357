import { expect, it } from 'vitest';
import { isExternalAddress } from '../../../src/main/desktop/external-address';

it('lets web addresses out', () => {
  for (const address of ['https://example.org/a?b#c', 'http://127.0.0.1:8000/metrics', 'http://[::1]:8000/'])
    expect(isExternalAddress(address), address).toBe(true);
});

it('lets nothing else out', () => {
  for (const address of [
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://server/share',
    'ms-settings:',
    'app://framegauge/',
    'https://user:secret@example.org/',
    'https://example.org@evil.test/',
    'example.org',
    '',
  ]) {
    expect(isExternalAddress(address), address).toBe(false);
  }
});

import { expect, test } from 'vitest';
import { explainListenError } from '../../../src/addon/prometheus/listen-failure';

test.each([
  ['EADDRINUSE', 'in-use', true],
  ['EADDRNOTAVAIL', 'missing', true],
  ['EAFNOSUPPORT', 'missing', true],
  ['EACCES', 'permission', false],
  ['EPERM', 'permission', false],
  ['ENOTFOUND', 'unresolved', true],
  ['EAI_AGAIN', 'unresolved', true],
  ['ETIMEOUT', 'unresolved', true],
  ['EMFILE', 'other', true],
])('%s', (code, cause, passing) => {
  const failure = explainListenError(Object.assign(new Error(`listen ${code}`), { code }), { host: 'box', port: 80 });
  expect(failure).toMatchObject({ cause, passing });
  expect(failure.text).toMatch(/box.*\.$/);
});

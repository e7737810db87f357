import { expect, test } from 'vitest';
import { redact } from '../../../src/addon/notify/redact';

test.each([
  ['no hook at https://hooks.slack.com/services/T0AAA/B0BBB/xyzzy1', 'no hook at ••••••'],
  ['unknown token xyzzy1', 'unknown token ••••••'],
  ['POST /services/T0AAA/B0BBB/xyzzy1: gone', 'POST ••••••: gone'],
  ['pass word% is wrong, and so is pass%20word%25', '•••••• is wrong, and so is ••••••'],
  ['nothing to hide', 'nothing to hide'],
])('%s', (text, redacted) => {
  expect(redact(text, ['https://hooks.slack.com/services/T0AAA/B0BBB/xyzzy1', 'pass word%', ''])).toBe(redacted);
});

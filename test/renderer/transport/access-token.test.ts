import { expect, it } from 'vitest';
import { tokenFromPaste } from '../../../src/renderer/transport/access-token';

it('takes the token out of whatever was pasted', () => {
  expect(tokenFromPaste(' abc123 \n')).toBe('abc123');
  expect(tokenFromPaste('http://127.0.0.1:7878/#token=abc-_1.~')).toBe('abc-_1.~');
  expect(tokenFromPaste('Framegauge serves its UI at http://127.0.0.1:7878/#token=abc123 (Ctrl+C ends it)')).toBe(
    'abc123',
  );
});

import { expect, test } from 'vitest';
import { isWidened, widenedSentence } from '../../../src/addon/prometheus/exposure';

const EVERYWHERE = { host: '0.0.0.0', port: 8000 };

test.each([
  '127.0.0.1:9000',
  'localhost:9000',
  '192.168.1.5:9000',
  '[::1]:9000',
  'nonsense',
  '127.0.0.1:99999',
  '127.0.0.256:1',
  '',
])('“%s” that became 0.0.0.0 is widened', (requested) => {
  expect(isWidened(requested, EVERYWHERE)).toBe(true);
  expect(isWidened(requested, { host: '::', port: 8000 })).toBe(true);
  expect(isWidened(requested, { host: '127.0.0.1', port: 8000 })).toBe(false);
  expect(isWidened(requested, null)).toBe(false);
});

test.each(['0.0.0.0:9000', ':9000', '[::]:9000', '0.0.0.0:99999', ':99999', '[::]:99999'])(
  '“%s” asked for every machine anyway',
  (requested) => {
    expect(isWidened(requested, EVERYWHERE)).toBe(false);
  },
);

test('what is said claims no more than holds', () => {
  expect(widenedSentence(false)).toBe('Every machine of the network can read them now.');
  expect(widenedSentence(true)).not.toContain('can read');
});

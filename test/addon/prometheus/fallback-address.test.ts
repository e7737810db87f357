import { expect, test } from 'vitest';
import { fallbackAddress } from '../../../src/addon/prometheus/fallback-address';

test('the choices of a fallback', () => {
  expect(fallbackAddress('0.0.0.0:8000', '0.0.0.0:8000')).toBe('0.0.0.0:8000');
  expect(fallbackAddress('loopback', '0.0.0.0:8000')).toBe('127.0.0.1:8000');
  expect(fallbackAddress('none', '0.0.0.0:8000')).toBeNull();
});

import { expect, it } from 'vitest';
import { withMachine, withWarnings } from '../../../../src/main/jobs/store/job-texts';

it('adds warnings that are new, each once', () => {
  expect(withWarnings(['a'], ['b', 'a', 'b'])).toBe('["a","b"]');
  expect(withWarnings(['a'], ['a'])).toBeNull();
  expect(withWarnings([], [])).toBeNull();
});

it('keeps the first fifty', () => {
  const many = Array.from({ length: 60 }, (_value, index) => String(index));
  const kept = withWarnings([], many)!;
  expect(JSON.parse(kept)).toEqual(many.slice(0, 50));
  expect(withWarnings(many.slice(0, 50), ['one more'])).toBeNull();
});

it('adds a machine once', () => {
  expect(withMachine([], 'left')).toBe('["left"]');
  expect(withMachine(['left'], 'right')).toBe('["left","right"]');
  expect(withMachine(['left', 'right'], 'left')).toBeNull();
});

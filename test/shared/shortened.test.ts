import { expect, it } from 'vitest';
import { cutTo, shortened } from '../../src/shared/shortened';

it('cuts a text between its characters, as people see them', () => {
  expect(cutTo('short', 5)).toBe('short');
  expect(cutTo('longer', 5)).toBe('long…');
  expect(cutTo('abc😀def', 5)).toBe('abc…');
  expect(cutTo('abc👩\u200D🚀def', 8)).toBe('abc…');
  expect(cutTo('abce\u0301fgh', 5)).toBe('abc…');
});

it('makes a text fit for a sentence', () => {
  expect(shortened('a\u001Bb')).toBe('a\uFFFDb');
  expect(shortened('😀'.repeat(200))).toBe(`${'😀'.repeat(50)}…`);
});

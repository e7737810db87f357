import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { complaints } from './plain';

test.each([
  'it is undefined',
  'value: null',
  'got [object Object]',
  'x.map is not a function',
  "Cannot read properties of undefined (reading 'nodes')",
  'Error: no\n    at run (file.js:1:2)',
  join(resolve(import.meta.dirname, '../..'), 'out/main/cli.js is missing'),
  'Invalid input: expected string, received number',
])('“%s” is complained of', (text) => {
  expect(complaints(text)).not.toEqual([]);
});

test('what a person wrote may be quoted, and plain sentences pass', () => {
  expect(complaints('There is no camera “null”.', ['null'])).toEqual([]);
  expect(complaints('The port is in use: choose another one.')).toEqual([]);
});

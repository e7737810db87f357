import { expect, it } from 'vitest';
import { parseJson } from '../../src/shared/parse-json';

it('reads JSON, and tells what is none', () => {
  expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
  expect(parseJson('null')).toBeNull();
  expect(['', '{', '{"a":1}x'].map(parseJson)).toEqual([undefined, undefined, undefined]);
});

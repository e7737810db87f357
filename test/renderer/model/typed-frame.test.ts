import { expect, it } from 'vitest';
import { readFrame } from '../../../src/renderer/model/typed-frame';

it('reads a frame, calculates it, and says why another text is none', () => {
  expect(['7', ' -3 ', '24*2', '(1+9)/4', '1.4'].map(readFrame)).toEqual([7, -3, 48, 3, 1]);
  expect(readFrame('seven')).toBe('“seven” is not the number of a frame.');
  expect(readFrame('24*')).toMatch(/a number is missing after/);
  expect(readFrame('9999999999')).toBe('“9999999999” is not the number of a frame.');
});

import { expect, it } from 'vitest';
import { errorLines, stepLine } from '../../../src/renderer/model/log-errors';

it('finds the lines that tell of an error, and not those that say that there is none', () => {
  const lines = [
    'Fra:1 Mem:9.91M | Sample 0/4',
    'Error: Cannot read file “a.blend”',
    'Traceback (most recent call last):',
    'Finished with 0 errors',
    'Denoising error threshold 0.01',
    'CUDA error: Out of memory in cuMemAlloc',
  ];
  expect(errorLines(lines)).toEqual([1, 2, 5]);
});

it('goes from one to the next, and round at the ends', () => {
  expect([stepLine([1, 4], null, 1), stepLine([1, 4], 1, 1), stepLine([1, 4], 4, 1)]).toEqual([1, 4, 1]);
  expect([stepLine([1, 4], null, -1), stepLine([1, 4], 1, -1), stepLine([], null, 1)]).toEqual([4, 4, null]);
});

import { describe, expect, it } from 'vitest';
import { readJobs, stepped } from '../../../src/renderer/model/typed-value';

describe('stepping', () => {
  it('steps numbers, never below what is allowed, and leaves text alone', () => {
    expect(stepped('9', 1, 1)).toBe('10');
    expect(stepped('29.97', 1, 1)).toBe('30.97');
    expect(stepped('5', -10, 1)).toBe('1');
    expect(stepped('', 1, 0)).toBe('1');
    expect(stepped('many', 1, 1)).toBeNull();
  });
});

describe('the numbers of jobs', () => {
  it.each([
    ['', []],
    ['3', [3]],
    ['#3, 5;7  9, 3', [3, 5, 7, 9]],
    ['3,', null],
    ['three', null],
  ] as const)('in “%s” are %j', (text, jobs) => {
    expect(readJobs(text)).toEqual(jobs);
  });
});

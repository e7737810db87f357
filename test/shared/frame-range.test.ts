import { describe, expect, it } from 'vitest';
import { fewSpans, formatFrameRange, frameBounds, MAX_SPANS, parseFrameRange } from '../../src/shared/frame-range';

describe('parseFrameRange', () => {
  it.each([
    ['12', [12]],
    ['1-4', [1, 2, 3, 4]],
    ['1..3', [1, 2, 3]],
    [' 1 , 5, 9 - 11 ', [1, 5, 9, 10, 11]],
    ['7,3,7', [7, 3]],
    ['0', [0]],
    ['1-10x3', [1, 4, 7, 10]],
    ['1..9 X 4, 20', [1, 5, 9, 20]],
    ['3-4×5', [3]],
    ['-3-3', [-3, -2, -1, 0, 1, 2, 3]],
    ['-3--1', [-3, -2, -1]],
    ['-10..-4x3, -1', [-10, -7, -4, -1]],
    ['-4', [-4]],
    ['1-900000000x300000000', [1, 300_000_001, 600_000_001]],
  ])('reads %j', (text, frames) => expect(parseFrameRange(text)).toEqual(frames));

  it.each(['', 'abc', '1-', '--4', '1---2', '-', '1,,2', '1.5', '1-2-3', '99999999999', '5x2', '1-9x', '1-9x-2'])(
    'refuses %j with the forms to write',
    (text) => {
      expect(() => parseFrameRange(text)).toThrow(/is not a frame range: write 1-48/);
    },
  );

  it('names the right order of a reversed range', () =>
    expect(() => parseFrameRange('10-1')).toThrow('The frame range 10-1 runs backwards: write 1-10.'));

  it('refuses a step of nothing', () =>
    expect(() => parseFrameRange('1-9x0')).toThrow(
      'The frame range 1-9x0 has a step of 0: write 1-9 for every frame.',
    ));

  it('refuses more frames than a job may have', () =>
    expect(() => parseFrameRange('1-100000000')).toThrow(/more than 1,000,000 frames/));
});

/** Every third frame from 1, written one by one. */
const listed = (count: number): string => Array.from({ length: count }, (_, index) => 1 + 3 * index).join();

describe('fewSpans', () => {
  it('has the parts of a range', () =>
    expect(fewSpans('7, 1-9x4, -3--1')).toEqual([
      { first: 7, last: 7, step: 1 },
      { first: 1, last: 9, step: 4 },
      { first: -3, last: -1, step: 1 },
    ]));

  it('has all frames of the way where there are too many parts', () => {
    expect(fewSpans(listed(MAX_SPANS))).toHaveLength(MAX_SPANS);
    expect(fewSpans(listed(MAX_SPANS + 1))).toEqual([{ first: 1, last: 1 + 3 * MAX_SPANS, step: 1 }]);
  });
});

describe('frameBounds', () => {
  it('reads a range of very many parts', () => expect(frameBounds(listed(300_000))).toEqual([1, 899_998]));

  it.each(['12', '1-48', '1-48x5', '9-12,-3--1,5', '7,7'])('are the lowest and the highest frame of %s', (text) => {
    const frames = parseFrameRange(text).toSorted((a, b) => a - b);
    expect(frameBounds(text)).toEqual([frames[0], frames.at(-1)]);
  });
});

describe('formatFrameRange', () => {
  it.each([
    '1-4',
    '1,5,9-11',
    '12',
    '1-10x3',
    '2,4,6',
    '1-3,10-40x10,41-43',
    '7,3',
    '-3-3',
    '-3--1',
    '-10--4x2',
    '-4,2',
  ])('writes %j as it was read', (text) => expect(formatFrameRange(parseFrameRange(text))).toBe(text));
});

import { expect, it } from 'vitest';
import { markOf, nextMarked } from '../../../src/renderer/model/frame-marks';
import type { FrameTable } from '../../../src/renderer/model/host-model';
import { sampleFrame } from '../../helpers/samples';

type ReadyTable = Extract<FrameTable, { kind: 'ready' }>;

function tableOf(frames: readonly number[], marked: ReadonlySet<number>): ReadyTable {
  const list = frames.map((frame) => sampleFrame(frame, marked.has(frame) ? 'failed' : 'waiting'));
  return { kind: 'ready', list, indexOf: new Map(frames.map((frame, index) => [frame, index])), changed: [] };
}

it('goes from mark to mark in the animation’s order, whatever order it is rendered in, and round at its ends', () => {
  const table = tableOf([8, 4, 2, 6, 1, 3, 5, 7], new Set([2, 5, 8]));
  const walk = (from: number, by: 1 | -1): (number | null)[] => {
    const seen = [nextMarked(table, from, by)];
    while (seen.length < 4) seen.push(nextMarked(table, seen.at(-1)!, by));
    return seen;
  };
  expect(walk(1, 1)).toEqual([2, 5, 8, 2]);
  expect(walk(5, 1)).toEqual([8, 2, 5, 8]);
  expect(walk(5, -1)).toEqual([2, 8, 5, 2]);
  expect(walk(0, -1)).toEqual([8, 5, 2, 8]);
});

it('stays where no other frame is marked', () => {
  expect(nextMarked(tableOf([1, 2, 3], new Set()), 1, 1)).toBeNull();
  for (const by of [1, -1] as const) {
    expect(nextMarked(tableOf([1, 2, 3], new Set([2])), 2, by)).toBeNull();
    expect(nextMarked(tableOf([1, 2, 3], new Set([2])), 3, by)).toBe(2);
  }
  expect(nextMarked(undefined, 1, 1)).toBeNull();
});

it('looks at every frame of a table once, however often it is asked', () => {
  const frames = Array.from({ length: 10_000 }, (_, index) => index + 1);
  const table = tableOf(frames, new Set([9_000]));
  let looked = 0;
  const counting: ReadyTable = {
    ...table,
    indexOf: new Map(table.indexOf),
    list: table.list,
  };
  const get = counting.indexOf.get.bind(counting.indexOf);
  (counting.indexOf as Map<number, number>).get = (frame) => {
    looked += 1;
    return get(frame);
  };
  expect(markOf(counting, 9_000)).toBe('failed');
  nextMarked(counting, 1, 1);
  const once = looked;
  for (let frame = 1; frame <= 100; frame++) expect(nextMarked(counting, frame, 1)).toBe(9_000);
  expect(looked).toBe(once);
});

import { describe, expect, it } from 'vitest';
import {
  isMultiple,
  keepListed,
  NO_SELECTION,
  selectRange,
  toggleSelected,
} from '../../../src/renderer/model/job-selection';

const listed = [10, 20, 30, 40, 50];
const ids = ({ ids: set }: { ids: ReadonlySet<number> }): number[] => [...set].sort((a, b) => a - b);

describe('the selection', () => {
  it('begins with the job that is shown', () => {
    expect(ids(toggleSelected(NO_SELECTION, 40, 20))).toEqual([20, 40]);
    expect(ids(selectRange(NO_SELECTION, 40, listed, 20))).toEqual([20, 30, 40]);
    expect(ids(selectRange(NO_SELECTION, 20, listed, 40))).toEqual([20, 30, 40]);
  });

  it('turns about its anchor, and about the one taken in last', () => {
    const range = selectRange(NO_SELECTION, 50, listed, 30);
    expect(ids(selectRange(range, 10, listed, 50))).toEqual([10, 20, 30]);
    const toggled = toggleSelected(range, 10, 50);
    expect(ids(selectRange(toggled, 20, listed, 10))).toEqual([10, 20]);
  });

  it('is one alone where its anchor is not listed', () => {
    expect(isMultiple(selectRange(NO_SELECTION, 40, listed, 99))).toBe(false);
  });

  it('loses what is listed no more, and is the same object otherwise', () => {
    const range = selectRange(NO_SELECTION, 40, listed, 20);
    expect(keepListed(range, new Set(listed))).toBe(range);
    expect(keepListed(range, new Set([30, 40]))).toEqual({ ids: new Set([30, 40]), anchor: null });
  });
});

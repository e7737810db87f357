import { describe, expect, it } from 'vitest';
import { fittingColumns, nextSort, sortedJobs, USUAL_COLUMNS } from '../../../src/renderer/model/queue-columns';
import { sampleJob } from '../../helpers/samples';

describe('the columns that fit', () => {
  it('are all of them where there is room, and the name alone where there is none', () => {
    expect(fittingColumns(USUAL_COLUMNS, {}, 2_000)).toEqual(USUAL_COLUMNS);
    expect(fittingColumns(USUAL_COLUMNS, {}, 0)).toEqual(['name']);
  });

  it('lose the least telling first, and more where one was made wider', () => {
    expect(fittingColumns(USUAL_COLUMNS, {}, 440)).toEqual(['thumbnail', 'name', 'frames', 'percent', 'timeLeft']);
    expect(fittingColumns(USUAL_COLUMNS, { frames: 200 }, 440)).toEqual(['name', 'frames', 'percent']);
  });

  it('stand in one order, whatever they were chosen in', () => {
    expect(fittingColumns(['state', 'number', 'thumbnail'], {}, 2_000)).toEqual([
      'thumbnail',
      'name',
      'number',
      'state',
    ]);
  });
});

describe('sorting by a column', () => {
  it('goes the way that is looked for, the other way, and back to run order', () => {
    const first = nextSort(null, 'percent');
    expect(first).toEqual({ column: 'percent', descending: true });
    const second = nextSort(first, 'percent');
    expect(second).toEqual({ column: 'percent', descending: false });
    expect(nextSort(second, 'percent')).toBeNull();
    expect(nextSort(second, 'name')).toEqual({ column: 'name', descending: false });
  });

  it('keeps equals in run order, and jobs without a value last, either way', () => {
    const byId = new Map(
      [90, null, 30, 90].map((secondsLeft, index) => [index + 1, sampleJob({ id: index + 1, secondsLeft })]),
    );
    const ids = [1, 2, 3, 4];
    expect(sortedJobs(ids, byId, { column: 'timeLeft', descending: false })).toEqual([3, 1, 4, 2]);
    expect(sortedJobs(ids, byId, { column: 'timeLeft', descending: true })).toEqual([1, 4, 3, 2]);
  });
});

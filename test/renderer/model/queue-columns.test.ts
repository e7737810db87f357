import { describe, expect, it } from 'vitest';
import {
  COLUMN_IDS,
  columnOrder,
  fittingColumns,
  movedColumn,
  nextSort,
  sortedJobs,
  USUAL_COLUMNS,
} from '../../../src/renderer/model/queue-columns';
import { sampleJob } from '../../helpers/samples';

describe('the columns that fit', () => {
  it('are all of them where there is room, and the name alone where there is none', () => {
    expect(fittingColumns(USUAL_COLUMNS, COLUMN_IDS, {}, 2_000)).toEqual(USUAL_COLUMNS);
    expect(fittingColumns(USUAL_COLUMNS, COLUMN_IDS, {}, 0)).toEqual(['name']);
  });

  it('lose the least telling first, and more where one was made wider', () => {
    expect(fittingColumns(USUAL_COLUMNS, COLUMN_IDS, {}, 440)).toEqual([
      'thumbnail',
      'name',
      'frames',
      'percent',
      'timeLeft',
    ]);
    expect(fittingColumns(USUAL_COLUMNS, COLUMN_IDS, { frames: 200 }, 440)).toEqual(['name', 'frames', 'percent']);
  });

  it('stand in the order given, whatever they were chosen in', () => {
    const chosen = ['state', 'number', 'thumbnail'] as const;
    expect(fittingColumns(chosen, COLUMN_IDS, {}, 2_000)).toEqual(['thumbnail', 'name', 'number', 'state']);
    const order = movedColumn(COLUMN_IDS, 'state', { beside: 'name', side: 'left' });
    expect(fittingColumns(chosen, order, {}, 2_000)).toEqual(['thumbnail', 'state', 'name', 'number']);
  });
});

describe('the order of the columns', () => {
  it('is the usual one where nothing was kept, and what was kept otherwise', () => {
    expect(columnOrder([])).toEqual(COLUMN_IDS);
    expect(columnOrder(COLUMN_IDS.toReversed())).toEqual(COLUMN_IDS.toReversed());
  });

  it('passes over what it does not know, and has every column once', () => {
    const order = columnOrder(['state', 'toString', 'gone', 'name', 'state']);
    expect(order.toSorted()).toEqual(COLUMN_IDS.toSorted());
    expect(order.indexOf('state')).toBeLessThan(order.indexOf('name'));
    // What is missing follows what it usually does.
    expect(order.slice(order.indexOf('state'))).toEqual([
      'state',
      'created',
      'ended',
      'reason',
      'name',
      'number',
      'scene',
      'frames',
      'percent',
      'timeLeft',
      'rate',
      'priority',
    ]);
  });

  it('changes by one column that goes to a side of another', () => {
    const order = ['thumbnail', 'name', 'frames', 'state'] as const;
    expect(movedColumn(order, 'state', { beside: 'name', side: 'left' })).toEqual([
      'thumbnail',
      'state',
      'name',
      'frames',
    ]);
    expect(movedColumn(order, 'thumbnail', { beside: 'frames', side: 'right' })).toEqual([
      'name',
      'frames',
      'thumbnail',
      'state',
    ]);
    expect(movedColumn(order, 'name', { beside: 'name', side: 'right' })).toEqual(order);
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

  it('has numbers within names in their order, umlauts beside their letters, and no reason last, either way', () => {
    const byId = new Map(
      ['shot_10', 'Zeta', 'shot_2', 'Äther', 'beta'].map((name, index) => [
        index + 1,
        sampleJob({ id: index + 1, name, reason: index === 1 ? null : `frame ${12 - index} failed` }),
      ]),
    );
    const ids = [1, 2, 3, 4, 5];
    expect(sortedJobs(ids, byId, { column: 'name', descending: false })).toEqual([4, 5, 3, 1, 2]);
    expect(sortedJobs(ids, byId, { column: 'reason', descending: false })).toEqual([5, 4, 3, 1, 2]);
    expect(sortedJobs(ids, byId, { column: 'reason', descending: true })).toEqual([1, 3, 4, 5, 2]);
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

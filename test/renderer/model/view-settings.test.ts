import { expect, it } from 'vitest';
import { COLUMN_IDS, USUAL_COLUMNS } from '../../../src/renderer/model/queue-columns';
import { loadViewSettings } from '../../../src/renderer/model/view-settings';

const stored = (value: unknown): Storage => ({ getItem: () => JSON.stringify(value) }) as unknown as Storage;

it('keeps of stored settings what it understands, and takes the usual for the rest', () => {
  const usual = {
    density: 'auto',
    columns: [...USUAL_COLUMNS],
    order: [...COLUMN_IDS],
    widths: {},
    sort: null,
    width: null,
  };
  expect(loadViewSettings(stored({})).queue).toEqual(usual);
  expect(loadViewSettings(stored({ zoom: 'full', queue: 7 }))).toMatchObject({ zoom: 'full', queue: usual });
  expect(
    loadViewSettings(
      stored({
        queue: { density: 'rows', columns: ['name', 'gone'], widths: { frames: 9_999 }, sort: { column: 'x' } },
      }),
    ).queue,
  ).toEqual({ ...usual, density: 'rows' });
  expect(loadViewSettings(stored({ queue: { order: 'state' } })).queue).toEqual(usual);
  const { order } = loadViewSettings(stored({ queue: { order: ['state', 'gone', 'name'] } })).queue;
  expect(order.indexOf('state')).toBeLessThan(order.indexOf('name'));
  expect(order.toSorted()).toEqual(COLUMN_IDS.toSorted());
});

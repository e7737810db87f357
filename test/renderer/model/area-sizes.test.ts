import { expect, it } from 'vitest';
import { areaSizes, areStacked, type ChosenSizes } from '../../../src/renderer/model/area-sizes';

const USUAL: ChosenSizes = { queue: null, properties: null, timeline: null };
const SMALL = { width: 900, height: 600 };
const values = (chosen: Partial<ChosenSizes>, window: { width: number; height: number }, shown = true) => {
  const { queue, properties, timeline } = areaSizes({ ...USUAL, ...chosen }, window, shown);
  return [queue.value, properties.value, timeline.value];
};

it('gives each area its usual share of the window, and what was chosen instead', () => {
  expect(values({}, SMALL)).toEqual([252, 240, 112]);
  expect(values({}, { width: 1_440, height: 900 })).toEqual([403, 302, 112]);
  expect(values({}, { width: 2_560, height: 1_440 })).toEqual([660, 320, 112]);
  expect(values({ queue: 500, properties: 400, timeline: 300 }, { width: 1_440, height: 900 })).toEqual([
    500, 400, 300,
  ]);
});

it('leaves the image its room in a smaller window, where the queue gives way first', () => {
  expect(values({ queue: 900, properties: 300, timeline: 900 }, SMALL)).toEqual([368, 300, 394]);
  expect(values({ queue: 900, properties: 900 }, SMALL)).toEqual([200, 468, 112]);
  expect(values({ queue: 900 }, SMALL, false)).toEqual([668, 240, 112]);
  // Nothing fits here; nothing is negative either.
  expect(values({ queue: 900, properties: 900, timeline: 900 }, { width: 100, height: 100 })).toEqual([200, 220, 84]);
});

it('lets an area be dragged as far as what is beside it stays as it is', () => {
  const { queue, properties } = areaSizes({ ...USUAL, queue: 300, properties: 240 }, SMALL);
  expect([queue.min, queue.max]).toEqual([200, 428]);
  expect([properties.min, properties.max]).toEqual([220, 368]);
});

it('stacks areas where they have no room side by side, later without the properties', () => {
  expect([652, 651].map((width) => areStacked(width))).toEqual([false, true]);
  expect([432, 431].map((width) => areStacked(width, false))).toEqual([false, true]);
});

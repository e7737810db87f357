import { expect, it } from 'vitest';
import { createPriorityList } from '../../../../src/main/jobs/scheduling/priority-list';

it('goes by priority, place and number, wherever a job is put', () => {
  const order = createPriorityList();
  order.put(1, { priority: 0, position: 3 });
  order.put(2, { priority: 0, position: 1 });
  order.put(3, { priority: 9, position: 7 });
  order.put(4, { priority: 0, position: 1 });
  expect(order.ids()).toEqual([3, 2, 4, 1]);
  order.put(1, { priority: 0, position: 0.5 });
  order.remove(3);
  order.remove(99);
  expect(order.ids()).toEqual([1, 2, 4]);
  expect([order.has(1), order.has(3)]).toEqual([true, false]);
});

it('is not disturbed by what happens while it is walked through', () => {
  const order = createPriorityList();
  for (let id = 1; id <= 3; id++) order.put(id, { priority: 0, position: id });
  const walked: number[] = [];
  for (const id of order.ids()) {
    walked.push(id);
    order.remove(id);
    order.put(id + 10, { priority: 5, position: 0 });
  }
  expect(walked).toEqual([1, 2, 3]);
});

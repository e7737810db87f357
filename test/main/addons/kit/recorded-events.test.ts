import { describe, expect, it } from 'vitest';
import { RECORDED_EVENTS } from '../../../../src/main/addons/kit/recorded-events';
import { LIFECYCLE_EVENTS } from '../../../../src/shared/lifecycle';

describe('the recorded events', () => {
  it('have every kind, in the order of a host', () => {
    expect([...new Set(RECORDED_EVENTS.map(({ name }) => name))].sort()).toEqual([...LIFECYCLE_EVENTS].sort());
    expect(RECORDED_EVENTS.map(({ seq }) => seq)).toEqual(RECORDED_EVENTS.map((_, index) => index + 1));
    for (const id of [1, 2]) {
      const names = RECORDED_EVENTS.filter(({ job }) => job?.id === id).map(({ name }) => name);
      expect(names.filter((name) => name === 'render_init')).toHaveLength(1);
      expect(names.at(-1)).toBe(id === 1 ? 'render_complete' : 'render_cancel');
    }
  });
});

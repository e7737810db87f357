import { expect, it } from 'vitest';
import { createLogRing } from '../../../src/main/addons/log-ring';

it('keeps the last lines, the oldest first', () => {
  const ring = createLogRing(3);
  for (const text of ['a', 'b', 'c', 'd']) ring.push('info', text, 7);
  expect(ring.lines()).toEqual(['b', 'c', 'd'].map((text) => ({ level: 'info', text, time: 7 })));
});

it('hands out a copy, and cuts a line that is too long', () => {
  const ring = createLogRing();
  ring.push('warn', 'x'.repeat(8_001));
  ring.lines().pop();
  expect(ring.lines()).toHaveLength(1);
  expect(ring.lines()[0]!.text).toBe(`${'x'.repeat(8_000)}…`);
});

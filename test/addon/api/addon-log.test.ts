import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAddonLog } from '../../../src/addon/api/addon-log';
import type { AddonLogLine } from '../../../src/shared/addons';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('sends a line as it is, and anything but text as console.log writes it', () => {
  const lines: AddonLogLine[] = [];
  const log = createAddonLog((line) => lines.push(line));
  log('warn', 'a text');
  log('info', { frame: 7 });
  expect(lines).toMatchObject([
    { level: 'warn', text: 'a text' },
    { level: 'info', text: '{ frame: 7 }' },
  ]);
});

it('cuts a line that is too long', () => {
  const lines: AddonLogLine[] = [];
  createAddonLog((line) => lines.push(line))('info', 'x'.repeat(4_001));
  expect(lines[0]!.text).toBe(`${'x'.repeat(4_000)}…`);
});

it('sends 250 lines in a second, and tells in the next one how many it left out', () => {
  const lines: AddonLogLine[] = [];
  const log = createAddonLog((line) => lines.push(line));
  for (let count = 0; count < 253; count++) log('info', String(count));
  expect(lines).toHaveLength(250);
  vi.advanceTimersByTime(1_000);
  log('info', 'next');
  expect(lines.slice(250).map(({ text }) => text)).toEqual([
    '3 log lines were left out: more than 250 in a second.',
    'next',
  ]);
});

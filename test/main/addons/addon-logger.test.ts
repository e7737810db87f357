import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAddonLogger } from '../../../src/main/addons/addon-logger';
import type { AddonLogLine } from '../../../src/shared/addons';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

function makeLogger(): { lines: AddonLogLine[]; logger: ReturnType<typeof createAddonLogger> } {
  const lines: AddonLogLine[] = [];
  return { lines, logger: createAddonLogger((line) => lines.push(line)) };
}

it('keeps the time that a line names only where it is near this clock’s', () => {
  const { lines, logger } = makeLogger();
  const now = Date.now();
  logger.log({ time: now - 30_000, level: 'info', text: 'waited' });
  logger.log({ time: 0, level: 'info', text: 'forged' });
  expect(lines.map(({ time }) => time)).toEqual([now - 30_000, now]);
});

it('leaves out what is too much in a second, and tells how much a second later', () => {
  const { lines, logger } = makeLogger();
  for (let count = 0; count < 205; count++) logger.log({ time: Date.now(), level: 'info', text: 'x' });
  expect(lines).toHaveLength(200);
  vi.advanceTimersByTime(1_000);
  expect(lines.at(-1)).toMatchObject({ level: 'warn', text: expect.stringMatching(/^5 log lines were left out/) });
  logger.log({ time: Date.now(), level: 'info', text: 'next' });
  expect(lines.at(-1)!.text).toBe('next');
});

it('counts characters too, and tells what it left out when it closes', () => {
  const { lines, logger } = makeLogger();
  for (let count = 0; count < 30; count++) logger.log({ time: Date.now(), level: 'info', text: 'x'.repeat(9_000) });
  expect(lines).toHaveLength(24);
  expect(lines[0]!.text).toHaveLength(4_001);
  logger.close();
  expect(lines.at(-1)!.text).toMatch(/^6 log lines were left out/);
});

it('reads what is printed line by line, whatever the pieces, and the last one without an end', async () => {
  const { lines, logger } = makeLogger();
  const stream = new PassThrough();
  logger.capture(stream, 'warn');
  const ended = new Promise((resolve) => stream.on('end', resolve));
  for (const piece of ['on', 'e\ntw', 'o\r\n', '\nend']) stream.write(piece);
  stream.end();
  await ended;
  expect(lines.map(({ text }) => text)).toEqual(['one', 'two', '', 'end']);
  expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['warn']));
});

it('keeps no more of a line without an end than a line may have', async () => {
  const { lines, logger } = makeLogger();
  const stream = new PassThrough();
  logger.capture(stream, 'info');
  const ended = new Promise((resolve) => stream.on('end', resolve));
  for (let count = 0; count < 10; count++) stream.write('x'.repeat(1_000));
  stream.end('\nshort\n');
  await ended;
  expect(lines.map(({ text }) => text.length)).toEqual([4_001, 5]);
});

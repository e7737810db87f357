import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHostLog } from '../../../src/main/faults/host-log';
import { temporaryFolder } from '../../helpers/temporary-folder';

function messages(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

test('a flood of lines takes no more room than the files that are kept, and the last line is in the present one', () => {
  const folder = join(temporaryFolder(), 'logs');
  const { log, close } = openHostLog(join(folder, 'host.log'), { largest: 20_000, older: 2 });
  for (let line = 0; line < 1_000; line++) log.info(`${line} ${'x'.repeat(200)}`);
  log.info('the last one');
  expect(readdirSync(folder).sort()).toEqual(['host.log', 'host.log.1', 'host.log.2']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(21_000);
  const kept = ['host.log.2', 'host.log.1', 'host.log'].flatMap((name) => messages(join(folder, name)));
  expect(kept.at(-1)).toBe('the last one');
  const numbers = kept.slice(0, -1).map((message) => Number.parseInt(message, 10));
  expect(numbers).toEqual(numbers.map((_, index) => 1_000 - numbers.length + index));
  close();
  log.info('after the end');
  expect(messages(join(folder, 'host.log')).at(-1)).toBe('the last one');
});

test('what was there before counts, and is kept', () => {
  const file = join(temporaryFolder(), 'host.log');
  const first = openHostLog(file, { largest: 500, older: 1 });
  first.log.info('early '.repeat(90));
  first.close();
  const second = openHostLog(file, { largest: 500, older: 1 });
  second.log.info('late');
  second.close();
  expect(readFileSync(`${file}.1`, 'utf8')).toContain('early');
  expect(messages(file)).toEqual(['late']);
});

test('a log that cannot be renamed goes on in the same file', () => {
  const file = join(temporaryFolder(), 'host.log');
  mkdirSync(join(`${file}.1`, 'taken'), { recursive: true });
  const { log, close } = openHostLog(file, { largest: 500, older: 1 });
  for (let line = 0; line < 10; line++) log.info(`${line} ${'x'.repeat(200)}`);
  close();
  expect(messages(file)).toHaveLength(10);
});

test.skipIf(process.platform === 'win32')('nobody else can read it', () => {
  const file = join(temporaryFolder(), 'logs', 'host.log');
  const { log, close } = openHostLog(file);
  log.info('here');
  close();
  expect(statSync(file).mode & 0o077).toBe(0);
});

import { expect, it } from 'vitest';
import { logLines } from '../../../../src/main/engines/blender/log-lines';

it('keeps the last lines in their order', () => {
  const log = logLines(3);
  for (let line = 1; line <= 2; line++) log.add(String(line));
  expect(log.list()).toEqual(['1', '2']);
  for (let line = 3; line <= 100; line++) log.add(String(line));
  expect(log.list()).toEqual(['98', '99', '100']);
  log.clear();
  expect(log.list()).toEqual([]);
});

it('keeps the last of several signs of progress', () => {
  const log = logLines(10);
  for (const line of [
    'Read blend: a',
    'Fra:1 Mem:1M | Sample 0/4',
    'Fra:1 Mem:1M | Sample 1/4',
    'Saved: b',
    'Fra:2 Mem:1M | Sample 0/4',
  ])
    log.add(line);
  expect(log.list()).toEqual(['Read blend: a', 'Fra:1 Mem:1M | Sample 1/4', 'Saved: b', 'Fra:2 Mem:1M | Sample 0/4']);
});

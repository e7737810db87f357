import { expect, it } from 'vitest';
import { readToldMemory, toldMemoryOf } from '../../../src/main/processes/process-memory';

const MB = 1024 * 1024;

it.runIf(process.platform !== 'win32')('asks ps for the memory of a process', async () => {
  const told = await toldMemoryOf(process.pid, 'darwin');
  // It changes meanwhile.
  expect(told).toBeGreaterThan(process.memoryUsage.rss() / 4);
  expect(told).toBeLessThan(process.memoryUsage.rss() * 4);
  expect(await toldMemoryOf(2 ** 22 + 1, 'darwin')).toBeNull();
});

it('reads what ps and tasklist print, in whatever language', () => {
  expect(readToldMemory('  85432\n', 'darwin')).toBe(85_432 * 1024);
  expect(readToldMemory('', 'darwin')).toBeNull();
  for (const size of ['2,048 K', '2.048 K', '2\u202f048 Ko', '2048 КБ'])
    expect(readToldMemory(`"node.exe","4711","Console","1","${size}"\r\n`, 'win32')).toBe(2 * MB);
  expect(readToldMemory('INFO: No tasks are running which match the specified criteria.\r\n', 'win32')).toBeNull();
});

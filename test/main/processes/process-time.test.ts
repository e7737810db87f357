import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { cpuSecondsOf, cpuSecondsOfTree } from '../../../src/main/processes/process-time';

it.runIf(process.platform === 'linux')('tells the processor time of a process', async () => {
  const { user, system } = process.cpuUsage();
  const told = await cpuSecondsOf(process.pid);
  // It is told in hundredths of a second, and this process has gone on.
  expect(told).toBeGreaterThanOrEqual((user + system) / 1e6 - 0.02);
  const { user: laterUser, system: laterSystem } = process.cpuUsage();
  expect(told).toBeLessThanOrEqual((laterUser + laterSystem) / 1e6 + 0.02);
});

it.runIf(process.platform === 'linux')(
  'counts the time of programs that have ended in that of who started them',
  async () => {
    const before = (await cpuSecondsOfTree(process.pid))!;
    execFileSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);']);
    expect((await cpuSecondsOfTree(process.pid))! - before).toBeGreaterThanOrEqual(0.28);
  },
);

it('knows nothing of a process that is not there', async () => {
  expect(await cpuSecondsOf(2 ** 22 + 1)).toBeNull();
});

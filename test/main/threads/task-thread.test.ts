import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createTaskThread } from '../../../src/main/threads/task-thread';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('starts another thread for the next task where the last one ended between two', async () => {
  const folder = temporaryFolder();
  const script = join(folder, 'thread.mjs');
  const ended = join(folder, 'ended');
  writeFileSync(
    script,
    `import { writeFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    process.on('exit', () => writeFileSync(${JSON.stringify(ended)}, ''));
    parentPort.on('message', (task) => {
      parentPort.postMessage({ value: task });
      if (task === 'last') setImmediate(() => process.exit());
    });`,
  );
  const thread = createTaskThread<string, string>(script, {
    taskTime: 5_000,
    idleTime: 60_000,
    late: () => new Error('it took too long'),
    lost: () => new Error('it was lost'),
    closed: () => new Error('it is closed'),
  });
  onTestFinished(thread.close);
  expect(await thread.run('last')).toBe('last');
  await expect.poll(() => existsSync(ended)).toBe(true);
  // The event of its end follows.
  for (let turn = 0; turn < 50; turn++) await nextTurn();
  expect(await thread.run('next')).toBe('next');
});

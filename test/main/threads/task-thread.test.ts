import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { createTaskThread } from '../../../src/main/threads/task-thread';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('starts another thread for the next task where the last one ended between two', async () => {
  const script = join(temporaryFolder(), 'thread.mjs');
  writeFileSync(
    script,
    `import { parentPort } from 'node:worker_threads';
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
  // Emitted once the thread has all listeners of its own.
  const started = once(process, 'worker') as Promise<[Worker]>;
  const last = thread.run('last');
  const [worker] = await started;
  const ended = once(worker, 'exit');
  expect(await last).toBe('last');
  await ended;
  expect(await thread.run('next')).toBe('next');
});

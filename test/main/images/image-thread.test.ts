import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ImageThread, createImageThread } from '../../../src/main/images/image-thread';
import { UndecidedError } from '../../../src/main/images/verify-image';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** A thread that does what the path says, and tells in `uniform` whether this is its first task. */
const SCRIPT = `
import { parentPort } from 'node:worker_threads';
let tasks = 0;
parentPort.on('message', ({ path }) => {
  tasks += 1;
  if (path === 'hang') for (;;);
  if (path === 'exit') process.exit(3);
  if (path === 'throw') throw new Error('out of its mind');
  if (path === 'fail') parentPort.postMessage({ error: 'damaged' });
  else parentPort.postMessage({ value: { uniform: tasks === 1, black: false, transparent: false } });
});
`;

function makeThread(options?: { taskTime?: number; idleTime?: number }): ImageThread {
  const script = join(temporaryFolder(), 'thread.mjs');
  writeFileSync(script, SCRIPT);
  const thread = createImageThread(script, options);
  onTestFinished(() => thread.close());
  return thread;
}

const isFirst = async (thread: ImageThread): Promise<boolean | undefined> =>
  (await thread.statistics('go on', 'exr'))?.uniform;

describe('the thread for images', () => {
  it('is kept from task to task, also when one fails', async () => {
    const thread = makeThread();
    expect(await isFirst(thread)).toBe(true);
    await expect(thread.statistics('fail', 'exr')).rejects.toThrow('damaged');
    expect(await isFirst(thread)).toBe(false);
  });

  it.each([
    ['hangs', 'hang', 'took too long to decode'],
    ['ends', 'exit', 'its thread has ended'],
    ['throws', 'throw', 'out of its mind'],
  ])('is replaced when it %s, and those who wait are served', async (_name, path, reason) => {
    const thread = makeThread({ taskTime: 3_000 });
    const [lost, next] = await Promise.allSettled([thread.statistics(path, 'exr'), isFirst(thread)]);
    expect(lost).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(reason) } });
    expect(next).toEqual({ status: 'fulfilled', value: true });
    // That a thread was lost says nothing about the image.
    await expect(thread.decodable(path, { width: 1, height: 1 })).rejects.toBeInstanceOf(UndecidedError);
  });

  it('refuses work when it is closed', async () => {
    const thread = makeThread();
    await thread.close();
    await expect(thread.statistics('go on', 'exr')).rejects.toThrow('the host closes');
  });
});

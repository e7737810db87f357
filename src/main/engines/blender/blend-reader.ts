import { basename } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { createTaskThread } from '../../threads/task-thread';
import type { BlendFile } from './read-blend';

export interface BlendTask {
  /** Absolute path of the .blend. */
  readonly path: string;
}

/** Maximum time per file, in milliseconds: a gzip file is unpacked to its end. */
const TASK_TIME = 120_000;
/** How long an idle thread is kept, in milliseconds. */
const IDLE_TIME = 10_000;
/** Heap limit of the thread, in megabytes. */
const MEMORY = 512;

/** Reads .blend files in a thread, since a few kilobytes can unpack to gigabytes. */
export interface BlendReader {
  /** As `readBlend`. @throws UserError */
  read(path: string): Promise<BlendFile>;
  close(): Promise<void>;
}

/** @param script the built blend-worker.mjs, at a path that Node can read without Electron */
export function createBlendReader(script: string, { taskTime = TASK_TIME, idleTime = IDLE_TIME } = {}): BlendReader {
  const thread = createTaskThread<BlendTask, BlendFile>(script, {
    taskTime,
    idleTime,
    memory: MEMORY,
    late: ({ path }) =>
      new UserError(
        `“${basename(path)}” took longer than ${taskTime / 1000} s to read: save it without compression, or copy it to a faster disk.`,
      ),
    lost: ({ path }, reason, message) =>
      reason === 'memory'
        ? new UserError(
            `“${basename(path)}” takes more memory to read than there is for it: save it without compression.`,
          )
        : new Error(`The thread that reads .blend files has failed: ${message}`),
    closed: () => new UserError('Scenes are no longer read: the host closes.'),
  });
  return { read: (path) => thread.run({ path }), close: thread.close };
}

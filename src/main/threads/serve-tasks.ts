import { parentPort } from 'node:worker_threads';
import { UserError, messageOf } from '../../shared/user-error';
import type { ThreadReply } from './task-thread';

/** The thread's side of task-thread: answers every task. */
export function serveTasks<Task, Value>(work: (task: Task) => Promise<Value>): void {
  parentPort?.on('message', (task: Task) => void answer(task));

  async function answer(task: Task): Promise<void> {
    try {
      const value = await work(task);
      parentPort?.postMessage({ value } satisfies ThreadReply<Value>, []);
    } catch (error) {
      parentPort?.postMessage(
        {
          error: messageOf(error),
          sentence: error instanceof UserError ? error.kind : null,
        } satisfies ThreadReply<Value>,
        [],
      );
    }
  }
}

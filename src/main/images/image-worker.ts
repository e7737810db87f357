import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../shared/user-error';
import { exrShown, exrStatistics } from './exr-tasks';
import type { WorkerReply, WorkerTask } from './image-thread';

/** The thread that decodes OpenEXR files: one task after the other. */
parentPort?.on('message', (task: WorkerTask) => void answer(task));

async function answer(task: WorkerTask): Promise<void> {
  try {
    const value = task.kind === 'statistics' ? await exrStatistics(task.path) : await exrShown(task.path, task.maxSide);
    const transfer = value && 'rgba' in value ? [value.rgba.buffer] : [];
    parentPort?.postMessage({ value } satisfies WorkerReply, transfer);
  } catch (error) {
    parentPort?.postMessage({ error: messageOf(error) } satisfies WorkerReply, []);
  }
}

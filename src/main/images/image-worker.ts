import { collectGarbage, relieveMemory } from '../threads/memory-relief';
import { serveTasks } from '../threads/serve-tasks';
import { exrLinear } from './exr-tasks';
import type { ImageResult, ImageTask } from './image-thread';
import { decodable } from './pixels';
import { makePreview, shrinkPreview } from './preview';
import { readStatistics } from './statistics';

/**
 * Growth of the process's memory, in bytes, after which garbage is collected. V8 does not know how much the library
 * holds for an image, and would keep the pixels of many: measured with 8 images of 4096², 549 MB without this, at most
 * 157 MB with it.
 */
const GROWTH = 32 * 1024 ** 2;

let settled = process.memoryUsage.rss();

// The last image of a burst is garbage that no further task collects, and only this thread can.
relieveMemory();

/** Thread that decodes images, with synchronous calls: the library keeps memory for each of its own threads. */
serveTasks<ImageTask, ImageResult>(async (task) => {
  try {
    return await work(task);
  } finally {
    if (process.memoryUsage.rss() > settled + GROWTH) {
      collectGarbage();
      settled = process.memoryUsage.rss();
    }
  }
});

function work(task: ImageTask): Promise<ImageResult> | ImageResult {
  switch (task.kind) {
    case 'statistics':
      return readStatistics(task.path, task.format);
    case 'preview':
      return makePreview(task.path, task.maxSide, task.within);
    case 'linear':
      return exrLinear(task.path, task.layer, task.within);
    case 'shrink':
      return shrinkPreview(task.preview, task.maxSide);
    case 'check':
      return decodable(task.path, task.size);
  }
}

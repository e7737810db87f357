import type { JobStore } from '../jobs/store/job-store';
import type { RenderQueue } from '../jobs/queue';
import type { MachineReading } from '../metrics/machine-readings';
import type { Readings } from '../metrics/readings';
import type { QueueReading } from './recorder';

/** Reads the present state of the queue for a statistics sample. */
export async function readQueue(
  store: Pick<JobStore, 'unfinished'>,
  queue: Pick<RenderQueue, 'workers'>,
  machine: Readings<MachineReading>,
): Promise<QueueReading> {
  await machine.refresh();
  const { usage } = machine.latest();
  const jobs = store.unfinished();
  const workers = queue.workers();
  return {
    active: jobs.some((job) => job.state === 'rendering'),
    framesLeft: jobs.reduce((sum, job) => sum + job.frames.waiting + job.frames.rendering, 0),
    rendering: workers.filter((worker) => worker.state === 'rendering').length,
    workers: workers.map(({ slot }) => ({ slot, residentBytes: usage.get(slot)?.residentBytes ?? null })),
  };
}

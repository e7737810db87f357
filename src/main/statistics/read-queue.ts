import type { JobStore } from '../jobs/store/job-store';
import type { RenderQueue } from '../jobs/queue';
import type { MachineReading } from '../metrics/machine-readings';
import type { Readings } from '../metrics/readings';
import { MAX_IN_SAMPLE } from '../../shared/statistics';
import type { ProcessorMeter } from './processor-meter';
import type { QueueReading } from './recorder';

/** Reads the present state of the queue for a statistics sample. */
export async function readQueue(
  store: Pick<JobStore, 'unfinished'>,
  queue: Pick<RenderQueue, 'workers'>,
  machine: Readings<MachineReading>,
  meter: ProcessorMeter,
): Promise<QueueReading> {
  await machine.refresh();
  const { usage, volumes } = machine.latest();
  const processor = meter.read(usage);
  const jobs = store.unfinished();
  const workers = queue.workers();
  return {
    active: jobs.some((job) => job.state === 'rendering'),
    framesLeft: jobs.reduce((sum, job) => sum + job.frames.waiting + job.frames.rendering, 0),
    rendering: workers.filter((worker) => worker.state === 'rendering').length,
    processor: processor.machine,
    workers: workers.map(({ slot, state, jobId }) => ({
      slot,
      residentBytes: usage.get(slot)?.residentBytes ?? null,
      processor: processor.slot(slot),
      job: state === 'rendering' ? jobId : null,
    })),
    jobs: jobs
      .filter((job) => job.state === 'rendering')
      .slice(0, MAX_IN_SAMPLE)
      .map(({ id, frames, framesPerMinute }) => ({
        id,
        framesLeft: frames.waiting + frames.rendering,
        framesPerMinute,
      })),
    disks: volumes
      .slice(0, MAX_IN_SAMPLE)
      .map(({ mountPoint, freeBytes, sizeBytes }) => ({ mountPoint, freeBytes, sizeBytes })),
  };
}

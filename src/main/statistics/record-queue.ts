import type { HostEvents } from '../events/host-events';
import type { Lifecycle } from '../events/lifecycle';
import { createProcessorMeter } from './processor-meter';
import { readQueue } from './read-queue';
import { type Recorder, createRecorder } from './recorder';

export interface QueueRecording {
  readonly store: Parameters<typeof readQueue>[0];
  readonly queue: Parameters<typeof readQueue>[1];
  readonly machine: Parameters<typeof readQueue>[2];
  readonly lifecycle: Lifecycle;
  readonly tell: HostEvents['tell'];
}

/** Records the statistics of the queue, and tells each sample to the windows. */
export function recordQueue({ store, queue, machine, lifecycle, tell }: QueueRecording): Recorder {
  const meter = createProcessorMeter();
  const recorder = createRecorder({
    read: () => readQueue(store, queue, machine, meter),
    onSample: (sample, frameTimes, failures) => tell({ type: 'statistics', sample, frameTimes, failures }),
  });
  lifecycle.on(recorder.see);
  return recorder;
}

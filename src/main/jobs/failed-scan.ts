import { failureCodeOf } from '../../shared/failures';
import { messageOf } from '../../shared/user-error';
import { isOfDatabase } from '../data/system-error';
import type { ActiveJob } from './active-job';
import type { JobStates } from './job-states';
import { SceneGoneError, VolumeGoneError, isVolumeGone } from './output/output-volume';
import { type QueuePause, notWritten } from './queue-pause';
import type { DeferredJobs } from './scheduling/deferred-jobs';

export interface FailedScanOptions {
  readonly states: Pick<JobStates, 'isLive' | 'finish'>;
  readonly deferred: Pick<DeferredJobs, 'wait'>;
  readonly pause: Pick<QueuePause, 'holdUntilWritable'>;
  onFault(error: unknown): void;
}

/**
 * Settles a job whose output could not be scanned: it fails, unless the disk, the share or the database is to blame. That
 * may pass, and its output is scanned again then.
 */
export function afterFailedScan(options: FailedScanOptions, active: ActiveJob, error: unknown): void {
  const { states, onFault } = options;
  if (isOfDatabase(error) || isVolumeGone(error)) {
    scanLater(options, active, error);
    return;
  }
  onFault(error);
  if (!states.isLive(active)) return;
  try {
    states.finish(active.id, 'failed', messageOf(error), failureCodeOf(error));
  } catch (fault) {
    scanLater(options, active, fault);
  }
}

function scanLater({ deferred, pause, onFault }: FailedScanOptions, active: ActiveJob, error: unknown): void {
  active.phase = 'new';
  if (error instanceof SceneGoneError) deferred.wait(active, error);
  else if (error instanceof VolumeGoneError) pause.holdUntilWritable(messageOf(error));
  else {
    onFault(error);
    pause.holdUntilWritable(notWritten(error));
  }
}

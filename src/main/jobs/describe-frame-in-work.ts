import { type FrameInWork, LIVE_LOG_LINES, LIVE_LOG_WIDTH } from '../../shared/frame-in-work';
import type { FramesInWork } from './frames-in-work';
import type { JobStore } from './store/job-store';

/** What is known of a frame in work; null where it is not in work. Reads, and stores nothing. */
export async function frameInWork(
  inWork: FramesInWork,
  store: JobStore,
  jobId: number,
  frame: number,
): Promise<FrameInWork | null> {
  const assignment = inWork.get(jobId, frame);
  if (!assignment) return null;
  const { attempt, live } = assignment;
  const { worker, progress, lastSeconds } = live;
  // A worker that is done may have the next frame already.
  const log = assignment.workerDone ? [] : (worker?.recentLines?.() ?? []);
  const usage = assignment.workerDone ? null : await worker?.usage();
  return {
    attempt,
    seconds: Math.max(0, (Date.now() - (store.frames.startedAt(jobId, frame) ?? Date.now())) / 1_000),
    sample: progress?.sample ?? null,
    samples: progress?.samples ?? null,
    secondsLeft: progress?.secondsLeft ?? null,
    memoryBytes: usage?.residentBytes ?? progress?.memoryBytes ?? null,
    lastSeconds: lastSeconds ?? store.frames.get(jobId, frame)?.seconds ?? null,
    log: log.slice(-LIVE_LOG_LINES).map((line) => line.slice(0, LIVE_LOG_WIDTH)),
  };
}

import type { Announcer } from './announcer';
import type { Judgement } from './output/suspicious-frame';
import type { JobStore } from './store/job-store';

export interface JudgeTools {
  readonly store: Pick<JobStore, 'frames'>;
  readonly announcer: Pick<Announcer, 'frame'>;
  onFault(error: unknown): void;
}

/** Changes what earlier frames of a job are suspected of. Never throws: no outcome of a frame depends on it. */
export function judgeFrames(
  { store, announcer, onFault }: JudgeTools,
  jobId: number,
  judgements: readonly Judgement[],
): void {
  try {
    for (const judgement of judgements) {
      const frame = store.frames.judge(jobId, judgement);
      if (frame) announcer.frame(jobId, frame);
    }
  } catch (error) {
    onFault(error);
  }
}

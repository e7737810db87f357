import { shownJob, type AppState } from '../app-store';
import { type FrameTable, rowOf } from '../model/host-model';
import { inRange, WHOLE_RANGE, type PlayRange } from '../model/playback';
import { listOfFrames, type TimelineCells } from '../model/timeline-cells';
import { pictureKey } from './picture-key';
import type { PlaySource } from './player';

/** Milliseconds between two listings of what there is: a job of a million frames takes a while each time. */
const LIST_EVERY = 250;

type ReadyTable = Extract<FrameTable, { kind: 'ready' }>;

/** The range that is set for the job shown. */
export function shownRange(state: AppState): PlayRange {
  const job = shownJob(state);
  return state.playRange && state.playRange.jobId === job?.id ? state.playRange.range : WHOLE_RANGE;
}

/** Whether the job shown has images. */
export function isPlayable(state: AppState): boolean {
  const frames = shownJob(state)?.frames;
  return frames !== undefined && frames.done + frames.skipped > 0;
}

/**
 * What is there to be played of the job shown; null without a job, or while its frames are on their way. The list of
 * frames stays the same object while nothing about it changes.
 */
export function createPlaySource(getState: () => AppState): () => PlaySource | null {
  let listed: { table: ReadyTable; range: PlayRange; skipGaps: boolean; frames: TimelineCells; at: number } | null =
    null;
  return () => {
    const state = getState();
    const job = shownJob(state);
    const table = job ? state.model.frames.get(job.id) : undefined;
    if (!job || table?.kind !== 'ready') return null;
    const { loop, skipGaps } = state.view.playback;
    const range = shownRange(state);
    const now = performance.now();
    const same = listed !== null && listed.range === range && listed.skipGaps === skipGaps;
    if (!listed || !same || (listed.table !== table && now - listed.at > LIST_EVERY)) {
      const numbers = listFrames(table, skipGaps);
      // Where nothing has come, playback goes on undisturbed.
      const frames = same && isSame(listed!.frames, numbers, range) ? listed!.frames : inRange(numbers, range);
      listed = { table, range, skipGaps, frames, at: now };
    }
    return {
      jobId: job.id,
      fps: job.settings.fps,
      width: job.settings.width,
      height: job.settings.height,
      format: job.settings.format,
      loop,
      frames: listed.frames,
      keyOf(frame) {
        const row = rowOf(table, frame);
        return row === undefined || row.file === null
          ? null
          : pictureKey({ jobId: job.id, frame, writtenAt: row.writtenAt });
      },
    };
  };
}

function isSame(frames: TimelineCells, numbers: TimelineCells, range: PlayRange): boolean {
  return range === WHOLE_RANGE && frames.count === numbers.count && frames.frameAt(0) === numbers.frameAt(0);
}

function listFrames({ list }: ReadyTable, skipGaps: boolean): TimelineCells {
  const numbers: number[] = [];
  for (const { frame, file } of list) if (!skipGaps || file !== null) numbers.push(frame);
  return listOfFrames(numbers.sort((a, b) => a - b));
}

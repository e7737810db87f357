import type { FailureCode } from '../../shared/failures';
import type { Frame } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';

/** One cause for which frames of a job failed. */
export interface FailureCause {
  readonly code: FailureCode | null;
  /** In words, as the first of them tells it. */
  readonly reason: string;
  /** Ascending. */
  readonly frames: readonly number[];
}

/** Causes that are listed; what goes beyond them is not read one by one. */
export const MAX_CAUSES = 20;

/** The failed frames of a job by what they failed of, the most frequent cause first. */
export function failureCauses(frames: Iterable<Frame>): FailureCause[] {
  const causes = new Map<string, { code: FailureCode | null; reason: string; frames: number[] }>();
  for (const { frame, state, reason, failure } of frames) {
    if (state !== 'failed') continue;
    const key = `${failure} ${withoutNumber(reason ?? '', frame)}`;
    const cause = causes.get(key);
    if (cause) cause.frames.push(frame);
    else causes.set(key, { code: failure, reason: reason ?? t('No reason was given.'), frames: [frame] });
  }
  for (const cause of causes.values()) cause.frames.sort((a, b) => a - b);
  return [...causes.values()].sort((a, b) => b.frames.length - a.frames.length);
}

/** Sentences name their own frame; the rest of them is what they have in common. */
function withoutNumber(reason: string, frame: number): string {
  return reason.replaceAll(new RegExp(`(?<!\\d)0*${Math.abs(frame)}(?!\\d)`, 'g'), '#');
}

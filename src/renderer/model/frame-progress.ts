import type { FrameInWork } from '../../shared/frame-in-work';
import { t } from '../../shared/texts/translate';
import { formatAbout, formatBytes, formatDuration, formatSeconds } from './format';

/** A line of what is known of a frame in work. */
export interface ProgressFact {
  readonly label: string;
  readonly value: string;
  /** How much of it is done, from 0 to 1; null where that is not what it tells. */
  readonly share: number | null;
}

/** What is known of a frame in work; nothing is said of what is not known. */
export function progressFacts(frame: FrameInWork): ProgressFact[] {
  const { seconds, sample, samples, secondsLeft, memoryBytes, lastSeconds } = frame;
  const facts: ProgressFact[] = [{ label: t('Elapsed'), value: formatDuration(Math.floor(seconds)), share: null }];
  if (sample !== null && samples !== null && samples > 0)
    facts.push({
      label: t('Sample'),
      value: t('{sample} of {samples}', { sample, samples }),
      share: Math.min(1, Math.max(0, sample / samples)),
    });
  if (secondsLeft !== null) facts.push({ label: t('Time left'), value: formatAbout(secondsLeft), share: null });
  if (memoryBytes !== null) facts.push({ label: t('Memory'), value: formatBytes(memoryBytes), share: null });
  if (lastSeconds !== null) facts.push({ label: t('Last try took'), value: formatSeconds(lastSeconds), share: null });
  return facts;
}

interface Try {
  readonly attempt: number;
  readonly lines: readonly string[];
}

/** The logs of a frame's tries with that of the try in work last, in place of what was kept under its number. */
export function withLiveLog<T extends Try>(kept: readonly T[], live: FrameInWork | null): readonly Try[] {
  if (live === null || live.log.length === 0) return kept;
  return [...kept.filter(({ attempt }) => attempt !== live.attempt), { attempt: live.attempt, lines: live.log }];
}

import { formatFrameRange } from '../../shared/frame-range';
import type { Job } from '../../shared/jobs';
import { counted } from './describe-job';
import type { JobOutcome } from './follow-job';
import { printable } from './table';
import { type Terminal, printJson } from './terminal';

/** Number of reasons, warnings or suspicions printed before referring to “framegauge job”. */
const MAX_LISTED = 5;

/** Reports a job's result: its images on standard output, every problem on standard error. */
export function report(outcome: JobOutcome, json: boolean, { out, err }: Pick<Terminal, 'out' | 'err'>): void {
  if (json) printJson({ out }, outcome);
  else if (outcome.state === 'completed') out.write(`${summaryOf(outcome)}\n`);
  for (const line of troublesOf(outcome)) err.write(`${line.replace(/\S.*/su, printable)}\n`);
}

function summaryOf({ frames, seconds }: JobOutcome): string {
  const skipped =
    frames.skipped > 0
      ? `, ${frames.skipped} skipped because they are there already (--overwrite renders them again)`
      : '';
  return `${frames.done} of ${counted(frames.total, 'frame')} rendered in ${seconds.toFixed(1)} s${skipped}.`;
}

function troublesOf(outcome: JobOutcome): string[] {
  const lines: string[] = [];
  const list = (entries: readonly string[]): void => {
    lines.push(...entries.slice(0, MAX_LISTED).map((entry) => `  ${entry}`));
    if (entries.length > MAX_LISTED)
      lines.push(`  … and ${entries.length - MAX_LISTED} more: framegauge job ${outcome.job}`);
  };
  if (outcome.state !== 'completed') {
    lines.push(`Job ${outcome.job} ${ENDS[outcome.state]}: ${outcome.reason ?? 'no reason was given'}`);
  } else if (outcome.frames.failed > 0) {
    lines.push(
      `Job ${outcome.job} completed with failures: ${counted(outcome.frames.failed, 'frame')} failed. “framegauge requeue ${outcome.job}” tries them again.`,
    );
    list(byText(outcome.failed.map(({ frame, reason }) => [frame, reason ?? 'no reason was given'])));
  }
  if (outcome.suspicious.length > 0) {
    lines.push(`${counted(outcome.suspicious.length, 'image')} should be looked at:`);
    list(byText(outcome.suspicious.map(({ frame, suspicion }) => [frame, suspicion])));
  }
  if (outcome.warnings.length > 0) {
    lines.push(outcome.warnings.length === 1 ? 'A warning:' : 'Warnings:');
    list(outcome.warnings);
  }
  return lines;
}

const ENDS: Readonly<Record<Job['state'], string>> = {
  queued: 'has not begun',
  rendering: 'is not done',
  paused: 'is paused',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'was cancelled',
};

/** Frames with the same text share one line. */
function byText(entries: readonly (readonly [number, string])[]): string[] {
  const frames = new Map<string, number[]>();
  for (const [frame, text] of entries) frames.set(text, [...(frames.get(text) ?? []), frame]);
  return [...frames].map(([text, numbers]) => `frame ${formatFrameRange(numbers.sort((a, b) => a - b))}: ${text}`);
}

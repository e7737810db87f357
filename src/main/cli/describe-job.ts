import { formatFrameRange } from '../../shared/frame-range';
import { imageFormats } from '../../shared/image-format';
import { FINAL_JOB_STATES } from '../../shared/job-constants';
import type { Frame, Job, QueueInfo } from '../../shared/jobs';
import { formatDuration } from './progress';
import { type Colour, type Column, type Layout, paint, printable, table } from './table';

/** A job's state for display: a completed job may still lack frames. */
export function stateOf(job: Job): string {
  return job.state === 'completed' && job.frames.failed > 0 ? 'with failures' : job.state;
}

function colourOf(job: Job): Colour | null {
  if (job.state === 'completed') return job.frames.failed > 0 ? 'yellow' : 'green';
  return { queued: null, rendering: 'cyan', paused: 'yellow', failed: 'red', cancelled: 'gray' }[
    job.state
  ] as Colour | null;
}

/** “1 frame”, “2 frames”. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bytes in human-readable form, in powers of ten like disk sizes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, 'byte');
  let value = bytes;
  let unit = '';
  for (const next of ['kB', 'MB', 'GB', 'TB']) {
    if (value < 1_000) break;
    value /= 1_000;
    unit = next;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}

/** A time as `22:00` on the same day, else with its date; local time. */
export function formatTime(at: number, now: number = Date.now()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = new Date(at);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  if (time.toDateString() === new Date(now).toDateString()) return clock;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}

/** Remaining time: `12:30`, or `12:30 to 15:00` where the 90th percentile is known too. */
export function formatLeft(secondsLeft: number | null, secondsLeftP90: number | null): string {
  if (secondsLeft === null) return '';
  const likely = formatDuration(secondsLeft);
  const safe = secondsLeftP90 === null ? likely : formatDuration(secondsLeftP90);
  return likely === safe ? likely : `${likely} to ${safe}`;
}

/** Everything worth knowing about a job besides its numbers. */
function noteOf(job: Job): string {
  const notes: string[] = [];
  if (job.reason !== null) notes.push(job.reason);
  if (job.waitsFor !== null) notes.push(`waits for ${job.waitsFor}`);
  else if (job.startAt !== null && job.startAt > Date.now() && job.state === 'queued')
    notes.push(`not before ${formatTime(job.startAt)}`);
  if (job.suspicious > 0) notes.push(`${counted(job.suspicious, 'suspicious image')}`);
  if (job.warnings.length > 0)
    notes.push(job.warnings.length === 1 ? job.warnings[0]! : counted(job.warnings.length, 'warning'));
  return notes.join(' · ');
}

function framesOf(job: Job): string {
  const { done, skipped, total } = job.frames;
  return `${done + skipped}/${total}`;
}

const columns: readonly Column<Job>[] = [
  { title: 'ID', text: (job) => String(job.id), align: 'right' },
  { title: 'State', text: stateOf, colour: colourOf },
  { title: 'Name', text: (job) => job.name, least: 8 },
  { title: 'Frames', text: framesOf, align: 'right' },
  { title: 'Priority', text: (job) => (job.priority === 0 ? '' : String(job.priority)), align: 'right' },
  {
    title: 'Frames/min',
    text: (job) => (job.framesPerMinute === null || job.state !== 'rendering' ? '' : job.framesPerMinute.toFixed(1)),
    align: 'right',
  },
  {
    title: 'Left',
    text: (job) =>
      FINAL_JOB_STATES.includes(job.state) || job.secondsLeft === null ? '' : formatDuration(job.secondsLeft),
    align: 'right',
  },
  { title: 'Ended', text: (job) => (job.finishedAt === null ? '' : formatTime(job.finishedAt)) },
  { title: 'Note', text: noteOf, least: 12 },
];

/** Jobs as a table, one line each. */
export function jobTable(jobs: readonly Job[], layout: Layout): string[] {
  return table(jobs, columns, layout);
}

/**
 * One line about a job: what it is and its progress. @param warnings whether to append them; otherwise the caller
 * prints them on lines of their own
 */
export function jobLine(job: Job, warnings: 'with-warnings' | 'without-warnings' = 'with-warnings'): string {
  const note = noteOf(warnings === 'with-warnings' ? job : { ...job, warnings: [] });
  return `Job ${job.id} (${printable(job.name)}): ${stateOf(job)}, ${framesOf(job)} frames${note === '' ? '' : `; ${printable(note)}`}`;
}

/** What a new job renders, and to which files. */
export function outputLine({ frames, settings }: Job): string {
  return `  ${counted(frames.total, 'frame')} (${settings.frames}) to ${printable(settings.output)}`;
}

/** One line about the queue as a whole. */
export function queueLine(queue: QueueInfo): string {
  const state = {
    running: 'The queue runs',
    'after-frame': 'The queue pauses when the frames in work are done',
    'after-job': 'The queue pauses when the job in work is done',
    paused: 'The queue is paused',
  }[queue.state];
  const left = formatLeft(queue.secondsLeft, queue.secondsLeftP90);
  return `${state}${queue.reason === null ? '' : ` (${printable(queue.reason)})`}${left === '' ? '' : `; ${left} left`}.`;
}

/** Frames of a job that need attention. */
export interface Troubles {
  readonly failed: readonly Frame[];
  readonly suspicious: readonly Frame[];
}

/** The details of a job as lines for a terminal. */
export function jobDetails(job: Job, { failed, suspicious }: Troubles, layout: Layout): string[] {
  const { settings, frames } = job;
  const size = settings.imageSize ?? settings;
  const facts: [string, string | null][] = [
    ['Reason', job.reason],
    ['Waits for', job.waitsFor],
    ['Note', job.note === '' ? null : job.note],
    ['Scene', `${settings.scene}${settings.sceneName === null ? '' : `, scene “${settings.sceneName}”`}`],
    [
      'Engine',
      [settings.installation ?? job.engine, settings.renderEngine, settings.device]
        .filter((part) => part !== null)
        .join(', '),
    ],
    ['Frames', `${settings.frames}${settings.order === 'sequence' ? '' : ` (${settings.order})`}`],
    [
      'Images',
      `${size.width} × ${size.height}, ${counted(settings.samples, 'sample')}, ${imageFormats[settings.format].name}${settings.camera === null ? '' : `, camera “${settings.camera}”`}${settings.transparent === null ? '' : settings.transparent ? ', transparent' : ', opaque'}`,
    ],
    ['Animations', settings.animations?.map((name) => `“${name}”`).join(', ') ?? null],
    [
      'Output',
      `${settings.output}${settings.overwrite ? ' (overwrites)' : settings.keepExisting ? ' (keeps what is there)' : ''}`,
    ],
    ['Progress', progressOf(job)],
    ['Priority', job.priority === 0 ? null : String(job.priority)],
    ['After', job.after.length === 0 ? null : job.after.map((id) => `job ${id}`).join(', ')],
    ['Not before', job.startAt === null ? null : formatTime(job.startAt)],
    ['Machines', job.machines.length === 0 ? null : job.machines.join(', ')],
    ['Tags', settings.tags.length === 0 ? null : settings.tags.join(', ')],
    ['Blocked', settings.blockedMachines.length === 0 ? null : settings.blockedMachines.join(', ')],
    ['At once', settings.maxMachines === null ? null : `at most ${counted(settings.maxMachines, 'machine')}`],
    ['Workers', settings.workers === null ? null : `at most ${settings.workers}`],
    [
      'Blender',
      [
        settings.allowScripts ? 'scripts of the file may run' : null,
        settings.factoryStartup ? 'factory settings' : null,
      ]
        .filter((part) => part !== null)
        .join(', ') || null,
    ],
    [
      'Failures',
      `${counted(settings.attempts, 'try').replace('trys', 'tries')} a frame; fails with more than ${Math.round(settings.failureShare * 1000) / 10} % of its frames`,
    ],
    ['Added', formatTime(job.createdAt)],
    ['Started', job.startedAt === null ? null : formatTime(job.startedAt)],
    [
      'Ended',
      job.finishedAt === null
        ? null
        : `${formatTime(job.finishedAt)}${job.startedAt === null ? '' : ` (${formatDuration((job.finishedAt - job.startedAt) / 1000)} after its start)`}`,
    ],
    ['Pace', job.framesPerMinute === null ? null : `${job.framesPerMinute.toFixed(1)} frames/min`],
    [
      'Time left',
      FINAL_JOB_STATES.includes(job.state) ? null : formatLeft(job.secondsLeft, job.secondsLeftP90) || null,
    ],
  ];
  const lines = [
    `${paint(`Job ${job.id}`, 'bold', layout)}  ${printable(job.name)}  ${paint(stateOf(job), colourOf(job), layout)}`,
  ];
  for (const [name, value] of facts)
    if (value !== null) lines.push(`  ${paint(name.padEnd(10), 'gray', layout)}  ${printable(value)}`);
  const section = (title: string, entries: readonly string[]): void => {
    if (entries.length === 0) return;
    lines.push('', paint(title, 'bold', layout), ...entries.map((entry) => `  ${printable(entry)}`));
  };
  section('Warnings', job.warnings);
  section(
    `Failed frames (${frames.failed})`,
    troubleLines(
      failed,
      (frame) =>
        `${frame.reason ?? 'no reason was given'} (${frame.attempts === 1 ? 'tried once' : `tried ${frame.attempts} times`}${frame.machine === null ? '' : `, last on ${frame.machine}`})`,
    ),
  );
  section(
    `Suspicious images (${job.suspicious})`,
    troubleLines(suspicious, (frame) => frame.suspicion ?? ''),
  );
  return lines;
}

function progressOf({ frames }: Job): string {
  const parts = [`${frames.done} of ${counted(frames.total, 'frame')} rendered`];
  if (frames.skipped > 0) parts.push(`${frames.skipped} skipped`);
  if (frames.failed > 0) parts.push(`${frames.failed} failed`);
  if (frames.rendering > 0) parts.push(`${frames.rendering} in work`);
  if (frames.waiting > 0) parts.push(`${frames.waiting} waiting`);
  return parts.join(', ');
}

/** Frames grouped by problem, so that a hundred frames with the same reason take one line. */
function troubleLines(frames: readonly Frame[], what: (frame: Frame) => string): string[] {
  const byTrouble = new Map<string, number[]>();
  for (const frame of frames) {
    const trouble = what(frame);
    byTrouble.set(trouble, [...(byTrouble.get(trouble) ?? []), frame.frame]);
  }
  return [...byTrouble].map(([trouble, numbers]) => `${formatFrameRange(numbers.sort((a, b) => a - b))}: ${trouble}`);
}

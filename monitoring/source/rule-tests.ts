import type { AlertName } from './alert-rules';
import type { SeriesName } from './metric';

/** Input series of one case: name and labels, and promtool’s notation of one value each minute. */
export type InputSeries = readonly [name: SeriesName, labels: Readonly<Record<string, string>>, values: string];

/** A case that is almost one for the alert. */
export interface QuietCase {
  readonly because: string;
  readonly input: readonly InputSeries[];
}

/** What one alert does in a case that concerns it, and in one or more that are almost like it. */
export interface AlertCase {
  readonly quietBecause: string;
  /** When they are looked at. */
  readonly at: string;
  readonly firing: readonly InputSeries[];
  readonly quiet: readonly InputSeries[];
  readonly alsoQuiet?: readonly QuietCase[];
  /** Of the alert: labels beside job and instance, and its texts as a person gets them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** One value for each minute: `steady(1, 60)` is 1 for an hour, `rising(0, 2, 60)` grows by 2 a minute. */
const steady = (value: number, minutes: number): string => `${value}x${minutes}`;
const rising = (from: number, step: number, minutes: number): string =>
  `${from}${step < 0 ? '' : '+'}${step}x${minutes}`;
const gltf = { engine: 'gltf' };
const shot = { mountpoint: '/shots' };
const node = (name: string): { machine: string } => ({ machine: name });
const GIB = 2 ** 30;

/** Frames of so many seconds, as many a minute as one worker makes of them. */
function frames(seconds: number, minutes: number): InputSeries[] {
  return [
    ['framegauge_frame_duration_seconds_sum', gltf, rising(0, 60, minutes)],
    ['framegauge_frame_duration_seconds_count', gltf, rising(0, 60 / seconds, minutes)],
  ];
}

/** Frames of so many seconds on a machine, one a minute. */
function framesOn(name: string, seconds: number, minutes: number): InputSeries[] {
  return [
    ['framegauge_machine_frame_seconds_total', node(name), rising(0, seconds, minutes)],
    ['framegauge_machine_frames_rendered_total', node(name), rising(0, 1, minutes)],
  ];
}

/** The program started with the time of the tests: at 0. */
const started: InputSeries = ['framegauge_start_time_seconds', {}, steady(0, 2000)];

/** promtool evaluates each of these against the real rules; the compiler wants both cases for every alert. */
export const alertCases: Readonly<Record<AlertName, AlertCase>> = {
  FramegaugeLostWhileRendering: {
    quietBecause: 'the host had nothing to render when it was last heard from',
    at: '15m',
    firing: [
      ['up', {}, '1x9 0x20'],
      ['framegauge_renders_active', {}, '1x9 stale'],
    ],
    quiet: [
      ['up', {}, '1x9 0x20'],
      ['framegauge_renders_active', {}, '1x8 0 stale'],
    ],
    alsoQuiet: [
      {
        because: 'it is not scraped for one minute only',
        input: [
          ['up', {}, '1x13 0 1x20'],
          ['framegauge_renders_active', {}, '1x13 stale 1x20'],
        ],
      },
    ],
    labels: { severity: 'critical' },
    summary: 'box:8000 was rendering and does not answer any more',
    description:
      'Prometheus has not reached box:8000 for 2 minutes, and the last that was heard from it is that it rendered. The program or the machine has probably stopped, or the network is cut. Look whether the machine is on, then start Framegauge again: it goes on with the unfinished jobs and keeps every finished frame.',
  },
  FramegaugeTargetDown: {
    quietBecause: 'it answers again after 3 minutes',
    at: '20m',
    firing: [
      ['up', {}, '1x9 0x20'],
      ['framegauge_renders_active', {}, '0x9 stale'],
    ],
    quiet: [['up', {}, '1x9 0x2 1x20']],
    labels: { severity: 'warning' },
    summary: 'box:8000 does not answer',
    description:
      'Prometheus has not reached box:8000 for 5 minutes; when it was last heard from, it rendered nothing. Start Framegauge, switch its Prometheus add-on on, and compare the address in the add-on’s panel with the target in Prometheus. If the machine is off on purpose, take it out of the targets.',
  },
  FramegaugeHostSilent: {
    quietBecause: 'the host answers',
    at: '10m',
    firing: [['framegauge_up', {}, '1x5 0x10']],
    quiet: [['framegauge_up', {}, steady(1, 20)]],
    labels: { severity: 'warning' },
    summary: 'Framegauge on box:8000 does not answer its metrics add-on',
    description:
      'The metrics server of box:8000 runs, but the host behind it has not answered for 2 minutes, so its figures are missing. See the host’s log; if the window hangs too, restart Framegauge.',
  },
  FramegaugeStalled: {
    quietBecause: 'the last frame is old, but the job has only begun',
    at: '40m',
    firing: [
      started,
      ['framegauge_renders_active', {}, steady(1, 60)],
      ['framegauge_last_frame_age_seconds', {}, `0x20 ${rising(60, 60, 40)}`],
      ...frames(60, 20),
    ],
    quiet: [
      started,
      ['framegauge_renders_active', {}, '1x20 0x13 1x20'],
      ['framegauge_last_frame_age_seconds', {}, `0x20 ${rising(60, 60, 40)}`],
      ...frames(60, 20),
    ],
    alsoQuiet: [
      {
        because: 'frames usually take 5 minutes, and the last one is 20 minutes old',
        input: [
          started,
          ['framegauge_renders_active', {}, steady(1, 60)],
          ['framegauge_last_frame_age_seconds', {}, `0x20 ${rising(60, 60, 40)}`],
          ...frames(300, 20),
        ],
      },
      {
        because: 'nothing renders',
        input: [
          started,
          ['framegauge_renders_active', {}, steady(0, 60)],
          ['framegauge_last_frame_age_seconds', {}, `0x20 ${rising(60, 60, 40)}`],
          ...frames(60, 20),
        ],
      },
      {
        because: 'the program was started 5 minutes ago, and no frame was rendered yet',
        input: [
          ['framegauge_start_time_seconds', {}, `_x35 ${steady(35 * 60, 20)}`],
          ['framegauge_renders_active', {}, `_x35 ${steady(1, 20)}`],
        ],
      },
    ],
    labels: { severity: 'critical' },
    summary: 'box:8000 renders, but no frame has come for 20m 0s',
    description:
      'A job is rendering on box:8000 and no frame was written for 20m 0s: longer than 10 minutes and than five times the usual frame time. A worker hangs, or the frames have become far heavier. Look at the workers and at the last frame; cancel and submit the job again if it does not move. Finished frames stay.',
  },
  FramegaugeJobFailed: {
    quietBecause: 'jobs failed long ago',
    at: '50m',
    firing: [['framegauge_jobs_failed_total', {}, '0x40 1x20']],
    quiet: [['framegauge_jobs_failed_total', {}, '0x5 2x60']],
    labels: { severity: 'critical' },
    summary: 'A job failed on box:8000',
    description:
      'A job on box:8000 failed within the past 30 minutes: it has ended, and frames are missing. The queue says why; mend the cause and submit the job again, and only the missing frames are rendered.',
  },
  FramegaugeFramesFailing: {
    quietBecause: 'one frame in a hundred fails',
    at: '60m',
    firing: [
      ['framegauge_frames_rendered_total', gltf, rising(0, 9, 60)],
      ['framegauge_frames_failed_total', { ...gltf, reason: 'crash' }, rising(0, 1, 60)],
      ['framegauge_frames_failed_total', { ...gltf, reason: 'render' }, steady(0, 60)],
    ],
    quiet: [
      ['framegauge_frames_rendered_total', gltf, rising(0, 99, 60)],
      ['framegauge_frames_failed_total', { ...gltf, reason: 'crash' }, rising(0, 1, 60)],
    ],
    labels: { severity: 'warning' },
    summary: '10% of the frames on box:8000 fail',
    description:
      'Of the frames that ended on box:8000 in the past 30 minutes, 10% were given up after several tries. The panel “Frames given up” shows the reason: crash and timeout point to memory or the graphics driver, output to the disk, render to the scene.',
  },
  FramegaugeNoWorker: {
    quietBecause: 'a worker is at work',
    at: '20m',
    firing: [
      ['framegauge_jobs', { state: 'queued' }, steady(2, 30)],
      ['framegauge_jobs', { state: 'rendering' }, steady(2, 30)],
      ['framegauge_jobs', { state: 'paused' }, steady(4, 30)],
      ['framegauge_worker_state', { worker: '1', ...gltf, state: 'starting' }, steady(1, 30)],
      ['framegauge_worker_state', { worker: '1', ...gltf, state: 'idle' }, steady(0, 30)],
      ['framegauge_queue_paused', {}, steady(0, 30)],
    ],
    quiet: [
      ['framegauge_jobs', { state: 'rendering' }, steady(2, 30)],
      ['framegauge_worker_state', { worker: '1', ...gltf, state: 'rendering' }, steady(1, 30)],
    ],
    alsoQuiet: [
      {
        because: 'somebody paused the queue, or the program holds it',
        input: [
          ['framegauge_jobs', { state: 'rendering' }, steady(1, 30)],
          ['framegauge_queue_paused', {}, steady(1, 30)],
        ],
      },
      {
        because: 'its jobs are to begin later',
        input: [
          ['framegauge_jobs', { state: 'queued' }, steady(2, 30)],
          ['framegauge_jobs', { state: 'rendering' }, steady(0, 30)],
          ['framegauge_queue_paused', {}, steady(0, 30)],
        ],
      },
    ],
    labels: { severity: 'critical' },
    summary: 'box:8000 has jobs waiting and no worker',
    description:
      '2 jobs have begun on box:8000 and wait: no worker has been ready for 5 minutes. Workers cannot start: see the host’s log for why (no browser for glTF scenes, no Blender, no memory), and check the number of workers in the preferences.',
  },
  FramegaugeWorkersRestarting: {
    quietBecause: 'workers are replaced for another scene',
    at: '30m',
    firing: [
      ['framegauge_worker_restarts_total', { worker: '1', reason: 'memory' }, rising(0, 1, 40)],
      ['framegauge_worker_restarts_total', { worker: '2', reason: 'crash' }, steady(0, 40)],
    ],
    quiet: [['framegauge_worker_restarts_total', { worker: '1', reason: 'scene' }, rising(0, 1, 40)]],
    labels: { severity: 'warning' },
    summary: 'Workers on box:8000 keep dying',
    description:
      'Workers on box:8000 had to be replaced 15 times in the past 15 minutes. Their frames are tried again, but time is lost and frames may be given up. The panel “Restarts by reason” says why; memory is the usual cause: use fewer workers.',
  },
  FramegaugeDiskFull: {
    quietBecause: 'it takes a day to fill the disk',
    at: '90m',
    firing: [['framegauge_volume_free_bytes', shot, rising(100 * GIB, -GIB / 2, 100)]],
    quiet: [['framegauge_volume_free_bytes', shot, rising(800 * GIB, -GIB / 2, 100)]],
    labels: { severity: 'warning', ...shot },
    summary: '/shots on box:8000 will be full within 6 hours',
    description:
      'At the pace of the past hour, /shots on box:8000, where images go, has no space left within 6 hours. The queue holds itself then, and renders nothing. Free space, or send the next jobs elsewhere.',
  },
  FramegaugeDiskAlmostFull: {
    quietBecause: 'a tenth is free',
    at: '10m',
    firing: [
      ['framegauge_volume_free_bytes', shot, steady(GIB, 20)],
      ['framegauge_volume_size_bytes', shot, steady(100 * GIB, 20)],
    ],
    quiet: [
      ['framegauge_volume_free_bytes', shot, steady(10 * GIB, 20)],
      ['framegauge_volume_size_bytes', shot, steady(100 * GIB, 20)],
    ],
    labels: { severity: 'critical', ...shot },
    summary: '/shots on box:8000 is almost full',
    description:
      'Only 1% of /shots on box:8000, where images go, is free. Free space now: the queue holds itself when there is no room, and renders nothing.',
  },
  FramegaugeQueueHeld: {
    quietBecause: 'somebody paused the queue',
    at: '10m',
    firing: [['framegauge_queue_held', {}, '0x5 1x20']],
    quiet: [
      ['framegauge_queue_held', {}, steady(0, 20)],
      ['framegauge_queue_paused', {}, steady(1, 20)],
    ],
    labels: { severity: 'critical' },
    summary: 'The queue on box:8000 holds itself',
    description:
      'The queue on box:8000 starts no frame, because something cannot be written (its output, the temporary folder or the database) or an output is not mounted. No frame is lost. The queue’s reason says what: see to that, and it goes on by itself.',
  },
  FramegaugeFramesSuspicious: {
    quietBecause: 'no frame looks wrong',
    at: '15m',
    firing: [['framegauge_queue_frames_suspicious', {}, '0x5 3x20']],
    quiet: [['framegauge_queue_frames_suspicious', {}, steady(0, 20)]],
    labels: { severity: 'info' },
    summary: '3 frames on box:8000 look wrong',
    description:
      '3 frames of unfinished jobs on box:8000 are empty, or were rendered suspiciously fast. They count as rendered. Look at them before the rest of the night goes the same way: a missing light, camera or library is the usual cause.',
  },
  FramegaugeFramesSlow: {
    quietBecause: 'frames have always taken that long',
    at: '150m',
    firing: [
      ['framegauge_frame_duration_seconds_sum', gltf, rising(0, 60, 200)],
      ['framegauge_frame_duration_seconds_count', gltf, `0+6x120 ${rising(720 + 2, 2, 80)}`],
    ],
    quiet: frames(30, 200),
    labels: { severity: 'info' },
    summary: 'Frames on box:8000 take 3.0 times as long as usual',
    description:
      'Over the past 10 minutes a frame on box:8000 took 3.0 times as long as over the 6 hours before. It may be a heavier scene; otherwise look for another program that uses the machine, for heat, and for memory that is swapped out.',
  },
  FramegaugeMachineCutOff: {
    quietBecause: 'it was cut off for 3 minutes only',
    at: '20m',
    firing: [
      ['framegauge_machine_up', node('node-7'), '1x5 0x20'],
      ['framegauge_machine_up', node('node-8'), steady(1, 30)],
    ],
    quiet: [['framegauge_machine_up', node('node-7'), '1x14 0x2 1x10']],
    alsoQuiet: [
      {
        because: 'it was taken out of the farm',
        input: [['framegauge_machine_up', node('node-7'), '1x5 0x2 stale']],
      },
    ],
    labels: { severity: 'warning', ...node('node-7') },
    summary: 'The machine node-7 is cut off from the farm of box:8000',
    description:
      'The machine node-7 has not been heard from for 5 minutes, or it does not reach the ticket queue of box:8000. Its frames were handed to other machines. Look whether it is on and “framegauge machine” runs there; if it is gone for good, take it out of the farm.',
  },
  FramegaugeFarmQueueAway: {
    quietBecause: 'the queue was started again within a minute',
    at: '10m',
    firing: [['framegauge_farm_queue_up', {}, '1x5 0x10']],
    quiet: [['framegauge_farm_queue_up', {}, '1x8 0 1x10']],
    labels: { severity: 'critical' },
    summary: 'The ticket queue of the farm on box:8000 is away',
    description:
      'box:8000 has not reached the Redis of its farm for 2 minutes, so machines get no new frames. None is lost: those in work are delivered. Look whether that server runs and has memory and disk left; the notices of the host say why.',
  },
  FramegaugeDeliveriesRefused: {
    quietBecause: 'a single file came too late',
    at: '40m',
    firing: [['framegauge_machine_deliveries_refused_total', node('node-7'), `0x20 ${rising(1, 1, 20)}`]],
    quiet: [['framegauge_machine_deliveries_refused_total', node('node-7'), '0x20 1x20']],
    labels: { severity: 'warning', ...node('node-7') },
    summary: 'The machine node-7 delivers too late',
    description:
      'In the past 30 minutes 20 files of the machine node-7 were refused by box:8000: their frames had been handed to others meanwhile. It was stopped, slept, or its network was cut for a time; what it rendered was for nothing.',
  },
  FramegaugeMachineSlow: {
    quietBecause: 'all machines take about as long',
    at: '100m',
    firing: [...framesOn('node-6', 10, 120), ...framesOn('node-7', 30, 120), ...framesOn('node-8', 10, 120)],
    quiet: [...framesOn('node-6', 10, 120), ...framesOn('node-7', 15, 120), ...framesOn('node-8', 10, 120)],
    alsoQuiet: [
      {
        because: 'there are two machines, of which none is in the middle',
        input: [...framesOn('node-6', 10, 120), ...framesOn('node-7', 50, 120)],
      },
    ],
    labels: { severity: 'info', ...node('node-7') },
    summary: 'The machine node-7 takes 3.0 times as long as its peers',
    description:
      'Over the past hour a frame on the machine node-7 of box:8000 took 3.0 times as long as on the machine in the middle. It may have older hardware, or had the heavier scene; otherwise look for another program that uses it, for heat, and for a graphics driver that renders in software.',
  },
  FramegaugeMetricsFellBack: {
    quietBecause: 'it fell back for 3 minutes only',
    at: '20m',
    firing: [['framegauge_exporter_fallback', {}, '0x5 1x20']],
    quiet: [['framegauge_exporter_fallback', {}, '0x14 1x2 0x10']],
    labels: { severity: 'warning' },
    summary: 'The metrics of box:8000 are served on another address than asked for',
    description:
      'The metrics server of box:8000 could not have the Address:port in its preferences and serves elsewhere. The add-on’s panel says why: mostly another program has the port, or the address is misspelt. Rendering is not affected.',
  },
  FramegaugeMetricsWidened: {
    quietBecause: 'it serves on the address that was asked for',
    at: '10m',
    firing: [['framegauge_exporter_widened', {}, '0x5 1x20']],
    quiet: [['framegauge_exporter_widened', {}, '0x20']],
    labels: { severity: 'warning' },
    summary: 'Every machine of the network can read the metrics of box:8000 now',
    description:
      'The metrics server of box:8000 could not have the Address:port in its preferences, which asked for less, and serves on every address of the machine. Free the address, or set the add-on’s preference Fallback to loopback or none.',
  },
  FramegaugeAddonFailed: {
    quietBecause: 'the add-on is off because somebody switched it off',
    at: '10m',
    firing: [
      ['framegauge_addon_state', { addon: 'frame-log', state: 'failed' }, steady(1, 20)],
      ['framegauge_addon_state', { addon: 'frame-log', state: 'running' }, steady(0, 20)],
    ],
    quiet: [
      ['framegauge_addon_state', { addon: 'frame-log', state: 'failed' }, steady(0, 20)],
      ['framegauge_addon_state', { addon: 'frame-log', state: 'off' }, steady(1, 20)],
    ],
    labels: { severity: 'info', addon: 'frame-log', state: 'failed' },
    summary: 'The add-on frame-log on box:8000 has failed',
    description:
      'The add-on frame-log on box:8000 is off because it failed. Rendering goes on without it. Preferences → Add-ons shows the reason and its log; tick its box to try again.',
  },
};

import { SCRAPE_JOB, series } from './metric';
import type { RecordName } from './recording-rules';

/** A rule that calls somebody. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold, as Prometheus writes durations. */
  readonly for: string;
  /**
   * `critical`: the night’s render is lost unless somebody acts. `warning`: it will be, or is being damaged. `info`:
   * look at it in the morning.
   */
  readonly severity: 'critical' | 'warning' | 'info';
  /** One line for a phone’s lock screen. */
  readonly summary: string;
  /** What happened, and what to do first. */
  readonly description: string;
}

const recorded = (name: RecordName): RecordName => name;
const host = '{{ $labels.instance }}';
const machine = '{{ $labels.machine }}';
const ON = 'on (job, instance)';
const frameTime10m = recorded('instance:framegauge_frame_duration_seconds:avg10m');
const frameTime6h = recorded('instance:framegauge_frame_duration_seconds:avg6h');
const down = series('up', `job="${SCRAPE_JOB}"`) + ' == 0';
/** Mean seconds of a frame on each machine; nothing for one that has rendered fewer than five in the past hour. */
const machineFrameTime = `(increase(${series('framegauge_machine_frame_seconds_total')}[1h]) / (increase(${series('framegauge_machine_frames_rendered_total')}[1h]) >= 5))`;
/** The last that was heard from the host, in the past half day. */
const lastActive = `last_over_time(${series('framegauge_renders_active')}[12h]) > 0`;

export const alertRules = [
  {
    alert: 'FramegaugeLostWhileRendering',
    expr: `${down}\nand ${ON} ${lastActive}`,
    for: '2m',
    severity: 'critical',
    summary: `${host} was rendering and does not answer any more`,
    description:
      `Prometheus has not reached ${host} for 2 minutes, and the last that was heard from it is that it rendered. The program or the machine has probably stopped, or the network is cut. ` +
      'Look whether the machine is on, then start Framegauge again: it goes on with the unfinished jobs and keeps every finished frame.',
  },
  {
    alert: 'FramegaugeTargetDown',
    expr: `${down}\nunless ${ON} ${lastActive}`,
    for: '5m',
    severity: 'warning',
    summary: `${host} does not answer`,
    description:
      `Prometheus has not reached ${host} for 5 minutes; when it was last heard from, it rendered nothing. Start Framegauge, switch its Prometheus add-on on, and compare the address in the ` +
      'add-on’s panel with the target in Prometheus. If the machine is off on purpose, take it out of the targets.',
  },
  {
    alert: 'FramegaugeHostSilent',
    expr: `${series('framegauge_up')} == 0`,
    for: '2m',
    severity: 'warning',
    summary: `Framegauge on ${host} does not answer its metrics add-on`,
    description: `The metrics server of ${host} runs, but the host behind it has not answered for 2 minutes, so its figures are missing. See the host’s log; if the window hangs too, restart Framegauge.`,
  },
  {
    alert: 'FramegaugeStalled',
    expr: [
      recorded('instance:framegauge_without_frame_seconds:min'),
      `> ${ON}`,
      '(',
      `  (5 * ${frameTime6h} > 600)`,
      `  or ${ON}`,
      `  (0 * ${series('framegauge_renders_active')} + 600)`,
      ')',
    ].join('\n'),
    for: '1m',
    severity: 'critical',
    summary: `${host} renders, but no frame has come for {{ $value | humanizeDuration }}`,
    description:
      `A job is rendering on ${host} and no frame was written for {{ $value | humanizeDuration }}: longer than 10 minutes and than five times the usual frame time. A worker hangs, or the frames have become ` +
      'far heavier. Look at the workers and at the last frame; cancel and submit the job again if it does not move. Finished frames stay.',
  },
  {
    alert: 'FramegaugeJobFailed',
    expr: `increase(${series('framegauge_jobs_failed_total')}[30m]) > 0`,
    for: '0m',
    severity: 'critical',
    summary: `A job failed on ${host}`,
    description: `A job on ${host} failed within the past 30 minutes: it has ended, and frames are missing. The queue says why; mend the cause and submit the job again, and only the missing frames are rendered.`,
  },
  {
    alert: 'FramegaugeFramesFailing',
    expr: `${recorded('instance:framegauge_frames_failed:ratio30m')} > 0.05`,
    for: '5m',
    severity: 'warning',
    summary: `{{ $value | humanizePercentage }} of the frames on ${host} fail`,
    description:
      `Of the frames that ended on ${host} in the past 30 minutes, {{ $value | humanizePercentage }} were given up after several tries. The panel “Frames given up” shows the reason: ` +
      'crash and timeout point to memory or the graphics driver, output to the disk, render to the scene.',
  },
  {
    alert: 'FramegaugeNoWorker',
    expr: [
      // A job is rendering before its first worker starts; one that is queued may wait for its time or for another.
      `sum by (job, instance) (${series('framegauge_jobs', 'state="rendering"')}) > 0`,
      `unless ${ON}`,
      `(${series('framegauge_worker_state', 'state=~"idle|rendering"')} == 1)`,
      `unless ${ON}`,
      `(${series('framegauge_queue_paused')} == 1)`,
    ].join('\n'),
    for: '5m',
    severity: 'critical',
    summary: `${host} has jobs waiting and no worker`,
    description:
      `{{ $value }} jobs have begun on ${host} and wait: no worker has been ready for 5 minutes. Workers cannot start: see the host’s log for why (no browser for glTF scenes, no Blender, no memory), and ` +
      'check the number of workers in the preferences.',
  },
  {
    alert: 'FramegaugeWorkersRestarting',
    expr: `sum by (job, instance) (increase(${series('framegauge_worker_restarts_total', 'reason=~"exit|crash|timeout|memory"')}[15m])) > 3`,
    for: '0m',
    severity: 'warning',
    summary: `Workers on ${host} keep dying`,
    description:
      `Workers on ${host} had to be replaced {{ $value | humanize }} times in the past 15 minutes. Their frames are tried again, but time is lost and frames may be given up. ` +
      'The panel “Restarts by reason” says why; memory is the usual cause: use fewer workers.',
  },
  {
    alert: 'FramegaugeDiskFull',
    expr: `predict_linear(${series('framegauge_volume_free_bytes')}[1h], 6 * 3600) < 0`,
    for: '15m',
    severity: 'warning',
    summary: `{{ $labels.mountpoint }} on ${host} will be full within 6 hours`,
    description:
      `At the pace of the past hour, {{ $labels.mountpoint }} on ${host}, where images go, has no space left within 6 hours. The queue holds itself then, and renders nothing. Free space, or send the next ` +
      'jobs elsewhere.',
  },
  {
    alert: 'FramegaugeDiskAlmostFull',
    expr: `${series('framegauge_volume_free_bytes')} / ${series('framegauge_volume_size_bytes')} < 0.02`,
    for: '5m',
    severity: 'critical',
    summary: `{{ $labels.mountpoint }} on ${host} is almost full`,
    description: `Only {{ $value | humanizePercentage }} of {{ $labels.mountpoint }} on ${host}, where images go, is free. Free space now: the queue holds itself when there is no room, and renders nothing.`,
  },
  {
    alert: 'FramegaugeQueueHeld',
    expr: `${series('framegauge_queue_held')} == 1`,
    for: '2m',
    severity: 'critical',
    summary: `The queue on ${host} holds itself`,
    description:
      `The queue on ${host} starts no frame, because something cannot be written (its output, the temporary folder or the database) or an output is not mounted. No frame is lost. ` +
      'The queue’s reason says what: see to that, and it goes on by itself.',
  },
  {
    alert: 'FramegaugeFramesSuspicious',
    expr: `${series('framegauge_queue_frames_suspicious')} > 0`,
    for: '5m',
    severity: 'info',
    summary: `{{ $value }} frames on ${host} look wrong`,
    description: `{{ $value }} frames of unfinished jobs on ${host} are empty, or were rendered suspiciously fast. They count as rendered. Look at them before the rest of the night goes the same way: a missing light, camera or library is the usual cause.`,
  },
  {
    alert: 'FramegaugeFramesSlow',
    expr: `${frameTime10m} / ${ON} (${frameTime6h} offset 30m) > 2`,
    for: '15m',
    severity: 'info',
    summary: `Frames on ${host} take {{ $value | printf "%.1f" }} times as long as usual`,
    description:
      `Over the past 10 minutes a frame on ${host} took {{ $value | printf "%.1f" }} times as long as over the 6 hours before. It may be a heavier scene; otherwise look for another program that uses the ` +
      'machine, for heat, and for memory that is swapped out.',
  },
  {
    alert: 'FramegaugeMachineCutOff',
    expr: `${series('framegauge_machine_up')} == 0`,
    for: '5m',
    severity: 'warning',
    summary: `The machine ${machine} is cut off from the farm of ${host}`,
    description:
      `The machine ${machine} has not been heard from for 5 minutes, or it does not reach the ticket queue of ${host}. Its frames were handed to other machines. Look whether it is on and “framegauge machine” runs there; ` +
      'if it is gone for good, take it out of the farm.',
  },
  {
    alert: 'FramegaugeFarmQueueAway',
    expr: `${series('framegauge_farm_queue_up')} == 0`,
    for: '2m',
    severity: 'critical',
    summary: `The ticket queue of the farm on ${host} is away`,
    description:
      `${host} has not reached the Redis of its farm for 2 minutes, so machines get no new frames. None is lost: those in work are delivered. Look whether that server runs and has memory and disk left; ` +
      'the notices of the host say why.',
  },
  {
    alert: 'FramegaugeDeliveriesRefused',
    expr: `increase(${series('framegauge_machine_deliveries_refused_total')}[30m]) > 2`,
    for: '0m',
    severity: 'warning',
    summary: `The machine ${machine} delivers too late`,
    description:
      `In the past 30 minutes {{ $value | humanize }} files of the machine ${machine} were refused by ${host}: their frames had been handed to others meanwhile. It was stopped, slept, or its network was cut for a time; ` +
      'what it rendered was for nothing.',
  },
  {
    alert: 'FramegaugeMachineSlow',
    expr: [
      machineFrameTime,
      '/ on (job, instance) group_left ()',
      `(quantile by (job, instance) (0.5, ${machineFrameTime}) and on (job, instance) count by (job, instance) (${machineFrameTime}) > 2)`,
      '> 2',
    ].join('\n'),
    for: '15m',
    severity: 'info',
    summary: `The machine ${machine} takes {{ $value | printf "%.1f" }} times as long as its peers`,
    description:
      `Over the past hour a frame on the machine ${machine} of ${host} took {{ $value | printf "%.1f" }} times as long as on the machine in the middle. It may have older hardware, or had the heavier scene; ` +
      'otherwise look for another program that uses it, for heat, and for a graphics driver that renders in software.',
  },
  {
    alert: 'FramegaugeMetricsFellBack',
    expr: `${series('framegauge_exporter_fallback')} == 1`,
    for: '5m',
    severity: 'warning',
    summary: `The metrics of ${host} are served on another address than asked for`,
    description:
      `The metrics server of ${host} could not have the Address:port in its preferences and serves elsewhere. The add-on’s panel says why: mostly another program has the port, or the address is ` +
      'misspelt. Rendering is not affected.',
  },
  {
    alert: 'FramegaugeMetricsWidened',
    expr: `${series('framegauge_exporter_widened')} == 1`,
    for: '1m',
    severity: 'warning',
    summary: `Every machine of the network can read the metrics of ${host} now`,
    description:
      `The metrics server of ${host} could not have the Address:port in its preferences, which asked for less, and serves on every address of the machine. Free the address, or set the add-on’s ` +
      'preference Fallback to loopback or none.',
  },
  {
    alert: 'FramegaugeAddonFailed',
    expr: `${series('framegauge_addon_state', 'state="failed"')} == 1`,
    for: '5m',
    severity: 'info',
    summary: `The add-on {{ $labels.addon }} on ${host} has failed`,
    description: `The add-on {{ $labels.addon }} on ${host} is off because it failed. Rendering goes on without it. Preferences → Add-ons shows the reason and its log; tick its box to try again.`,
  },
] as const satisfies readonly AlertRule[];

export type AlertName = (typeof alertRules)[number]['alert'];

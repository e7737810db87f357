/** What the catalogue says of one metric. Names and units follow https://prometheus.io/docs/practices/naming/. */
export interface CatalogueEntry {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What a value counts or measures; ratios are from 0 to 1. */
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'frames' | 'jobs' | 'state' | 'info' | 'count';
  readonly help: string;
  /** Each label, and what keeps the number of its values small. */
  readonly labels: Readonly<Record<string, string>>;
  /** The version of Framegauge that it came with. */
  readonly since: string;
  /** When it is there at all, in words; left out where it always is. */
  readonly only?: string;
}

const engine = { engine: 'one of the two engines, gltf or blender; blender once it was used' };
const worker = { worker: 'slot of the worker, numbered from 1 and reused' };
const job = { job_name: 'name of the job, with “(2)” where it is taken, only while it is rendering; the 20 jobs that began first' };
const addon = { addon: 'id of an installed add-on' };
const volume = { mountpoint: 'file system that images go to' };
const place = { method: 'method of HTTP, or “other”', route: 'pattern of one of the server’s routes, or “unknown”' };
const answer = { ...place, code: 'status of the answer; 101 for a WebSocket, 499 where the client left before there was one' };
const output = { output: 'textfile, pushgateway or graphite' };
const process = { type: 'Electron’s own process types, about six' };
const since = '0.1.0';
/** The host counts these itself; the add-on serves them with the standard ones of its process. */
const asked = 'the control server was asked';
/** While something renders. */
const rendering = 'a job is rendering';
const desktop = 'the program runs as a desktop app';

/**
 * Every series that the add-on exposes of its own. Code, docs/metrics.md, dashboards and alert rules are made from this list and checked against it.
 */
export const catalogue = [
  { name: 'Blender_Render', type: 'gauge', unit: 'state', help: 'Rendering processes', labels: {}, since, only: 'Historic names are switched on' },
  { name: 'Frame_Counter_total', type: 'counter', unit: 'frames', help: 'Number of frames rendered', labels: {}, since, only: 'Historic names are switched on' },

  { name: 'framegauge_info', type: 'gauge', unit: 'info', help: 'What this host is; always 1', labels: { version: 'of the program', shell: 'desktop or headless' }, since },
  { name: 'framegauge_up', type: 'gauge', unit: 'state', help: 'Whether the host answered its metrics add-on, 1 or 0', labels: {}, since },
  { name: 'framegauge_start_time_seconds', type: 'gauge', unit: 'seconds', help: 'When the host started, in seconds since 1970', labels: {}, since },
  { name: 'framegauge_renders_active', type: 'gauge', unit: 'jobs', help: 'Jobs that are rendering now', labels: {}, since },
  { name: 'framegauge_jobs', type: 'gauge', unit: 'jobs', help: 'Jobs that are not finished, by state', labels: { state: 'queued, rendering or paused' }, since },
  { name: 'framegauge_jobs_completed_total', type: 'counter', unit: 'jobs', help: 'Jobs that ended with every frame there', labels: {}, since },
  { name: 'framegauge_jobs_failed_total', type: 'counter', unit: 'jobs', help: 'Jobs that failed', labels: {}, since },
  { name: 'framegauge_jobs_cancelled_total', type: 'counter', unit: 'jobs', help: 'Jobs that were cancelled', labels: {}, since },

  { name: 'framegauge_frames_rendered_total', type: 'counter', unit: 'frames', help: 'Frames whose image is verified and in its place, each once', labels: engine, since },
  {
    name: 'framegauge_frames_failed_total',
    type: 'counter',
    unit: 'frames',
    help: 'Frames that were given up, by why the last try failed',
    labels: { ...engine, reason: 'render, crash, timeout, memory, image or output' },
    since,
  },
  { name: 'framegauge_frames_retried_total', type: 'counter', unit: 'frames', help: 'Tries of frames that failed and were followed by another', labels: engine, since },
  { name: 'framegauge_frames_skipped_total', type: 'counter', unit: 'frames', help: 'Frames that were not rendered because their image was there', labels: engine, since },
  { name: 'framegauge_frame_duration_seconds', type: 'histogram', unit: 'seconds', help: 'Time that a worker took for a frame that was rendered', labels: engine, since },
  { name: 'framegauge_last_frame_age_seconds', type: 'gauge', unit: 'seconds', help: 'Time since a frame was last written', labels: {}, since, only: 'a frame was written since the host started' },
  { name: 'framegauge_queue_frames_remaining', type: 'gauge', unit: 'frames', help: 'Frames of unfinished jobs that are still to be rendered', labels: {}, since },
  {
    name: 'framegauge_queue_remaining_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time until the queue is done, as likely less as more, paused jobs left aside; 0 when nothing is left',
    labels: {},
    since,
    only: 'nothing is left, or a frame was rendered to tell from',
  },
  {
    name: 'framegauge_queue_remaining_p90_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time that suffices nine times out of ten until the queue is done, paused jobs left aside; 0 when nothing is left',
    labels: {},
    since,
    only: 'nothing is left, or a frame was rendered to tell from',
  },
  { name: 'framegauge_queue_paused', type: 'gauge', unit: 'state', help: 'Whether the queue stands still, paused by somebody or held, 1 or 0', labels: {}, since },
  { name: 'framegauge_queue_held', type: 'gauge', unit: 'state', help: 'Whether the queue holds itself although nobody paused it, for want of disk space, 1 or 0', labels: {}, since },
  { name: 'framegauge_queue_frames_suspicious', type: 'gauge', unit: 'frames', help: 'Frames of unfinished jobs whose image looks wrong: empty, or rendered suspiciously fast', labels: {}, since },
  { name: 'framegauge_job_frames_remaining', type: 'gauge', unit: 'frames', help: 'Frames of the job that are still to be rendered', labels: job, since, only: rendering },
  { name: 'framegauge_job_remaining_seconds', type: 'gauge', unit: 'seconds', help: 'Time until the job is done, as likely less as more', labels: job, since, only: 'a frame of it was rendered' },
  {
    name: 'framegauge_job_remaining_p90_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time that suffices nine times out of ten until the job is done',
    labels: job,
    since,
    only: 'a frame of it was rendered',
  },
  { name: 'framegauge_job_progress_ratio', type: 'gauge', unit: 'ratio', help: 'Share of the job’s frames that are rendered, skipped or given up', labels: job, since, only: rendering },

  {
    name: 'framegauge_worker_state',
    type: 'gauge',
    unit: 'state',
    help: 'State of the worker: 1 for the state that it is in, 0 for the others',
    labels: { ...worker, ...engine, state: 'starting, idle, rendering, stopping or resting' },
    since,
    only: 'the worker lives',
  },
  { name: 'framegauge_worker_frames_total', type: 'counter', unit: 'frames', help: 'Frames rendered by the workers of this slot', labels: worker, since },
  { name: 'framegauge_worker_busy_seconds_total', type: 'counter', unit: 'seconds', help: 'Time that the workers of this slot were at work', labels: worker, since },
  { name: 'framegauge_worker_resident_memory_bytes', type: 'gauge', unit: 'bytes', help: 'Resident memory of the worker’s processes', labels: worker, since, only: 'the worker lives and the system tells' },
  { name: 'framegauge_worker_peak_memory_bytes', type: 'gauge', unit: 'bytes', help: 'The most memory that the worker held for a frame', labels: worker, since, only: 'the worker lives and its engine tells' },
  { name: 'framegauge_worker_cpu_seconds_total', type: 'counter', unit: 'seconds', help: 'Processor time of the processes of this slot’s workers', labels: worker, since },
  { name: 'framegauge_worker_uptime_seconds', type: 'gauge', unit: 'seconds', help: 'Time since the worker was started', labels: worker, since, only: 'the worker lives' },
  {
    name: 'framegauge_worker_restarts_total',
    type: 'counter',
    unit: 'count',
    help: 'Workers that were replaced, by why the one before ended',
    labels: { ...worker, reason: 'exit, crash, timeout, memory or scene' },
    since,
  },
  { name: 'framegauge_worker_errors_total', type: 'counter', unit: 'count', help: 'Tries of frames that failed on the workers of this slot', labels: worker, since },

  { name: 'framegauge_volume_free_bytes', type: 'gauge', unit: 'bytes', help: 'Space left for this user on a file system that images go to', labels: volume, since },
  { name: 'framegauge_volume_size_bytes', type: 'gauge', unit: 'bytes', help: 'Size of a file system that images go to', labels: volume, since },

  {
    name: 'framegauge_addon_state',
    type: 'gauge',
    unit: 'state',
    help: 'State of the add-on: 1 for the state that it is in, 0 for the others',
    labels: { ...addon, state: 'off, starting, running, stopping or failed' },
    since,
  },
  { name: 'framegauge_addon_handler_seconds_total', type: 'counter', unit: 'seconds', help: 'Time that the add-on’s handlers took', labels: addon, since },
  { name: 'framegauge_addon_handler_errors_total', type: 'counter', unit: 'count', help: 'Handlers of the add-on that threw', labels: addon, since },
  { name: 'framegauge_addon_restarts_total', type: 'counter', unit: 'count', help: 'Times that the add-on’s process was started again after it ended by itself', labels: addon, since },

  { name: 'framegauge_exporter_listening', type: 'gauge', unit: 'state', help: 'Whether the metrics server listens, 1 or 0', labels: {}, since },
  { name: 'framegauge_exporter_fallback', type: 'gauge', unit: 'state', help: 'Whether it listens elsewhere than it was asked to, 1 or 0', labels: {}, since },
  { name: 'framegauge_exporter_scrapes_total', type: 'counter', unit: 'count', help: 'Scrapes answered', labels: {}, since },
  { name: 'framegauge_exporter_scrape_errors_total', type: 'counter', unit: 'count', help: 'Scrapes that could not be answered', labels: {}, since },
  { name: 'framegauge_exporter_scrape_duration_seconds', type: 'histogram', unit: 'seconds', help: 'Time from a scrape’s request to its answer', labels: {}, since },
  {
    name: 'framegauge_exporter_last_scrape_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'When the last scrape before this one was answered, in seconds since 1970',
    labels: {},
    since,
    only: 'there was one',
  },
  { name: 'framegauge_exporter_output_errors_total', type: 'counter', unit: 'count', help: 'Times that metrics could not be handed to the output', labels: output, since, only: 'the output is switched on' },
  {
    name: 'framegauge_exporter_output_last_success_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'When metrics were last handed to the output, in seconds since 1970',
    labels: output,
    since,
    only: 'the output is switched on and worked once',
  },

  { name: 'framegauge_http_requests_total', type: 'counter', unit: 'count', help: 'Requests to the control server that were answered', labels: answer, since, only: asked },
  {
    name: 'framegauge_http_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from a request to the control server to the end of its answer, streams left aside',
    labels: answer,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_requests_in_progress',
    type: 'gauge',
    unit: 'count',
    help: 'Requests to the control server that are being answered, open streams among them',
    labels: place,
    since,
    only: asked,
  },
  { name: 'framegauge_http_request_size_bytes_total', type: 'counter', unit: 'bytes', help: 'Size of the bodies of requests to the control server', labels: answer, since, only: asked },
  { name: 'framegauge_http_response_size_bytes_total', type: 'counter', unit: 'bytes', help: 'Size of the bodies of the control server’s answers', labels: answer, since, only: asked },
  { name: 'framegauge_http_exceptions_total', type: 'counter', unit: 'count', help: 'Requests to the control server that ended with a fault of the program’s', labels: place, since, only: asked },
  {
    name: 'framegauge_http_authentications_total',
    type: 'counter',
    unit: 'count',
    help: 'Tokens that clients of the control server showed, by what came of it',
    labels: { result: 'control, read, missing, wrong or blocked' },
    since,
  },

  { name: 'framegauge_process_resident_memory_bytes', type: 'gauge', unit: 'bytes', help: 'Memory of the app’s processes, by type', labels: process, since, only: desktop },
  { name: 'framegauge_process_cpu_seconds_total', type: 'counter', unit: 'seconds', help: 'Processor time of the app’s processes, by type', labels: process, since, only: desktop },
] as const satisfies readonly CatalogueEntry[];

export type MetricName = (typeof catalogue)[number]['name'];

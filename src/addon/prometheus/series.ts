import type { AppSnapshot, MetricFamily } from '../api/context';
import type { MetricName } from './catalogue/catalogue';
import type { ExporterState } from './exporter-state';
import { type Series, counter, gauge, gauges, histogram } from './families';
import { farmSeries } from './farm-series';

type Jobs = AppSnapshot['jobs'];

/** Maximum number of jobs with series of their own: the label must stay bounded however many jobs are queued. */
const MAX_JOBS = 20;
/** Highest number of a slot with counts of its own; the host counts those above together, as `other`. */
const MAX_SLOTS = 2_000;
const JOB_STATES = ['queued', 'rendering', 'paused'] as const;
const WORKER_STATES = ['starting', 'idle', 'rendering', 'stopping', 'resting'] as const;
const ADDON_STATES = ['off', 'starting', 'running', 'stopping', 'failed'] as const;
const FAILURE_KINDS = ['render', 'crash', 'timeout', 'memory', 'image', 'output'] as const;
const RESTART_REASONS = ['exit', 'crash', 'timeout', 'memory', 'scene'] as const;

/**
 * Computes every series of the catalogue from one snapshot of the host; no state is kept between scrapes, so nothing
 * can go stale. Families without a series are left out.
 *
 * @param snapshot null when the host did not answer
 * @param now milliseconds since 1970
 */
export function seriesOf(snapshot: AppSnapshot | null, exporter: ExporterState, now: number): MetricFamily[] {
  const families = [...gauge('framegauge_up', snapshot ? 1 : 0), ...exporterSeries(exporter)];
  if (snapshot) families.push(...hostSeries(snapshot, now, exporter.historicNames));
  return families;
}

function hostSeries(snapshot: AppSnapshot, now: number, historicNames: boolean): MetricFamily[] {
  const { jobs, workers, totals, totalsSince } = snapshot;
  const since = totalsSince / 1000;
  const count = (name: MetricName, ...series: Series[]): MetricFamily[] => counter(name, series, since);
  const nothingLeft = remaining(jobs.filter((job) => job.state !== 'paused')) === 0;
  const rendering = jobs
    .filter((job) => job.state === 'rendering')
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || a.id - b.id);

  // Engines that can render here have a series from the start, or a rate would miss their first increment.
  const engineNames = new Set<string>([
    ...snapshot.engines,
    ...Object.keys(totals.engines),
    ...jobs.map((job) => job.engine),
    ...workers.map((worker) => worker.engine),
  ]);
  const engines = [...engineNames].sort().map((engine) => ({ engine, did: totals.engines[engine] }));
  const slotNames = new Set([
    ...Object.keys(totals.slots),
    ...workers.map(({ slot }) => (slot <= MAX_SLOTS ? String(slot) : 'other')),
  ]);
  const slots = [...slotNames]
    .sort((a, b) => place(a) - place(b))
    .map((slot) => ({ worker: { worker: slot }, did: totals.slots[slot] }));
  const addons = snapshot.addons.map(({ id, state }) => ({ addon: { addon: id }, state, did: totals.addons[id] }));

  return [
    ...(historicNames
      ? [
          ...gauge('Blender_Render', rendering.length > 0 ? 1 : 0),
          ...count('Frame_Counter_total', [{}, engines.reduce((sum, { did }) => sum + (did?.rendered ?? 0), 0)]),
        ]
      : []),
    ...gauges('framegauge_info', [[{ version: snapshot.version, shell: snapshot.shell }, 1]]),
    ...gauge('framegauge_start_time_seconds', snapshot.startedAt / 1000),
    ...gauge('framegauge_renders_active', rendering.length),
    ...gauges(
      'framegauge_jobs',
      JOB_STATES.map((state) => [{ state }, jobs.filter((job) => job.state === state).length]),
    ),
    ...count('framegauge_jobs_completed_total', [{}, totals.jobs.completed]),
    ...count('framegauge_jobs_completed_with_failures_total', [{}, totals.jobs.completedWithFailures]),
    ...count('framegauge_jobs_failed_total', [{}, totals.jobs.failed]),
    ...count('framegauge_jobs_cancelled_total', [{}, totals.jobs.cancelled]),

    ...count(
      'framegauge_frames_rendered_total',
      ...engines.map(({ engine, did }): Series => [{ engine }, did?.rendered ?? 0]),
    ),
    ...count(
      'framegauge_frames_failed_total',
      ...engines.flatMap(({ engine, did }) =>
        FAILURE_KINDS.map((reason): Series => [{ engine, reason }, did?.failed[reason] ?? 0]),
      ),
    ),
    ...count(
      'framegauge_frames_retried_total',
      ...engines.map(({ engine, did }): Series => [{ engine }, did?.retried ?? 0]),
    ),
    ...count(
      'framegauge_frames_skipped_total',
      ...engines.map(({ engine, did }): Series => [{ engine }, did?.skipped ?? 0]),
    ),
    ...histogram(
      'framegauge_frame_duration_seconds',
      snapshot.frameSecondsBuckets,
      engines.map(({ engine, did }) => ({
        labels: { engine },
        counts: did?.frameSeconds.counts ?? [],
        sum: did?.frameSeconds.sum ?? 0,
      })),
      since,
    ),
    ...gauge(
      'framegauge_last_frame_age_seconds',
      snapshot.lastFrameAt === null ? null : Math.max(0, now - snapshot.lastFrameAt) / 1000,
    ),
    ...gauge('framegauge_queue_frames_remaining', remaining(jobs)),
    ...gauge('framegauge_queue_remaining_seconds', nothingLeft ? 0 : snapshot.queue.secondsLeft),
    ...gauge('framegauge_queue_remaining_p90_seconds', nothingLeft ? 0 : snapshot.queue.secondsLeftP90),
    ...gauge('framegauge_queue_paused', snapshot.queue.state === 'paused' ? 1 : 0),
    // A paused queue has a reason only when it was paused by the program.
    ...gauge('framegauge_queue_held', snapshot.queue.state === 'paused' && snapshot.queue.reason !== null ? 1 : 0),
    ...gauge(
      'framegauge_queue_frames_suspicious',
      jobs.reduce((sum, job) => sum + job.suspicious, 0),
    ),
    ...jobSeries(rendering.slice(0, MAX_JOBS)),

    ...gauges(
      'framegauge_worker_state',
      workers.flatMap(({ slot, engine, state: current }) =>
        WORKER_STATES.map((state): Series => [{ worker: String(slot), engine, state }, state === current ? 1 : 0]),
      ),
    ),
    ...count('framegauge_worker_frames_total', ...slots.map(({ worker, did }): Series => [worker, did?.frames ?? 0])),
    ...count(
      'framegauge_worker_busy_seconds_total',
      ...slots.map(({ worker, did }): Series => [worker, did?.busySeconds ?? 0]),
    ),
    ...gauges(
      'framegauge_worker_resident_memory_bytes',
      workers.flatMap(({ slot, residentBytes }): Series[] =>
        residentBytes === null ? [] : [[{ worker: String(slot) }, residentBytes]],
      ),
    ),
    ...gauges(
      'framegauge_worker_peak_memory_bytes',
      workers.flatMap(({ slot, peakBytes }): Series[] =>
        peakBytes === null ? [] : [[{ worker: String(slot) }, peakBytes]],
      ),
    ),
    ...count(
      'framegauge_worker_cpu_seconds_total',
      ...slots.map(({ worker, did }): Series => [worker, did?.cpuSeconds ?? 0]),
    ),
    ...gauges(
      'framegauge_worker_uptime_seconds',
      workers.map(({ slot, startedAt }): Series => [{ worker: String(slot) }, Math.max(0, now - startedAt) / 1000]),
    ),
    ...count(
      'framegauge_worker_restarts_total',
      ...slots.flatMap(({ worker, did }) =>
        RESTART_REASONS.map((reason): Series => [{ ...worker, reason }, did?.restarts[reason] ?? 0]),
      ),
    ),
    ...count('framegauge_worker_errors_total', ...slots.map(({ worker, did }): Series => [worker, did?.errors ?? 0])),

    ...farmSeries(snapshot, since),

    ...gauges(
      'framegauge_volume_free_bytes',
      snapshot.volumes.map(({ mountPoint, freeBytes }): Series => [{ mountpoint: mountPoint }, freeBytes]),
    ),
    ...gauges(
      'framegauge_volume_size_bytes',
      snapshot.volumes.map(({ mountPoint, sizeBytes }): Series => [{ mountpoint: mountPoint }, sizeBytes]),
    ),

    ...gauges(
      'framegauge_addon_state',
      addons.flatMap(({ addon, state: current }) =>
        ADDON_STATES.map((state): Series => [{ ...addon, state }, state === current ? 1 : 0]),
      ),
    ),
    ...count(
      'framegauge_addon_handler_seconds_total',
      ...addons.map(({ addon, did }): Series => [addon, did?.handlerSeconds ?? 0]),
    ),
    ...count(
      'framegauge_addon_handler_errors_total',
      ...addons.map(({ addon, did }): Series => [addon, did?.handlerErrors ?? 0]),
    ),
    ...count('framegauge_addon_restarts_total', ...addons.map(({ addon, did }): Series => [addon, did?.restarts ?? 0])),

    ...gauges(
      'framegauge_process_resident_memory_bytes',
      byType(snapshot.processes, (each) => each.residentBytes),
    ),
    // Counted since each process began, not since the add-on was enabled, so there is no creation time.
    ...counter(
      'framegauge_process_cpu_seconds_total',
      byType(snapshot.processes, (each) => each.cpuSeconds),
    ),
  ];
}

/** Jobs of the same name are numbered, “name (2)”: series must be unique, and an id as a label would be unbounded. */
function jobSeries(rendering: Jobs): MetricFamily[] {
  const taken = new Set<string>();
  const named = rendering.map((job) => {
    let name = job.name;
    for (let n = 2; taken.has(name); n++) name = `${job.name} (${n})`;
    taken.add(name);
    return { label: { job_name: name }, job };
  });
  return [
    ...gauges(
      'framegauge_job_frames_remaining',
      named.map(({ label, job }): Series => [label, remaining([job])]),
    ),
    ...gauges(
      'framegauge_job_remaining_seconds',
      named.flatMap(({ label, job }): Series[] => (job.secondsLeft === null ? [] : [[label, job.secondsLeft]])),
    ),
    ...gauges(
      'framegauge_job_remaining_p90_seconds',
      named.flatMap(({ label, job }): Series[] => (job.secondsLeftP90 === null ? [] : [[label, job.secondsLeftP90]])),
    ),
    ...gauges(
      'framegauge_job_progress_ratio',
      named.map(({ label, job: { frames } }): Series => [
        label,
        frames.total === 0 ? 0 : (frames.done + frames.failed + frames.skipped) / frames.total,
      ]),
    ),
  ];
}

function exporterSeries({
  listening,
  fallback,
  widened,
  since,
  scrapes,
  scrapeErrors,
  durations,
  lastScrape,
  outputs,
}: ExporterState): MetricFamily[] {
  const count = (name: MetricName, ...series: Series[]): MetricFamily[] => counter(name, series, since / 1000);
  return [
    ...gauge('framegauge_exporter_listening', listening ? 1 : 0),
    ...gauge('framegauge_exporter_fallback', fallback ? 1 : 0),
    ...gauge('framegauge_exporter_widened', widened ? 1 : 0),
    ...count('framegauge_exporter_scrapes_total', [{}, scrapes]),
    ...count('framegauge_exporter_scrape_errors_total', [{}, scrapeErrors]),
    ...histogram(
      'framegauge_exporter_scrape_duration_seconds',
      durations.bounds,
      [{ labels: {}, counts: durations.counts, sum: durations.sum }],
      since / 1000,
    ),
    ...gauge('framegauge_exporter_last_scrape_timestamp_seconds', lastScrape && lastScrape.at / 1000),
    ...count(
      'framegauge_exporter_output_errors_total',
      ...outputs.map(({ output, errors }): Series => [{ output }, errors]),
    ),
    ...gauges(
      'framegauge_exporter_output_last_success_timestamp_seconds',
      outputs.flatMap(({ output, lastSuccess }): Series[] =>
        lastSuccess === null ? [] : [[{ output }, lastSuccess / 1000]],
      ),
    ),
  ];
}

/** Where the counts of a slot are listed: by number, `other` last. */
function place(slot: string): number {
  return Number.isNaN(Number(slot)) ? Number.MAX_SAFE_INTEGER : Number(slot);
}

function remaining(jobs: Jobs): number {
  return jobs.reduce((sum, { frames }) => sum + frames.waiting + frames.rendering, 0);
}

function byType(
  processes: AppSnapshot['processes'],
  pick: (process: AppSnapshot['processes'][number]) => number,
): Series[] {
  const sums = new Map<string, number>();
  for (const process of processes) sums.set(process.type, (sums.get(process.type) ?? 0) + pick(process));
  return [...sums].map(([type, sum]) => [{ type }, sum]);
}

import { isAbsolute, resolve } from 'node:path';
import type { AddonContext, Job } from '../api/context';
import { WATCH_METRICS } from './catalogue';
import { requestFor } from './job-template';
import { openLedger } from './ledger';
import { statusOf, type WatchRecord } from './panel';
import { createWatch, type Watch, type WatchEvent, type WatchState } from './watch';

const FINAL = ['completed', 'failed', 'cancelled'];
/** Interval for asking for the state of every job, in milliseconds: the removal of one is not told. */
const RECONCILE_INTERVAL = 5 * 60_000;
/** Jobs that are looked through for one that was submitted just before a crash. */
const RECENT = 500;

/** The bundled add-on that renders what is put into a folder. */
export async function register(ctx: AddonContext): Promise<void> {
  const ledger = await openLedger(ctx.storage.folder);
  const metrics = createMetrics(ctx);
  const record: WatchRecord = { taken: null, failed: null, done: 0 };
  let watch: Watch | null = null;
  let folder = '';
  let state: WatchState | null = null;
  let away: string | null = null;
  let reconciledAt = -Infinity;
  let looking = false;
  const show = (): void => ctx.status(statusOf(folder, state, away, record));

  function told(event: WatchEvent): void {
    const when = new Date().toLocaleString('sv');
    if (event.what === 'taken') {
      metrics.scenes.inc({ result: 'taken' });
      record.taken = `${event.name}, as job ${event.job}, ${when}`;
      ctx.log.info(`“${event.name}” is job ${event.job}.`);
    } else if (event.what === 'refused') {
      metrics.scenes.inc({ result: 'refused' });
      ctx.log.warn(`“${event.name}” is not rendered: ${event.reason}`);
    } else {
      metrics.moved.inc({ to: event.to });
      if (event.to === 'done') record.done++;
      else record.failed = `${event.name}, ${when}: ${event.reason}`;
      ctx.log.info(`“${event.name}” was moved to ${event.path}.`);
    }
  }

  async function jobOrNull(id: number): Promise<Job | null> {
    try {
      return await ctx.jobs.get(id);
    } catch (error) {
      // Anything but this one refusal says nothing about the job.
      if ((error as NodeJS.ErrnoException).code === 'not-found') return null;
      throw error;
    }
  }

  async function jobOf(scene: string, since: number): Promise<Job | null> {
    for (const order of ['queue', 'finished'] as const) {
      const { jobs } = await ctx.jobs.list({ order, limit: RECENT });
      const found = jobs.find((job) => job.settings.scene === scene && job.createdAt >= since);
      if (found) return found;
    }
    return null;
  }

  function choose(): void {
    const text = ctx.preferences.get<string>('folder').trim();
    folder = text === '' ? '' : resolve(text);
    state = null;
    reconciledAt = -Infinity;
    away = text === '' || isAbsolute(text) ? null : `“${text}” is no full path: write it from the root on.`;
    watch =
      text === '' || away !== null
        ? null
        : createWatch({
            folder,
            ledger,
            submit: ctx.jobs.submit,
            job: jobOrNull,
            jobOf,
            request: (
              (here) => (name) =>
                requestFor(here, name, ctx.preferences)
            )(folder),
            stableSeconds: () => ctx.preferences.get<number>('stableSeconds'),
            told,
            signal: ctx.signal,
          });
    show();
  }

  /** Skipped while the last one is under way: timers of two intervals overlap for a moment. */
  async function look(): Promise<void> {
    const watched = watch;
    if (!watched || looking) return;
    looking = true;
    const end = metrics.scanSeconds.startTimer();
    try {
      if (performance.now() - reconciledAt > RECONCILE_INTERVAL) {
        await watched.reconcile();
        reconciledAt = performance.now();
      }
      const seen = await watched.look();
      if (watched !== watch) return;
      if (away !== null) ctx.log.info(`${folder} is there again.`);
      [state, away] = [seen, null];
    } catch (error) {
      if (ctx.signal.aborted || watched !== watch) return;
      const reason = explain(error, folder);
      if (away !== reason) ctx.log.warn(reason);
      away = reason;
    } finally {
      looking = false;
      end();
    }
    metrics.see(state, away === null);
    show();
  }

  ctx.handlers.on(
    'job_state',
    ({ job }) => {
      if (job && FINAL.includes(job.state)) watch?.ended(job.id);
    },
    { persistent: true },
  );
  ctx.preferences.onChange('folder', choose);
  let cancel: (() => void) | null = null;
  const start = (): void => {
    cancel?.();
    cancel = ctx.timers.every(ctx.preferences.get<number>('pollSeconds') * 1_000, look);
  };
  ctx.preferences.onChange('pollSeconds', start);
  choose();
  start();
}

function createMetrics(ctx: Pick<AddonContext, 'metrics'>) {
  const copying = ctx.metrics.gauge(WATCH_METRICS.copying);
  const open = ctx.metrics.gauge(WATCH_METRICS.open);
  const available = ctx.metrics.gauge(WATCH_METRICS.available);
  const scenes = ctx.metrics.counter(WATCH_METRICS.scenes);
  const moved = ctx.metrics.counter(WATCH_METRICS.moved);
  // From 0 on: a rate would miss the first scene otherwise.
  for (const result of ['taken', 'refused']) scenes.inc({ result }, 0);
  for (const to of ['done', 'failed']) moved.inc({ to }, 0);
  return {
    scenes,
    moved,
    scanSeconds: ctx.metrics.histogram({
      ...WATCH_METRICS.scanSeconds,
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    }),
    see(state: WatchState | null, isAvailable: boolean): void {
      copying.set(state?.waiting ?? 0);
      open.set(state?.open ?? 0);
      available.set(isAvailable ? 1 : 0);
    },
  };
}

function explain(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${folder} is not there at the moment. It is looked for again and again.`;
  if (code === 'ENOTDIR') return `${folder} is no folder: choose one.`;
  if (code === 'EACCES' || code === 'EPERM') return `Reading ${folder} is not permitted.`;
  return `${folder} cannot be watched at the moment: ${message}`;
}

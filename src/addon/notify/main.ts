import { hostname } from 'node:os';
import type { AddonContext, AddonImage, Job } from '../api/context';
import { jobNotice, queueNotice } from './compose';
import { createDeliveries, type DeliveryOutcome } from './deliveries';
import type { Notice } from './notice';
import { createNotifyMetrics } from './notify-metrics';
import { type ServiceRecord, statusOf } from './panel';
import { createQueueFile, type StoredQueue } from './queue-file';
import { redact, SECRET_PREFERENCES } from './redact';
import { sendTest } from './send-test';
import { SERVICE_LABELS, SERVICE_NAMES, type ServiceName } from './services/service';
import { createServices } from './services/services';
import { createStallWatch } from './stall-watch';

/** Maximum side of an attached image, in pixels. */
const IMAGE_SIDE = 640;
/** Maximum size of an attached image, in bytes; Discord, ntfy.sh and most mail servers take more. */
const MAX_IMAGE_BYTES = 2 * 1024 * 1024;
/** Interval for looking for jobs that stand still, in milliseconds. */
const STALL_INTERVAL = 15_000;

/** Preferences that decide where messages go. */
const SERVICE_PREFERENCES = [
  ...SECRET_PREFERENCES,
  ...(['matrixServer', 'matrixRoom', 'smtpServer', 'smtpSecurity', 'smtpUser', 'mailFrom', 'mailTo'] as const),
];

/** The bundled add-on that tells people how rendering goes. Its handlers only note what happened. */
export async function register(ctx: AddonContext): Promise<void> {
  const text = (key: string): string => ctx.preferences.get<string>(key);
  const host = hostname();
  const records = new Map<ServiceName, ServiceRecord>(
    SERVICE_NAMES.map((name) => [name, { sent: 0, failed: 0, lastSuccess: null, lastFailure: null }]),
  );
  const withoutSecrets = (said: string): string => redact(said, SECRET_PREFERENCES.map(text));
  let services = createServices(text);

  const show = (): void =>
    ctx.status(
      statusOf(
        services,
        (name) => records.get(name)!,
        (name) => deliveries.waiting(name),
      ),
    );

  function settle(name: ServiceName, notice: Notice, outcome: DeliveryOutcome): void {
    const record = records.get(name)!;
    metrics.outcome(name, notice.kind, outcome);
    const time = Date.now();
    if (outcome.result === 'sent') {
      record.sent++;
      record.lastSuccess = { time, title: notice.title };
      return;
    }
    const given = outcome.result === 'failed';
    if (given) record.failed++;
    record.lastFailure = { time, reason: outcome.reason, given };
    ctx.log.warn(`“${notice.title}” was not sent to ${SERVICE_LABELS[name]}${given ? '' : ' yet'}: ${outcome.reason}`);
  }

  async function imageOf({ image }: Notice): Promise<AddonImage | null> {
    if (!image || !ctx.preferences.get<boolean>('images')) return null;
    try {
      const found = await ctx.images.read(image.job, image.frame, { size: IMAGE_SIDE });
      return found && found.bytes.length <= MAX_IMAGE_BYTES ? found : null;
    } catch {
      // The job is gone by now. Its message goes without an image.
      return null;
    }
  }

  const file = createQueueFile(ctx.storage.folder, (reason) =>
    ctx.log.error(`The messages that wait could not be stored, and would be lost in a restart: ${reason}`),
  );
  const stored = await file.load().catch((error: unknown): StoredQueue => {
    ctx.log.error((error as Error).message);
    return [];
  });
  const deliveries = createDeliveries(
    {
      file,
      service: (name) => services.ready.get(name),
      image: imageOf,
      outcome: settle,
      changed: () => show(),
      redact: withoutSecrets,
    },
    stored,
  );
  ctx.onDispose(() => deliveries.close());
  const metrics = createNotifyMetrics(ctx, deliveries.waiting);
  metrics.start(services.ready.keys());
  const tell = (notice: Notice): void => deliveries.add(notice, services.ready.keys());

  followJobs(ctx, host, tell);
  watchStalls(ctx, host, tell);
  for (const key of SERVICE_PREFERENCES)
    ctx.preferences.onChange(key, () => {
      services = createServices(text);
      metrics.start(services.ready.keys());
      deliveries.retry();
      show();
    });
  ctx.operators.add({
    id: 'test',
    label: 'Send a Test Message',
    description: 'Sends a message to every service that is set up, and says who took it',
    menu: 'window',
    async run({ signal }) {
      try {
        return await sendTest({ services, host, signal, outcome: settle, redact: withoutSecrets });
      } finally {
        show();
      }
    },
  });
  show();
}

/** Tells of jobs that end, and of a queue that is done. */
function followJobs(ctx: AddonContext, host: string, tell: (notice: Notice) => void): void {
  const ended = { completed: 0, failed: 0, cancelled: 0, since: null as number | null };
  // One after another and outside of the handlers, which hold up the events of this add-on.
  let last = Promise.resolve();
  const later = (work: () => void | Promise<void>): void => {
    last = last.then(work).catch((error: unknown) => ctx.log.error(`A message was not written: ${String(error)}`));
  };
  const common = (key: string, time: number) => ({ template: ctx.preferences.get<string>(key), host, time });

  async function jobEnded({ id, state }: { id: number; state: string }, time: number): Promise<void> {
    const job: Job | null = await ctx.jobs.get(id).catch(() => null);
    if (!job || job.settings.preview) return;
    // The state of the event: the job may have been requeued since.
    const kind = state === 'completed' ? 'done' : state === 'failed' ? 'failed' : 'cancelled';
    ended[kind === 'done' ? 'completed' : kind]++;
    if (job.startedAt !== null) ended.since = Math.min(ended.since ?? job.startedAt, job.startedAt);
    const wanted = { done: 'onDone', failed: 'onFailed', cancelled: 'onCancelled' }[kind];
    if (ctx.preferences.get<boolean>(wanted)) tell(jobNotice(kind, job, common(`${kind}Text`, time)));
  }

  for (const name of ['render_complete', 'render_cancel'] as const)
    ctx.handlers.on(
      name,
      ({ job, time }) => {
        if (job) later(() => jobEnded(job, time));
      },
      { persistent: true },
    );
  ctx.handlers.on(
    'queue_idle',
    ({ time }) =>
      later(() => {
        const { completed, failed, cancelled } = ended;
        // Idle after a preview, for instance: nobody waits for that.
        if (completed + failed + cancelled > 0 && ctx.preferences.get<boolean>('onQueueDone'))
          tell(queueNotice(ended, common('queueDoneText', time)));
        Object.assign(ended, { completed: 0, failed: 0, cancelled: 0, since: null });
      }),
    { persistent: true },
  );
}

/** Tells of jobs that stand still. */
function watchStalls(ctx: AddonContext, host: string, tell: (notice: Notice) => void): void {
  const watch = createStallWatch();
  ctx.handlers.on('render_write', ({ job, time }) => job && watch.wrote(job.id, time), { persistent: true });
  const limit = (): number => ctx.preferences.get<number>('stalledMinutes') * 60;
  const interval = (): number => Math.min(STALL_INTERVAL, limit() * 250);
  let cancel: (() => void) | null = null;

  async function look(): Promise<void> {
    const snapshot = await ctx.app.snapshot();
    const time = Date.now();
    for (const { job, seconds } of watch.check(snapshot, time, limit(), interval()))
      tell(jobNotice('stalled', job, { template: ctx.preferences.get<string>('stalledText'), host, time }, seconds));
  }

  function start(): void {
    cancel?.();
    cancel = limit() > 0 ? ctx.timers.every(interval(), look) : null;
  }

  ctx.preferences.onChange('stalledMinutes', start);
  start();
}

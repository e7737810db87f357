import type { AddonContext } from '../api/context';
import { NOTIFY_METRICS } from './catalogue';
import type { DeliveryOutcome } from './deliveries';
import { NOTICE_KINDS, type NoticeKind } from './notice';
import { SERVICE_NAMES, type ServiceName } from './services/service';

export interface NotifyMetrics {
  /** Starts the counters of these services at 0: a rate would miss the first message otherwise. */
  start(services: Iterable<ServiceName>): void;
  outcome(service: ServiceName, kind: NoticeKind, outcome: DeliveryOutcome): void;
}

/** Registers the add-on's metrics. @param waiting the number of messages that wait for a service */
export function createNotifyMetrics(
  ctx: Pick<AddonContext, 'metrics'>,
  waiting: (name: ServiceName) => number,
): NotifyMetrics {
  const sent = ctx.metrics.counter(NOTIFY_METRICS.sent);
  const failed = ctx.metrics.counter(NOTIFY_METRICS.failed);
  const retries = ctx.metrics.counter(NOTIFY_METRICS.retries);
  const seconds = ctx.metrics.histogram({
    ...NOTIFY_METRICS.seconds,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  const lastSuccess = ctx.metrics.gauge(NOTIFY_METRICS.lastSuccess);
  ctx.metrics.gauge({
    ...NOTIFY_METRICS.waiting,
    value: () => SERVICE_NAMES.map((service) => [{ service }, waiting(service)] as const),
  });
  return {
    start(services) {
      for (const service of services) {
        for (const kind of NOTICE_KINDS) for (const counter of [sent, failed]) counter.inc({ service, kind }, 0);
        retries.inc({ service }, 0);
      }
    },
    outcome(service, kind, outcome) {
      if (outcome.result === 'sent') {
        sent.inc({ service, kind });
        seconds.observe({ service }, outcome.seconds);
        lastSuccess.set({ service }, Date.now() / 1_000);
      } else if (outcome.result === 'failed') failed.inc({ service, kind });
      else retries.inc({ service });
    },
  };
}

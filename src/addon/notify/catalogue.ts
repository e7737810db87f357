interface NotifyMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labelNames: readonly ('service' | 'kind')[];
}

/** Every metric of the add-on; docs/addons/notify.md is checked against it. */
export const NOTIFY_METRICS = {
  sent: {
    name: 'framegauge_notify_sent_total',
    type: 'counter',
    help: 'Total number of messages that a service took.',
    labelNames: ['service', 'kind'],
  },
  failed: {
    name: 'framegauge_notify_failed_total',
    type: 'counter',
    help: 'Total number of messages that were given up.',
    labelNames: ['service', 'kind'],
  },
  retries: {
    name: 'framegauge_notify_retries_total',
    type: 'counter',
    help: 'Total number of attempts that failed and were put off.',
    labelNames: ['service'],
  },
  waiting: {
    name: 'framegauge_notify_waiting',
    type: 'gauge',
    help: 'Number of messages that wait to be sent.',
    labelNames: ['service'],
  },
  seconds: {
    name: 'framegauge_notify_send_seconds',
    type: 'histogram',
    help: 'Time that a service needed to take a message, in seconds.',
    labelNames: ['service'],
  },
  lastSuccess: {
    name: 'framegauge_notify_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When a service last took a message, in seconds since 1970.',
    labelNames: ['service'],
  },
} as const satisfies Record<string, NotifyMetric>;

import { type PanelBuilder, chosen, lines } from './panels';

const rate = (name: Parameters<typeof chosen>[0], ...matchers: string[]): string =>
  `rate(${chosen(name, ...matchers)}[$__rate_interval])`;

/** The server that carries the headless UI, the CLI, REST and the render pages. */
export function controlRow(): PanelBuilder[] {
  return [
    lines({
      title: 'Requests to the control server',
      description: 'Answered per second, by route and status.',
      unit: 'reqps',
      width: 8,
      height: 7,
      noValue: 'none',
      queries: [
        { expr: `sum by (route, code) (${rate('framegauge_http_requests_total')})`, legend: '{{code}} · {{route}}' },
      ],
    }),
    lines({
      title: 'Time of its answers',
      description:
        'The time within which 95 of 100 requests were answered, by route. Streams of events and WebSockets, which last as long as somebody listens, are left aside.',
      unit: 's',
      width: 8,
      height: 7,
      noValue: 'none',
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le, route) (${rate('framegauge_http_request_duration_seconds_bucket')}))`,
          legend: '{{route}}',
        },
      ],
    }),
    lines({
      title: 'Open requests',
      description:
        'Requests that are being answered now; streams of events and WebSockets count for as long as they are open.',
      unit: 'none',
      width: 8,
      height: 7,
      noValue: 'none',
      queries: [
        { expr: `sum by (route) (${chosen('framegauge_http_requests_in_progress')}) > 0`, legend: '{{route}}' },
      ],
    }),
    lines({
      title: 'Bytes of requests and answers',
      description: 'Bodies of requests and answers per second.',
      unit: 'Bps',
      width: 8,
      height: 7,
      noValue: 'none',
      queries: [
        {
          expr: `sum by (instance) (${rate('framegauge_http_request_size_bytes_total')})`,
          legend: 'received · {{instance}}',
        },
        {
          expr: `sum by (instance) (${rate('framegauge_http_response_size_bytes_total')})`,
          legend: 'sent · {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Authentications',
      description:
        'Tokens shown per second: of which right, missing, wrong, or not looked at because too many were wrong. Wrong ones without end are somebody who tries, or a program with an old token.',
      unit: 'reqps',
      width: 8,
      height: 7,
      queries: [{ expr: `sum by (result) (${rate('framegauge_http_authentications_total')})`, legend: '{{result}}' }],
    }),
    lines({
      title: 'Faults of the control server',
      description: 'Requests that ended with a fault of the program’s. The host’s log has each of them.',
      unit: 'none',
      width: 8,
      height: 7,
      noValue: 'none',
      queries: [
        {
          expr: `sum by (route) (increase(${chosen('framegauge_http_exceptions_total')}[$__rate_interval]))`,
          legend: '{{route}}',
        },
      ],
    }),
  ];
}

import type { CatalogueEntry } from './catalogue-entry';

const since = '0.1.0';
const route = { method: 'HTTP method, or “other”', route: 'pattern of one of the server’s routes, or “unknown”' };
const answer = { ...route, code: 'response status; 101 for a WebSocket, 499 if the client left before there was one' };
const asked = 'the control server received a request';

/** The control server. The host counts these; the add-on serves them together with its process's default metrics. */
export const httpMetrics = [
  {
    name: 'framegauge_http_requests_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of requests answered by the control server.',
    labels: answer,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Time taken to answer a request to the control server in seconds, excluding streams.',
    labels: answer,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_requests_in_progress',
    type: 'gauge',
    unit: 'count',
    help: 'Number of requests the control server is currently handling, including open streams.',
    labels: route,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_request_size_bytes_total',
    type: 'counter',
    unit: 'bytes',
    help: 'Total size of the request bodies received by the control server in bytes.',
    labels: answer,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_response_size_bytes_total',
    type: 'counter',
    unit: 'bytes',
    help: 'Total size of the response bodies sent by the control server in bytes.',
    labels: answer,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_exceptions_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of requests to the control server that ended in an internal error.',
    labels: route,
    since,
    only: asked,
  },
  {
    name: 'framegauge_http_authentications_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of authentication attempts at the control server by result.',
    labels: { result: 'control, read, missing, wrong or blocked' },
    since,
  },
] as const satisfies readonly CatalogueEntry[];

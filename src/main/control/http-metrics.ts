import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { problemOf } from '../http/problem';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `false`: the route is not counted at all. `stream`: the response lasts as long as the client listens, so its
     * duration is not measured. A function names the route of a request where several share one; null for an unknown one,
     * `false` for one that is not counted.
     */
    metrics?: false | 'stream' | ((request: FastifyRequest) => string | false | null);
  }
}

/** Upper bounds in seconds: answers from memory take less than a millisecond, large images and uploads seconds. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Label for every unknown path: clients choose those, so they must not become label values. */
const UNKNOWN_ROUTE = 'unknown';
const OTHER_METHOD = 'other';

/**
 * Result of an authentication: one of the two rights, no token, a wrong token, or blocked after too many wrong ones.
 */
const AUTHENTICATIONS = ['control', 'read', 'missing', 'wrong', 'blocked'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

/** The metrics of an HTTP server. */
export interface HttpMetrics {
  /**
   * The registry. A route that counts something of its own registers its metric here and counts in its handler; it
   * appears among the host's metrics.
   */
  readonly registry: Registry;
  authentication(result: Authentication): void;
  /**
   * Counts every request of a server without any support from its routes. Must be called before the routes are
   * registered.
   */
  instrument(app: FastifyInstance): void;
  /** Removes every series of a route, which is there no more. */
  forget(route: string): void;
  /** Calls a function whenever the metrics are about to be read. */
  beforeReading(look: () => void): void;
}

/** The series of a route: the values of its other labels. */
interface RouteSeries {
  readonly methods: Set<string>;
  /** Each as `GET 200`. */
  readonly answers: Set<string>;
}

interface Measured {
  readonly method: string;
  readonly route: string;
  readonly start: number;
  readonly stream: boolean;
  readonly socket: Socket | null;
  /** Bytes written on the connection before this request. */
  readonly written: number;
  requestBytes: number;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const routeLabels = ['method', 'route'] as const;
  const answerLabels = [...routeLabels, 'code'] as const;
  const looks: (() => void)[] = [];
  const requests = new Counter({
    name: 'framegauge_http_requests_total',
    help: 'Total number of requests answered by the control server.',
    labelNames: answerLabels,
    registers,
    // The first of these metrics, and so read before the others.
    collect() {
      for (const look of looks) look();
    },
  });
  const duration = new Histogram({
    name: 'framegauge_http_request_duration_seconds',
    help: 'Time taken to answer a request to the control server in seconds, excluding streams.',
    labelNames: answerLabels,
    buckets: BUCKETS,
    registers,
  });
  const inProgress = new Gauge({
    name: 'framegauge_http_requests_in_progress',
    help: 'Number of requests the control server is currently handling, including open streams.',
    labelNames: routeLabels,
    registers,
  });
  const received = new Counter({
    name: 'framegauge_http_request_size_bytes_total',
    help: 'Total size of the request bodies received by the control server in bytes.',
    labelNames: answerLabels,
    registers,
  });
  const sent = new Counter({
    name: 'framegauge_http_response_size_bytes_total',
    help: 'Total size of the response bodies sent by the control server in bytes.',
    labelNames: answerLabels,
    registers,
  });
  const exceptions = new Counter({
    name: 'framegauge_http_exceptions_total',
    help: 'Total number of requests to the control server that ended in an internal error.',
    labelNames: routeLabels,
    registers,
  });
  const authentications = new Counter({
    name: 'framegauge_http_authentications_total',
    help: 'Total number of authentication attempts at the control server by result.',
    labelNames: ['result'],
    registers,
  });
  // A rate misses the first increment unless there was a zero before.
  for (const result of AUTHENTICATIONS) authentications.inc({ result }, 0);

  const measured = new WeakMap<FastifyRequest, Measured>();
  const series = new Map<string, RouteSeries>();

  function seriesOf(route: string): RouteSeries {
    let known = series.get(route);
    if (!known) series.set(route, (known = { methods: new Set(), answers: new Set() }));
    return known;
  }

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    const { config, url } = request.routeOptions;
    const named = typeof config.metrics === 'function' ? config.metrics(request) : url;
    if (config.metrics === false || named === false) return;
    const socket = request.raw.socket;
    const one: Measured = {
      method: METHODS.has(request.method) ? request.method : OTHER_METHOD,
      route: request.is404 || named === undefined || named === null ? UNKNOWN_ROUTE : named,
      start: performance.now(),
      stream: config.metrics === 'stream',
      socket,
      written: socket.bytesWritten,
      requestBytes: Number(request.headers['content-length'] ?? 0) || 0,
    };
    measured.set(request, one);
    const labels = { method: one.method, route: one.route };
    seriesOf(one.route).methods.add(one.method);
    inProgress.inc(labels);
    // As with authentications.
    exceptions.inc(labels, 0);
    // Fastify's response hook does not run for clients that disconnect before the response.
    reply.raw.once('close', () => end(request, reply, one));
  }

  function end(request: FastifyRequest, reply: FastifyReply, one: Measured): void {
    const { method, route } = one;
    // Forgotten meanwhile.
    if (!series.get(route)?.methods.has(method)) return;
    inProgress.dec({ method, route });
    const code = codeOf(request, reply);
    const labels = { method, route: code === '404' && route.endsWith('/*') ? UNKNOWN_ROUTE : route, code };
    seriesOf(labels.route).answers.add(`${method} ${code}`);
    requests.inc(labels);
    received.inc(labels, one.requestBytes);
    sent.inc(labels, bodySize(request, reply, one));
    if (!one.stream && code !== '101') duration.observe(labels, (performance.now() - one.start) / 1_000);
  }

  return {
    registry,
    beforeReading: (look) => void looks.push(look),
    forget(route) {
      const { methods, answers } = seriesOf(route);
      series.delete(route);
      for (const method of methods) for (const metric of [inProgress, exceptions]) metric.remove({ method, route });
      for (const answer of answers) {
        const [method, code] = answer.split(' ') as [string, string];
        for (const metric of [requests, duration, received, sent]) metric.remove({ method, route, code });
      }
    },
    authentication: (result) => authentications.inc({ result }),
    instrument(app) {
      app.addHook('onRequest', async (request, reply) => begin(request, reply));
      // The length of a chunked body is not known in advance.
      app.addHook('preParsing', async (request, _reply, payload) => {
        const one = measured.get(request);
        if (
          !one ||
          request.headers['content-length'] !== undefined ||
          request.headers['transfer-encoding'] === undefined
        )
          return payload;
        return payload.pipe(
          new Transform({
            transform(chunk: Buffer, _encoding, done) {
              one.requestBytes += chunk.length;
              done(null, chunk);
            },
          }),
        );
      });
      app.addHook('onError', async (request, _reply, error) => {
        const one = measured.get(request);
        const problem = problemOf(error);
        // An add-on that is busy is none.
        if (one && (problem === null || (problem.status >= 500 && problem.status !== 503)))
          exceptions.inc({ method: one.method, route: one.route });
      });
    },
  };
}

/**
 * 101 for a WebSocket, whose response never goes through the reply; 499, as in nginx, where the client disconnected
 * before the response.
 */
function codeOf(request: FastifyRequest, reply: FastifyReply): string {
  if (reply.raw.headersSent) return String(reply.statusCode);
  return request.ws && reply.sent ? '101' : '499';
}

/** Size of the response body in bytes; for a stream, the bytes written on the connection meanwhile. */
function bodySize(request: FastifyRequest, reply: FastifyReply, { socket, written }: Measured): number {
  if (request.method === 'HEAD' || reply.statusCode === 304) return 0;
  const length = reply.getHeader('content-length');
  if (length !== undefined) return Number(length);
  return socket ? Math.max(0, socket.bytesWritten - written) : 0;
}

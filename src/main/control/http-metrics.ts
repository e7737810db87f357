import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { problemOf } from './problem';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false`: the route is not counted at all. `stream`: it answers for as long as the client listens, so that its time says nothing and is not measured. */
    metrics?: false | 'stream';
  }
}

/** Upper bounds in seconds: answers out of memory take less than a millisecond, large images and uploads seconds. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Stands for every path that is no route: clients choose those, so that they must not become labels. */
export const UNKNOWN_ROUTE = 'unknown';
const OTHER_METHOD = 'other';

/** How an authentication ended: with one of the two rights, without a token, with a wrong one, or unheard because too many were wrong. */
export const AUTHENTICATIONS = ['control', 'read', 'missing', 'wrong', 'blocked'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

/** The metrics of an HTTP server. */
export interface HttpMetrics {
  /** Where they are. A route that wants to count something of its own registers its metric here and counts in its handler; it appears among the host's metrics. */
  readonly registry: Registry;
  authentication(result: Authentication): void;
  /** Counts every request of a server, whatever route it goes to, without the route doing anything. Has to be called before the routes are registered. */
  instrument(app: FastifyInstance): void;
}

interface Measured {
  readonly method: string;
  readonly route: string;
  readonly start: number;
  readonly stream: boolean;
  readonly socket: Socket | null;
  /** What the connection had carried before. */
  readonly written: number;
  requestBytes: number;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const place = ['method', 'route'] as const;
  const answer = [...place, 'code'] as const;
  const requests = new Counter({
    name: 'framegauge_http_requests_total',
    help: 'Requests to the control server that were answered',
    labelNames: answer,
    registers,
  });
  const duration = new Histogram({
    name: 'framegauge_http_request_duration_seconds',
    help: 'Time from a request to the control server to the end of its answer, streams left aside',
    labelNames: answer,
    buckets: BUCKETS,
    registers,
  });
  const inProgress = new Gauge({
    name: 'framegauge_http_requests_in_progress',
    help: 'Requests to the control server that are being answered, open streams among them',
    labelNames: place,
    registers,
  });
  const received = new Counter({
    name: 'framegauge_http_request_size_bytes_total',
    help: 'Size of the bodies of requests to the control server',
    labelNames: answer,
    registers,
  });
  const sent = new Counter({
    name: 'framegauge_http_response_size_bytes_total',
    help: 'Size of the bodies of the control server’s answers',
    labelNames: answer,
    registers,
  });
  const exceptions = new Counter({
    name: 'framegauge_http_exceptions_total',
    help: 'Requests to the control server that ended with a fault of the program’s',
    labelNames: place,
    registers,
  });
  const authentications = new Counter({
    name: 'framegauge_http_authentications_total',
    help: 'Tokens that clients of the control server showed, by what came of it',
    labelNames: ['result'],
    registers,
  });
  // A rate sees the first one only if there was a zero before.
  for (const result of AUTHENTICATIONS) authentications.inc({ result }, 0);

  const measured = new WeakMap<FastifyRequest, Measured>();

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    const { config, url } = request.routeOptions;
    if (config.metrics === false) return;
    const socket = request.raw.socket;
    const one: Measured = {
      method: METHODS.has(request.method) ? request.method : OTHER_METHOD,
      route: request.is404 || url === undefined ? UNKNOWN_ROUTE : url,
      start: performance.now(),
      stream: config.metrics === 'stream',
      socket,
      written: socket.bytesWritten,
      requestBytes: Number(request.headers['content-length'] ?? 0) || 0,
    };
    measured.set(request, one);
    const labels = { method: one.method, route: one.route };
    inProgress.inc(labels);
    // As for authentications.
    exceptions.inc(labels, 0);
    // Fastify’s own hook for answers does not hear of clients that leave before theirs has come.
    reply.raw.once('close', () => end(request, reply, one));
  }

  function end(request: FastifyRequest, reply: FastifyReply, one: Measured): void {
    const { method, route } = one;
    inProgress.dec({ method, route });
    const code = codeOf(request, reply);
    const labels = { method, route: code === '404' && route.endsWith('/*') ? UNKNOWN_ROUTE : route, code };
    requests.inc(labels);
    received.inc(labels, one.requestBytes);
    sent.inc(labels, bodySize(request, reply, one));
    if (!one.stream && code !== '101') duration.observe(labels, (performance.now() - one.start) / 1_000);
  }

  return {
    registry,
    authentication: (result) => authentications.inc({ result }),
    instrument(app) {
      app.addHook('onRequest', async (request, reply) => begin(request, reply));
      // Nobody says beforehand how long a body in chunks is.
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
        if (one && problemOf(error) === null) exceptions.inc({ method: one.method, route: one.route });
      });
    },
  };
}

/** 101 for a WebSocket, whose answer never goes through the reply; 499, as nginx has it, where the client left before there was an answer. */
function codeOf(request: FastifyRequest, reply: FastifyReply): string {
  if (reply.raw.headersSent) return String(reply.statusCode);
  return request.ws && reply.sent ? '101' : '499';
}

/** Of the answer's body, in bytes; of a stream, what the connection carried meanwhile. */
function bodySize(request: FastifyRequest, reply: FastifyReply, { socket, written }: Measured): number {
  if (request.method === 'HEAD' || reply.statusCode === 304) return 0;
  const length = reply.getHeader('content-length');
  if (length !== undefined) return Number(length);
  return socket ? Math.max(0, socket.bytesWritten - written) : 0;
}

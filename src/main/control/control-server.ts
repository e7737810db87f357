import type { Socket } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify, {
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { SOCKET_PROTOCOL } from '../../shared/host-api';
import { UserError, messageOf } from '../../shared/user-error';
import { createOwnNames, isOurHost, isOurOrigin } from './access';
import { type ApiOptions, registerApi } from './api';
import { STREAM_PATIENCE } from './event-stream';
import { RATE_LIMITS } from './guard';
import { PROBLEM_TYPE, Problem, problemDocument, problemOf, sendProblem } from './problem';

const API = '/api/v1';
/** The largest body of a request that is not an upload, in bytes. */
const MAX_BODY = 1024 * 1024;
/** How long a request may take to arrive, in milliseconds: a large scene over a slow line. */
const UPLOAD_TIME = 3_600_000;
/** How long connections may take to end by themselves when the server closes, in milliseconds. */
const CLOSE_PATIENCE = 250;

export interface ControlServerOptions
  extends Omit<ApiOptions, 'limits' | 'patience'>, Partial<Pick<ApiOptions, 'limits' | 'patience'>> {
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder of the built UI. */
  readonly ui: string;
  /** Routes of the engines, which do their own checks of who may use them. */
  readonly engineRoutes: FastifyPluginCallback;
  /** Told what went wrong inside while a request was answered. */
  onFault(error: unknown, request: { readonly method: string; readonly url: string }): void;
}

export interface ControlServer {
  /** `http://host:port` as this machine reaches it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the loopback server that carries the headless UI, the CLI, other programs and the render pages.
 *
 * @throws UserError when the address can't be had
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error);
    if (!problem) options.onFault(error, request);
    return sendProblem(
      reply,
      problem ?? new Problem(500, 'Something went wrong inside of Framegauge: its log says more.'),
    );
  };
  const app = fastify({
    bodyLimit: MAX_BODY,
    forceCloseConnections: true,
    requestTimeout: UPLOAD_TIME,
    clientErrorHandler: refuseConnection,
    frameworkErrors: answerError,
  });
  const names = createOwnNames(options.listen.host);
  options.metrics.instrument(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw new Problem(404, `There is nothing at ${request.url.split('?')[0]}.`);
  });

  app.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(request.headers.host, names()))
      throw new Problem(421, `This server does not answer for “${request.headers.host ?? ''}”.`);
    if (!isOurOrigin(request.headers.origin, request.headers.host))
      throw new Problem(403, 'Requests from other sites are refused.');
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
  });

  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: 512 * 1024 * 1024,
      handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
    },
  });
  app.get('/healthz', { config: { metrics: false } }, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  await app.register(options.engineRoutes);
  await app.register(fastifyStatic, {
    root: options.ui,
    // The render pages have routes of their own.
    setHeaders: (response) => {
      response.setHeader('x-frame-options', 'DENY');
      response.setHeader('cache-control', 'no-cache');
    },
  });
  await app.register((api) => registerApi(api, API, { limits: RATE_LIMITS, patience: STREAM_PATIENCE, ...options }), {
    prefix: API,
  });

  return listen(app, options.listen);
}

async function listen(
  app: FastifyInstance,
  { host, port: wanted }: ControlServerOptions['listen'],
): Promise<ControlServer> {
  try {
    await app.listen({ host, port: wanted });
  } catch (error) {
    await app.close();
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'EADDRINUSE' ? 'the port is in use' : code === 'EACCES' ? 'permission denied' : messageOf(error);
    throw new UserError(
      `The control server cannot listen on ${host}:${wanted} (${why}): choose another with --port or --host.`,
    );
  }
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  async function close(): Promise<void> {
    const closed = app.close();
    // Connections that asked for a WebSocket are no longer the HTTP server's to close: a client that holds on to one must not hold the host.
    const forced = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, CLOSE_PATIENCE);
    await closed;
    clearTimeout(forced);
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : wanted;
  const reachable = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return { url: `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`, close };
}

/** What never became a request: bytes that are no HTTP, headers that are too large, a client that takes too long. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'The request took too long to arrive.']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'The headers of the request are too large.']
        : [400, 'This is no HTTP request.'];
  const document = problemDocument(status as number, detail as string);
  const body = JSON.stringify(document);
  socket.end(
    `HTTP/1.1 ${status} ${document.title}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

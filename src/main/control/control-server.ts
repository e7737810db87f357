import type { Socket } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastify, {
  type FastifyInstance,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { SOCKET_PROTOCOL } from '../../shared/socket-messages';
import { UserError, messageOf } from '../../shared/user-error';
import { policyOfScript } from '../engines/pages/script-policy';
import { ADDONS, type AddonHttpOptions, registerAddonHttp } from './addon-http';
import { answerInTurn } from '../http/answer-in-turn';
import { type ConnectionLimits, limitConnections } from '../http/connections';
import { serveWebSockets } from '../http/serve-websockets';
import { oneAddress } from '../http/one-address';
import { createOwnNames, hostOf, isOurHost, isOurOrigin } from '../http/own-names';
import { type ApiOptions, registerApi } from './api';
import { STREAM_TIMING } from './event-stream';
import { createRefusalCount, RATE_LIMITS } from './token-guard';
import { MAX_PAGE_MESSAGE } from '../http/receive-limit';
import { PROBLEM_TYPE, Problem, problemDocument, problemOf, sendProblem } from '../http/problem';

const API = '/api/v1';
/** Maximum size of a request body other than an upload, in bytes. */
const MAX_BODY = 1024 * 1024;
/** Timeout for receiving a request, in milliseconds: a large scene over a slow line. */
const UPLOAD_TIME = 3_600_000;
/** Far above what browsers, scripts and Prometheus open, and below a process's limit of open files. */
const CONNECTION_LIMITS: ConnectionLimits = { total: 1_000, ofAddress: 250 };
/** Timeout for connections to end by themselves when the server closes, in milliseconds. */
const CLOSE_TIMEOUT = 250;

export interface ControlServerOptions
  extends
    Omit<ApiOptions, 'limits' | 'countRefusal' | 'streamTiming'>,
    Partial<Pick<ApiOptions, 'limits' | 'streamTiming'>> {
  readonly listen: { readonly host: string; readonly port: number };
  /** Host names that it accepts besides its own, in lower case; may change while it listens. */
  readonly names?: () => readonly string[];
  /** The add-ons whose routes are served; none by default. */
  readonly addons?: AddonHttpOptions['addons'];
  /** Folder of the built UI. */
  readonly ui: string;
  /** Routes of the engines, which do their own authorization. */
  readonly engineRoutes: FastifyPluginCallback;
  /** Receives internal errors that occurred while a request was handled. */
  onFault(error: unknown, request: { readonly method: string; readonly url: string }): void;
}

export interface ControlServer {
  /** `http://host:port` as reachable from this machine. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the control server for the headless UI, the CLI, other programs and the render pages.
 *
 * @throws UserError when the address cannot be bound
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
  answerInTurn(app.server);
  const further = options.names ?? (() => []);
  const names = createOwnNames(options.listen.host, further);
  options.metrics.instrument(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw new Problem(404, `There is nothing at ${request.url.split('?')[0]}.`);
  });

  app.addHook('onRequest', async (request, reply) => {
    const host = hostOf(request.raw);
    if (host === null) throw new Problem(400, 'A request names the host that it is for, and only one.');
    if (!isOurHost(host, names()))
      throw new Problem(
        421,
        `This server does not answer for “${host}”: if that is one of its names, add it with “serve --name” or the preference control.names.`,
      );
    if (!isOurOrigin(request.headers.origin, host, further()))
      throw new Problem(403, 'Requests from other sites are refused.');
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
  });

  await serveWebSockets(app, {
    handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
  });
  // ws reads the limit after it has emitted this; a frame above it is refused by its header, before its bytes are read.
  app.websocketServer.on('headers', (_headers, request) => {
    app.websocketServer.options.maxPayload = request.url?.startsWith(`${API}/`) ? MAX_BODY : MAX_PAGE_MESSAGE;
  });
  app.get('/healthz', { config: { metrics: false } }, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  await app.register(options.engineRoutes);
  await app.register(fastifyStatic, {
    root: options.ui,
    // The render pages have their own routes.
    setHeaders: (response, path) => {
      const policy = policyOfScript(path);
      if (policy !== null) response.setHeader('content-security-policy', policy);
      response.setHeader('x-frame-options', 'DENY');
      response.setHeader('cache-control', 'no-cache');
    },
  });
  const { addons, limits = RATE_LIMITS } = options;
  const guarded = { ...options, limits, countRefusal: await createRefusalCount(app, limits) };
  await app.register((api) => registerApi(api, API, { streamTiming: STREAM_TIMING, ...guarded }), { prefix: API });
  if (addons) await app.register((server) => registerAddonHttp(server, { ...guarded, addons }), { prefix: ADDONS });

  return listen(app, options.listen);
}

async function listen(
  app: FastifyInstance,
  { host, port: wanted }: ControlServerOptions['listen'],
): Promise<ControlServer> {
  const connections = limitConnections(app.server, CONNECTION_LIMITS);
  try {
    await app.listen({ host: await oneAddress(host), port: wanted });
  } catch (error) {
    await app.close();
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'EADDRINUSE'
        ? 'the port is in use'
        : code === 'EACCES'
          ? 'permission denied'
          : code === 'EADDRNOTAVAIL'
            ? 'this machine does not have that address'
            : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
              ? 'there is no machine of that name'
              : messageOf(error);
    throw new UserError(
      `The control server cannot listen on ${host}:${wanted} (${why}): choose another with --port or --host.`,
    );
  }
  async function close(): Promise<void> {
    const closed = app.close();
    // The HTTP server no longer closes connections upgraded to a WebSocket: a client that holds on to one must not keep
    // the host running.
    const forced = setTimeout(connections.destroy, CLOSE_TIMEOUT);
    await closed;
    clearTimeout(forced);
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : wanted;
  const reachable = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return { url: `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`, close };
}

/** Answers what never became a request: bytes that are not HTTP, oversized headers, a client that is too slow. */
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

import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { z } from 'zod';
import { type HostEvent, type OperationReply, SOCKET_PROTOCOL } from '../../shared/host-api';
import { MAX_SIDE } from '../../shared/jobs';
import { UserError, messageOf } from '../../shared/user-error';
import { isOurHost, isOurOrigin, isSameToken, tokenOf } from './access';
import { serveSocket } from './ui-socket';

/** The largest scene that may be uploaded, in bytes. */
const MAX_UPLOAD = 4 * 1024 ** 3;

/** Pixels of a thumbnail's longer side. */
const thumbnailSizeSchema = z.coerce.number().int().min(1).max(MAX_SIDE);

/** How long a request may take to arrive, in milliseconds: a large scene over a slow line. */
const UPLOAD_TIME = 3_600_000;
/** How long connections may take to end by themselves when the server closes, in milliseconds. */
const CLOSE_PATIENCE = 250;

export interface ControlServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly token: string;
  /** Folder of the built UI. */
  readonly ui: string;
  /** Where uploaded scenes are kept. */
  readonly uploads: string;
  /** File name endings that may be uploaded. */
  readonly sceneExtensions: readonly string[];
  /** Routes of the engines, which do their own checks of who may use them. */
  readonly engineRoutes: FastifyPluginCallback;
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  image(jobId: number, frame: number, size?: number): Promise<{ bytes: Uint8Array; type: string } | null>;
}

export interface ControlServer {
  /** `http://host:port` as this machine reaches it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the loopback server that carries the headless UI, the CLI and the render pages.
 *
 * @throws UserError when the address can't be had
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const app = fastify({ bodyLimit: 1024 * 1024, forceCloseConnections: true, requestTimeout: UPLOAD_TIME });
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', options.listen.host.includes(':') ? `[${options.listen.host}]` : options.listen.host]);

  app.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(request.headers.host, names)) return reply.code(421).send({ message: `This server does not answer for “${request.headers.host ?? ''}”.` });
    if (!isOurOrigin(request.headers.origin, request.headers.host)) return reply.code(403).send({ message: 'Requests from other sites are refused.' });
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
    return undefined;
  });

  await app.register(fastifyWebsocket, {
    options: { maxPayload: 512 * 1024 * 1024, handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false) },
  });
  await app.register(options.engineRoutes);
  await app.register(fastifyStatic, {
    root: options.ui,
    // The render pages have routes of their own.
    setHeaders: (response) => {
      response.setHeader('x-frame-options', 'DENY');
      response.setHeader('cache-control', 'no-cache');
    },
  });
  await app.register(apiRoutes(options), { prefix: '/api/v1' });

  try {
    await app.listen({ host: options.listen.host, port: options.listen.port });
  } catch (error) {
    await app.close();
    const code = (error as NodeJS.ErrnoException).code;
    const where = `${options.listen.host}:${options.listen.port}`;
    const why = code === 'EADDRINUSE' ? 'the port is in use' : code === 'EACCES' ? 'permission denied' : messageOf(error);
    throw new UserError(`The control server cannot listen on ${where} (${why}): choose another with --port or --host.`);
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
  const port = typeof address === 'object' && address ? address.port : options.listen.port;
  const reachable = ['0.0.0.0', '::'].includes(options.listen.host) ? '127.0.0.1' : options.listen.host;
  return { url: `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`, close };
}

function apiRoutes(options: ControlServerOptions): (api: FastifyInstance) => Promise<void> {
  return async (api) => {
    api.addHook('onRequest', async (request, reply) => {
      if (!isSameToken(tokenOf(request), options.token)) return reply.code(401).send({ message: 'The token is missing or wrong: the host printed it when it started.' });
      return undefined;
    });
    api.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));

    api.get('/socket', { websocket: true }, (socket) => serveSocket(socket, options));

    api.post('/operations/:operation', async (request, reply) => {
      const { operation } = request.params as { operation: string };
      const result = await options.call(operation, request.body ?? {});
      if (!result.ok) reply.code({ arguments: 400, failed: 409, internal: 500 }[result.error.kind]);
      return result;
    });

    api.get('/jobs/:id/frames/:frame/image', async (request, reply) => {
      const params = z.object({ id: z.coerce.number().int(), frame: z.coerce.number().int() }).safeParse(request.params);
      const query = z.object({ size: thumbnailSizeSchema.optional() }).safeParse(request.query);
      if (!query.success) return reply.code(400).send({ message: `The size of a thumbnail is asked wrongly: give the number of pixels of its longer side, 1 to ${MAX_SIDE}.` });
      const image = params.success ? await options.image(params.data.id, params.data.frame, query.data.size) : null;
      if (!image) return reply.code(404).send({ message: 'There is no image of that frame.' });
      return reply.header('content-type', image.type).header('cache-control', 'no-store').send(Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength));
    });

    api.post('/scenes', { bodyLimit: MAX_UPLOAD }, async (request, reply) => {
      const name = basename(String((request.query as { name?: unknown }).name ?? '')).replaceAll('\\', '_');
      if (!options.sceneExtensions.includes(extname(name).toLowerCase())) {
        return reply.code(400).send({ message: `“${name}” is no scene: drop one of ${options.sceneExtensions.join(', ')}.` });
      }
      await mkdir(options.uploads, { recursive: true });
      const path = join(options.uploads, name);
      const partial = `${path}.${process.pid}.tmp`;
      try {
        await pipeline(request.body as Readable, atMost(MAX_UPLOAD), createWriteStream(partial));
        await rename(partial, path);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      return { path };
    });
  };
}

/** Passes bytes on, up to a limit: a body without a length could go on for ever. */
function atMost(limit: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* passOn(source) {
    let passed = 0;
    for await (const chunk of source) {
      passed += chunk.length;
      if (passed > limit) throw new UserError(`The scene is larger than ${limit / 1024 ** 3} GiB: open it by its path.`);
      yield chunk;
    }
  };
}

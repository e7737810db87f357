import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { messageOf } from '../../../shared/user-error';
import { workerToHostSchema } from '../../../shared/worker-protocol';
import type { SharedScenes } from './shared-scenes';

/** Seconds that a new connection has to say `hello`. */
const HELLO_SECONDS = 5;

/** Who waits for a page to connect. */
export interface ExpectedWorker {
  readonly token: string;
  readonly scenes: SharedScenes;
  connected(socket: WebSocket): void;
}

/** Everything that the render pages ask of the host over HTTP and WebSocket. */
export interface WorkerConnections {
  /** To be registered by the control server, which has registered @fastify/websocket before and has checked `Host` and `Origin`. */
  readonly routes: FastifyPluginAsync;
  /** Path and fragment of the page's address. */
  pageFor(worker: ExpectedWorker): string;
  /** Path of a scene's address, from {@link SharedScenes.share}. */
  sceneAt(address: string): string;
  expect(worker: ExpectedWorker): void;
  /** From now on the worker's token opens nothing. */
  forget(worker: ExpectedWorker): void;
}

const PAGE_PREFIX = '/worker/page/';
const FILES_PREFIX = '/worker/files/';
/** The page's own policy is in it, too; the header also holds where the page is not HTML. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self' blob: data:; img-src blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** @param built folder with the built program */
export function createWorkerConnections(built: string): WorkerConnections {
  const expected = new Set<ExpectedWorker>();
  const find = (matches: (worker: ExpectedWorker) => boolean): ExpectedWorker | undefined =>
    [...expected].find(matches);

  function welcome(socket: WebSocket): void {
    const deadline = setTimeout(() => socket.close(1008, 'no hello'), HELLO_SECONDS * 1000);
    socket.once('close', () => clearTimeout(deadline));
    socket.on('error', () => socket.terminate());
    socket.once('message', (data, isBinary) => {
      clearTimeout(deadline);
      const hello = isBinary ? null : parseHello(String(data));
      const worker = hello === null ? undefined : find(({ token }) => sameToken(token, hello));
      if (!worker) socket.close(1008, 'unknown token');
      else worker.connected(socket);
    });
  }

  async function routes(server: FastifyInstance): Promise<void> {
    await server.register(fastifyStatic, {
      root: join(built, 'renderer'),
      prefix: PAGE_PREFIX,
      decorateReply: false,
      index: false,
      cacheControl: false,
      setHeaders: (response) => {
        for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
      },
    });
    server.get('/worker', { websocket: true }, (socket) => welcome(socket));
    server.get<{ Params: { token: string; number: string }; Querystring: { uri?: string } }>(
      `${FILES_PREFIX}:token/:number/scene`,
      async (request, reply) => {
        reply.headers({ ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
        const { token, number } = request.params;
        const worker = find(({ scenes }) => sameToken(scenes.token, token));
        if (!worker) return reply.code(404).send('There is nothing here.');
        const { uri } = request.query;
        let file: Awaited<ReturnType<typeof open>> | undefined;
        try {
          const path = worker.scenes.resolve(Number(number), uri);
          file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
            throw new Error(
              `The scene needs “${uri ?? path}”, which ${error.code === 'ENOENT' ? 'is not there' : 'cannot be read'}: put it there, or pack it into the scene file.`,
            );
          });
          const info = await file.stat();
          if (!info.isFile()) throw new Error(`The scene needs “${uri ?? path}”, which is not a file.`);
          reply.header('content-type', 'application/octet-stream').header('content-length', info.size);
          return await reply.send(
            createReadStream('', { fd: file, autoClose: true, ...(info.size > 0 ? { end: info.size - 1 } : {}) }),
          );
        } catch (error) {
          await file?.close().catch(() => undefined);
          return reply
            .code(404)
            .header('content-type', 'text/plain; charset=utf-8')
            .removeHeader('content-length')
            .send(messageOf(error));
        }
      },
    );
  }

  return {
    routes,
    pageFor: (worker) => `${PAGE_PREFIX}render-page/index.html#${encodeURIComponent(worker.token)}`,
    sceneAt: (address) => FILES_PREFIX + address,
    expect: (worker) => void expected.add(worker),
    forget: (worker) => void expected.delete(worker),
  };
}

function parseHello(text: string): string | null {
  try {
    const message = workerToHostSchema.parse(JSON.parse(text));
    return message.type === 'hello' ? message.token : null;
  } catch {
    return null;
  }
}

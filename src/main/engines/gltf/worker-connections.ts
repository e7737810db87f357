import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { UserError } from '../../../shared/user-error';
import { workerToHostSchema } from '../../../shared/worker-protocol';
import { keepConnection } from '../../http/connections';
import { limitReceived } from '../../http/receive-limit';
import { SCENE_POLICY, policyOfScript } from '../pages/script-policy';
import type { SharedScenes } from './shared-scenes';

/** Seconds until a new connection must have sent `hello`. */
const HELLO_SECONDS = 5;
/** Maximum number of bytes before `hello`, which has about eighty. */
const HELLO_BYTES = 4_096;
/**
 * Maximum number of connections without `hello`; beyond it, the oldest is closed. A page sends it as soon as it is
 * connected.
 */
const MAX_STRANGERS = 128;

/** A worker that waits for its page to connect. */
export interface ExpectedWorker {
  readonly token: string;
  readonly scenes: SharedScenes;
  connected(socket: WebSocket): void;
  /** Maximum number of bytes of its next message. */
  receiveLimit(): number;
}

/** HTTP and WebSocket routes for render pages. */
export interface WorkerConnections {
  /** To be registered by the control server after @fastify/websocket and the checks of `Host` and `Origin`. */
  readonly routes: FastifyPluginAsync;
  /** Path and fragment of the page's URL. */
  pageFor(worker: ExpectedWorker): string;
  /** Path of a scene's URL, from {@link SharedScenes.share}. */
  sceneAt(address: string): string;
  expect(worker: ExpectedWorker): void;
  /** Serves scenes to whoever was told their address, until the host ends. */
  serve(scenes: SharedScenes): void;
  /** Revokes the worker's token. */
  forget(worker: ExpectedWorker): void;
}

const PAGE_PREFIX = '/worker/page/';
const FILES_PREFIX = '/worker/files/';
/** The page contains the same policy; the header also covers responses that are not HTML. */
const PAGE_HEADERS = {
  'content-security-policy': SCENE_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** @param built folder of the built program */
export function createWorkerConnections(built: string): WorkerConnections {
  const expected = new Set<ExpectedWorker>();
  const find = (matches: (worker: ExpectedWorker) => boolean): ExpectedWorker | undefined =>
    [...expected].find(matches);

  const served = new Set<SharedScenes>();
  const strangers = new Set<WebSocket>();

  function welcome(socket: WebSocket, connection: Socket): void {
    let worker: ExpectedWorker | undefined;
    limitReceived(socket, connection, () => worker?.receiveLimit() ?? HELLO_BYTES);
    const known = (): void => {
      clearTimeout(deadline);
      strangers.delete(socket);
    };
    const deadline = setTimeout(() => {
      known();
      socket.close(1008, 'no hello');
      // Closes connections that don't respond.
      connection.destroySoon();
    }, HELLO_SECONDS * 1000);
    socket.once('close', known);
    socket.on('error', () => socket.terminate());
    socket.once('message', (data: Buffer, isBinary) => {
      known();
      const hello = isBinary || data.length > HELLO_BYTES ? null : parseHello(data);
      worker = hello === null ? undefined : find(({ token }) => sameToken(token, hello));
      if (worker) {
        keepConnection(connection);
        worker.connected(socket);
        return;
      }
      socket.close(1008, 'unknown token');
      connection.destroySoon();
    });
    strangers.add(socket);
    if (strangers.size > MAX_STRANGERS) {
      const [oldest] = strangers;
      strangers.delete(oldest!);
      oldest!.terminate();
    }
  }

  async function routes(server: FastifyInstance): Promise<void> {
    await server.register(fastifyStatic, {
      root: join(built, 'renderer'),
      prefix: PAGE_PREFIX,
      decorateReply: false,
      index: false,
      cacheControl: false,
      setHeaders: (response, path) => {
        for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
        const policy = policyOfScript(path);
        if (policy !== null) response.setHeader('content-security-policy', policy);
      },
    });
    server.get('/worker', { websocket: true }, (socket, request) => welcome(socket, request.raw.socket));
    server.get<{ Params: { token: string; number: string }; Querystring: { uri?: string } }>(
      `${FILES_PREFIX}:token/:number/scene`,
      async (request, reply) => {
        reply.headers({ ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' });
        const { token, number } = request.params;
        const scenes = [...served, ...[...expected].map((worker) => worker.scenes)].find((one) =>
          sameToken(one.token, token),
        );
        if (!scenes) return reply.code(404).send('There is nothing here.');
        keepConnection(request.raw.socket);
        const { uri } = request.query;
        let opened: Awaited<ReturnType<typeof scenes.open>>;
        try {
          opened = await scenes.open(Number(number), uri);
        } catch (error) {
          return reply.code(404).send(error instanceof UserError ? error.message : 'The file cannot be read.');
        }
        const { file, bytes } = opened;
        reply.header('content-type', 'application/octet-stream').header('content-length', bytes);
        return reply.send(file.createReadStream({ start: 0, ...(bytes > 0 && { end: bytes - 1 }) }));
      },
    );
  }

  return {
    routes,
    pageFor: (worker) => `${PAGE_PREFIX}render-page/index.html#${encodeURIComponent(worker.token)}`,
    sceneAt: (address) => FILES_PREFIX + address,
    expect: (worker) => void expected.add(worker),
    serve: (scenes) => void served.add(scenes),
    forget: (worker) => void expected.delete(worker),
  };
}

function parseHello(bytes: Buffer): string | null {
  try {
    const message = workerToHostSchema.parse(JSON.parse(bytes.toString()));
    return message.type === 'hello' ? message.token : null;
  } catch {
    return null;
  }
}

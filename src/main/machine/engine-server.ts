import fastify from 'fastify';
import { createOwnNames, hostOf, isOurHost } from '../http/own-names';
import { Problem, problemOf, sendProblem } from '../http/problem';
import { MAX_PAGE_MESSAGE } from '../http/receive-limit';
import { serveWebSockets } from '../http/serve-websockets';
import type { EngineRegistry } from '../engines/engine-registry';

const HOST = '127.0.0.1';

/** A loopback server with nothing but the routes of the engines, which do their own authorization. */
export interface EngineServer {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startEngineServer(
  routes: EngineRegistry['routes'],
  onFault: (error: unknown) => void,
): Promise<EngineServer> {
  const app = fastify({ forceCloseConnections: true });
  const names = createOwnNames(HOST);
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    if (!problem) onFault(error);
    return sendProblem(reply, problem ?? new Problem(500, 'Something went wrong inside of Framegauge.'));
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(hostOf(request.raw) ?? undefined, names())) throw new Problem(421, 'This server has no such name.');
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
  });
  await serveWebSockets(app, { maxPayload: MAX_PAGE_MESSAGE });
  await app.register(routes);
  return { url: await app.listen({ host: HOST, port: 0 }), close: () => app.close() };
}

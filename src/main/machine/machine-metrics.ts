import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { ServedMetrics } from '../../shared/machine-facts';
import { UserError, messageOf } from '../../shared/user-error';
import { answerInTurn } from '../http/answer-in-turn';
import type { MetricsAddress } from './metrics-address';

/** A machine's metrics for Prometheus. */
export interface MachineMetrics {
  readonly served: ServedMetrics;
  close(): Promise<void>;
}

const WILDCARDS = ['0.0.0.0', '::'];

/**
 * Serves `process_*` and `nodejs_*` of this machine's process. What it renders is counted by the manager, once.
 *
 * @throws UserError when it can't listen there
 */
export async function serveMachineMetrics({ host, port }: MetricsAddress): Promise<MachineMetrics> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    request.resume();
    const path = (request.url ?? '/').split('?', 1)[0];
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.end(body);
    };
    if (path !== '/metrics') return answer(404, 'text/plain; charset=utf-8', 'The metrics are at /metrics.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(405, 'text/plain; charset=utf-8', 'Use GET.\n');
    registry.metrics().then(
      (text) => answer(200, registry.contentType, text),
      () => answer(503, 'text/plain; charset=utf-8', 'The metrics could not be collected.\n'),
    );
  });
  answerInTurn(server);
  await listening(server, { host, port });
  return {
    served: { host: WILDCARDS.includes(host) ? null : host, port: (server.address() as AddressInfo).port },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listening(server: Server, { host, port }: MetricsAddress): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw new UserError(
      `Metrics cannot be served at ${host}:${port} (${messageOf(error)}): choose another address with --metrics.`,
    );
  }
}

import { join } from 'node:path';
import type { QueueAccess } from '../../shared/farm';
import type { Certificate } from './certificate';
import type { FarmPreferences } from './farm-preferences';
import type { RedisEndpoint } from './redis-endpoint';
import { startOwnRedis } from './redis-server';

/** Topic of what is told while the ticket queue can't be reached. */
export const TICKET_QUEUE = 'ticket-queue';

export interface QueueEngineOptions {
  /** The farm's, in the data folder. */
  readonly folder: string;
  readonly settings: FarmPreferences;
  readonly certificate: Certificate;
  notify(level: 'warning', text: string, topic?: string): void;
}

/** The server of the ticket queue: our own, or another one. */
export interface QueueEngine {
  /** As the manager reaches it. */
  readonly endpoint: RedisEndpoint;
  /** As a machine reaches it. */
  access(machineId: string): Omit<QueueAccess, 'password'>;
  close(): Promise<void>;
}

/** @throws UserError when the server can't be started, or can't be used as it is */
export async function openQueueEngine({
  folder,
  settings,
  certificate,
  notify,
}: QueueEngineOptions): Promise<QueueEngine> {
  const { userOf } = await import('./bullmq/machine-access');
  if (settings.redis !== '') {
    const { checkServer, endpointOf } = await import('./bullmq/check-server');
    const endpoint = endpointOf(settings.redis);
    const warning = await checkServer(endpoint);
    if (warning !== null) notify('warning', warning);
    const { host, port, tls } = endpoint;
    return {
      endpoint,
      access: (id) => ({ host, port, tls: tls ? 'public' : 'none', username: userOf(id) }),
      close: () => Promise.resolve(),
    };
  }
  const { host } = settings.listen;
  const own = await startOwnRedis({
    folder: join(folder, 'redis'),
    listen: { host, port: settings.listen.port === 0 ? 0 : settings.listen.port + 1 },
    certificate,
    onDeath: (reason) => notify('warning', reason, TICKET_QUEUE),
  });
  const { port, username, password } = own;
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return {
    endpoint: { host: local, port, username, password, tls: { ca: certificate.cert } },
    access: (id) => ({ host: null, port, tls: 'manager', username: userOf(id) }),
    close: own.close,
  };
}

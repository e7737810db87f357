import { join } from 'node:path';
import type { QueueAccess } from '../../shared/farm';
import type { Certificate } from './certificate';
import type { FarmPreferences } from './farm-preferences';
import type { RedisEndpoint } from './redis-endpoint';
import { startOwnRedis } from './redis-server';

/** Topic of what is told while the ticket queue can't be reached. */
export const TICKET_QUEUE = 'ticket-queue';
/** Tickets need a few MB. */
const MAX_MEMORY = '256mb';

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
  /** Limit of its data, in Redis's words, which is set before machines reach it; null where it is not ours to set. */
  readonly maxMemory: string | null;
  /** A script keeps it from everything else. */
  busy(): void;
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
      maxMemory: null,
      access: (id) => ({ host, port, tls: tls ? 'public' : 'none', username: userOf(id) }),
      busy: () =>
        notify(
          'warning',
          `The server ${host}:${port} of the preference farm.redis is kept busy by a script and answers nothing else: restart it (SCRIPT KILL may do), and forget the machine that you no longer trust.`,
          TICKET_QUEUE,
        ),
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
    maxMemory: MAX_MEMORY,
    access: (id) => ({ host: null, port, tls: 'manager', certificate: certificate.cert, username: userOf(id) }),
    busy: own.restart,
    close: own.close,
  };
}

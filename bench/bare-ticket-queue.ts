import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTicketQueue } from '../src/main/farm/bullmq/bullmq-ticket-queue';
import { openTicketSource } from '../src/main/farm/bullmq/bullmq-ticket-source';
import { userOf } from '../src/main/farm/bullmq/machine-access';
import { ownCertificate } from '../src/main/farm/certificate';
import { startOwnRedis } from '../src/main/farm/redis-server';
import type { Ticket } from '../src/shared/farm';
import { USUAL } from '../test/helpers/render-frame';

/** How many tickets wait at a machine, beside the one that it has. */
const AHEAD = 1;

/** Tickets that nobody renders, put and taken as a manager and its machines do. @returns tickets a second */
export async function measureBareQueue(machines: number, tickets: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'framegauge-bare-queue-'));
  const certificate = await ownCertificate(folder);
  const listen = { host: '127.0.0.1', port: 0 };
  const redis = await startOwnRedis({ folder: join(folder, 'redis'), listen, certificate, onDeath: () => undefined });
  const endpoint = { host: '127.0.0.1', port: redis.port, tls: { ca: certificate.cert } };
  const password = randomBytes(32).toString('base64url');
  const queueHash = createHash('sha256').update(password).digest('hex');
  const users = Array.from({ length: machines }, (_value, index) => ({
    id: index.toString(16).padStart(12, '0'),
    queueHash,
  }));
  const events = {
    onStalled: () => false,
    onBusy: () => undefined,
    onConnection: () => undefined,
    onSuperseded: () => undefined,
  };
  const onFault = (error: unknown): void => console.error(error);
  const queue = openTicketQueue({
    endpoint: { ...endpoint, username: redis.username, password: redis.password },
    epoch: { farm: 'bench', number: 1 },
    users: () => users,
    ...events,
    maxMemory: null,
    onFault,
  });
  for (const user of users) await queue.admit(user);
  while (!queue.connected) await new Promise((next) => setTimeout(next, 50));
  let put = 0;
  let taken = 0;
  let over: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (over = resolve));
  const more = async (id: string): Promise<void> => {
    if (put < tickets) await queue.put(id, ticket(++put));
  };
  const sources = users.map(({ id }) =>
    openTicketSource({
      endpoint: { ...endpoint, username: userOf(id), password },
      id,
      workers: 1,
      async run() {
        if (++taken === tickets) over();
        // Not awaited: the machine is no part of the manager.
        void more(id).catch(onFault);
      },
      onConnection: () => undefined,
      onFault,
    }),
  );
  try {
    while (!sources.every(({ connected }) => connected)) await new Promise((next) => setTimeout(next, 50));
    const begun = performance.now();
    for (let ahead = 0; ahead <= AHEAD; ahead++) await Promise.all(users.map(({ id }) => more(id)));
    await all;
    return tickets / ((performance.now() - begun) / 1_000);
  } finally {
    await Promise.all(sources.map((source) => source.close()));
    await queue.close();
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function ticket(lease: number): Ticket {
  return {
    ...USUAL,
    lease,
    engine: 'flat-colour',
    setup: '',
    scene: '0'.repeat(64),
    frame: 1,
    width: 16,
    height: 8,
    samples: 1,
  };
}

import { Worker } from 'bullmq';
import { type Ticket, leaseSchema, ticketSchema } from '../../../shared/farm';
import { within } from '../../../shared/within';
import type { RedisEndpoint } from '../redis-endpoint';
import type { RunTicket, TicketSource } from '../ticket-queue';
import { LOCK_DURATION, PREFIX, STALL_CHECK, cancelChannel, connect, jobIdOf } from './connection';

/** How long the tickets under way may take to be given up, in milliseconds. */
const CLOSE_TIMEOUT = 10_000;

export interface BullMqTicketSourceOptions {
  readonly endpoint: RedisEndpoint;
  /** Of this machine. */
  readonly id: string;
  /** Number of tickets that are run at once. */
  readonly workers: number;
  readonly run: RunTicket;
  /** The engine was reached, or lost. */
  onConnection(connected: boolean): void;
  onFault(error: unknown): void;
}

/** Opens a machine's side of the ticket queue. */
export function openTicketSource({
  endpoint,
  id,
  workers,
  run,
  onConnection,
  onFault,
}: BullMqTicketSourceOptions): TicketSource {
  const redis = connect(endpoint, 'wait');
  const cancels = connect(endpoint, 'wait');
  let closed = false;
  const tell = (): void => {
    if (!closed) onConnection(redis.status === 'ready');
  };
  // Their failures show in the connection's state, and in the commands that fail.
  for (const connection of [redis, cancels]) connection.on('error', () => undefined);
  redis.on('ready', tell);
  redis.on('close', tell);

  const worker = new Worker<unknown>(
    id,
    async ({ data }, _token, signal) => {
      // One that can't be read is of another version: the manager finds that nobody works on it.
      const ticket = ticketSchema.safeParse(data);
      if (ticket.success) await run(ticket.data as Ticket, signal as AbortSignal);
    },
    {
      connection: redis,
      prefix: PREFIX,
      concurrency: workers,
      lockDuration: LOCK_DURATION,
      stalledInterval: STALL_CHECK,
      skipStalledCheck: true,
      maxStalledCount: 0,
      runRetryDelay: 1_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', (error) => {
    // A ticket's lock is lost with the engine or with the lease: the delivery shows whether its frame is still wanted.
    if (!closed && redis.status === 'ready' && !/\bjob\b/i.test(error.message)) onFault(error);
  });

  function giveUp(lease: number): void {
    worker.cancelJob(jobIdOf(lease), 'the lease is void');
  }

  cancels.on('message', (_channel, text: string) => {
    const lease = leaseSchema.safeParse(Number(text));
    if (lease.success) giveUp(lease.data);
  });
  void cancels.subscribe(cancelChannel(id)).catch(() => undefined);

  return {
    get connected() {
      return redis.status === 'ready';
    },
    giveUp,
    async close() {
      closed = true;
      worker.cancelAllJobs('this machine stops');
      // Without its server, as where the machine was taken out of the farm, BullMQ waits for a connection for ever.
      await within(worker.close(redis.status !== 'ready'), CLOSE_TIMEOUT);
      redis.disconnect();
      cancels.disconnect();
    },
  };
}

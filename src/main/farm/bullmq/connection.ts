import { checkServerIdentity } from 'node:tls';
import { Redis, type RedisOptions } from 'ioredis';
import type { RedisEndpoint } from '../redis-endpoint';

/** Prefix of all keys, before the machine's id. */
export const PREFIX = 'framegauge';

/**
 * A silent connection is dropped after this time, in milliseconds: after a cut of the network the next one works at
 * once. The longest silence of a blocking command is 10 s.
 */
const SOCKET_TIMEOUT = 12_000;
const CONNECT_TIMEOUT = 5_000;
/** How long to wait for the first answers, in milliseconds. */
const ANSWER_TIMEOUT = 10_000;
const MAX_RETRY_DELAY = 1_000;

/**
 * Connects, and connects again whenever the connection is lost.
 *
 * @param commands `wait`: they wait for a connection, as BullMQ's blocking ones have to; `fail`: they fail without one
 */
export function connect(endpoint: RedisEndpoint, commands: 'wait' | 'fail'): Redis {
  const { host, port, username, password, tls } = endpoint;
  const options: RedisOptions = {
    host,
    port,
    username,
    password,
    ...(tls && { tls: tls.ca === undefined ? { host } : { ca: tls.ca, checkServerIdentity: pinned } }),
    // A machine's user has no right to tell more of itself.
    disableClientInfo: true,
    socketTimeout: SOCKET_TIMEOUT,
    connectTimeout: CONNECT_TIMEOUT,
    keepAlive: SOCKET_TIMEOUT,
    retryStrategy: (times) => Math.min(times * 100, MAX_RETRY_DELAY),
    ...(commands === 'wait'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 0, enableOfflineQueue: false, autoResendUnfulfilledCommands: false }),
  };
  return new Redis(options);
}

/**
 * Asks a server over a connection of its own.
 *
 * @throws what `questions` throws; an Error that says why there was no answer in time
 */
export async function consult<T>(endpoint: RedisEndpoint, questions: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = connect(endpoint, 'wait');
  let problem: unknown = null;
  redis.on('error', (error) => (problem = error));
  let timer: NodeJS.Timeout | undefined;
  // Commands wait for a connection, even beyond its end.
  const late = new Promise<never>((_resolve, reject) => {
    const tell = (): void => reject(problem ?? new Error(`no answer within ${ANSWER_TIMEOUT / 1000} s`));
    timer = setTimeout(tell, ANSWER_TIMEOUT);
  });
  try {
    return await Promise.race([questions(redis), late]);
  } finally {
    clearTimeout(timer);
    redis.disconnect();
  }
}

/** The one accepted certificate proves whose server it is, by whatever name that is reached. */
const pinned: typeof checkServerIdentity = () => undefined;

/** Whether a server refused a command since a script has kept it busy for longer than scripts may. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /\bBUSY /.test(error.message);
}

/** Where a machine hears of leases that it is to give up. */
export function cancelChannel(id: string): string {
  return `${PREFIX}:${id}:cancel`;
}

/** Name of a ticket in its queue. */
export function jobIdOf(lease: number): string {
  return `lease-${lease}`;
}

/** @returns null for a name of anything else */
export function leaseOf(jobId: string | undefined): number | null {
  const digits = /^lease-(\d{1,16})$/.exec(jobId ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** A lock on a ticket lasts this long, unless the machine that works on it renews it, in milliseconds. */
export const LOCK_DURATION = 6_000;
/** Interval between searches for tickets without a lock, in milliseconds. */
export const STALL_CHECK = 2_000;

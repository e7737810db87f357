import type { Redis } from 'ioredis';
import type { QueueUser } from '../ticket-queue';
import { PREFIX, cancelChannel } from './connection';

/** Name of a machine's user. */
export function userOf(id: string): string {
  return `${PREFIX}-${id}`;
}

/**
 * Commands that a BullMQ worker and its scripts use, on keys that the user may use anyway. Nothing that lists keys, that
 * concerns the server or other users, and no publishing.
 */
const COMMANDS = [
  ...['@hash', '@list', '@set', '@sortedset', '@string', '@stream'].map((category) => `+${category}`),
  '-@dangerous',
  ...['exists', 'del', 'unlink', 'pexpire', 'pexpireat', 'persist', 'pttl', 'type', 'time'].map((name) => `+${name}`),
  ...['eval', 'evalsha', 'subscribe', 'unsubscribe', 'ping', 'info'].map((name) => `+${name}`),
  '+client|setname',
];

/** Lets a machine use its own queue, and nothing else of the server. */
export async function grantAccess(redis: Redis, { id, queueHash }: QueueUser): Promise<void> {
  const keys = [`~${PREFIX}:${id}:*`, `&${cancelChannel(id)}`];
  await redis.call('ACL', 'SETUSER', userOf(id), 'reset', 'on', `#${queueHash}`, ...keys, '-@all', ...COMMANDS);
}

/** Ends a machine's connections, and its access. */
export async function revokeAccess(redis: Redis, id: string): Promise<void> {
  await redis.call('ACL', 'DELUSER', userOf(id));
}

import { randomUUID } from 'node:crypto';
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

/** Number of keys that are looked at at once. */
const SCAN_COUNT = 1_000;

/** Where it is kept which machines of a farm have access. */
function membersOf(farm: string): string {
  return `${PREFIX}:machines:${farm}`;
}

/** Lets a machine use its own queue, and nothing else of the server. @param farm what tells it from others there */
export async function grantAccess(redis: Redis, farm: string, { id, queueHash }: QueueUser): Promise<void> {
  // Also where its memory is full, and nothing can be added.
  if ((await redis.sismember(membersOf(farm), id)) === 0) await redis.sadd(membersOf(farm), id);
  await setUser(redis, id, 'on', `#${queueHash}`);
}

/** Makes a user as machines get one, which nobody can use, and deletes it. @throws what the server says against it */
export async function tryAccess(redis: Redis): Promise<void> {
  const id = `probe-${randomUUID()}`;
  await setUser(redis, id, 'off');
  await revokeAccess(redis, id);
}

/** Servers whose `acl-pubsub-default` is allchannels, as that of Redis 6.2, take a channel after `resetchannels` only. */
async function setUser(redis: Redis, id: string, ...state: readonly string[]): Promise<void> {
  const keys = [`~${PREFIX}:${id}:*`, 'resetchannels', `&${cancelChannel(id)}`];
  await redis.call('ACL', 'SETUSER', userOf(id), 'reset', ...state, ...keys, '-@all', ...COMMANDS);
}

/** Ends a machine's connections, and its access. */
export async function revokeAccess(redis: Redis, id: string): Promise<void> {
  await redis.call('ACL', 'DELUSER', userOf(id));
}

/** Deletes every key that a machine may have written, whatever it is. Call when it has no access. */
export async function deleteKeys(redis: Redis, id: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${PREFIX}:${id}:*`, 'COUNT', SCAN_COUNT);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}

/** The machines of a farm that were granted access, and not dropped since. */
export async function grantedMachines(redis: Redis, farm: string): Promise<string[]> {
  return redis.smembers(membersOf(farm));
}

/** Call when nothing is left of a machine. */
export async function dropMachine(redis: Redis, farm: string, id: string): Promise<void> {
  await redis.srem(membersOf(farm), id);
}

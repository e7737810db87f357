import type { Redis } from 'ioredis';
import { unbracketed } from '../../../shared/host-names';
import { UserError, messageOf } from '../../../shared/user-error';
import type { RedisEndpoint } from '../redis-endpoint';
import { consult } from './connection';
import { tryAccess } from './machine-access';

/** The oldest version that BullMQ is recommended with, and that restricts users to channels. */
const MIN_VERSION = [6, 2] as const;

/** Reads the address of a server that is not ours. @throws UserError when it is none */
export function endpointOf(text: string): RedisEndpoint {
  try {
    const url = new URL(text);
    if (!['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') throw new Error('another address');
    return {
      host: unbracketed(url.hostname),
      port: Number(url.port) || 6379,
      username: decodeURIComponent(url.username) || undefined,
      password: decodeURIComponent(url.password) || undefined,
      tls: url.protocol === 'rediss:' ? {} : null,
    };
  } catch {
    throw new UserError(
      'The preference farm.redis is no address of a server: write redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS. A % in a password is written %25.',
    );
  }
}

/**
 * Checks the settings of a server that is not ours.
 *
 * @returns a warning for the user, as a sentence; null for none
 * @throws UserError when it can't be reached, or would lose or evict tickets
 */
export async function checkServer(endpoint: RedisEndpoint): Promise<string | null> {
  const where = `The server ${endpoint.host}:${endpoint.port} of the preference farm.redis`;
  try {
    return await consult(endpoint, (redis) => checkSettings(redis, where));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${where} cannot be used (${messageOf(error)}): check its address, user and password.`);
  }
}

async function checkSettings(redis: Redis, where: string): Promise<string | null> {
  const info = await redis.info();
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const version = field('valkey_version') || field('redis_version');
  if (isOlder(version))
    throw new UserError(
      `${where} is version ${version}: Redis ${MIN_VERSION.join('.')} or later, or Valkey, is needed.`,
    );
  const policy = field('maxmemory_policy');
  if (policy !== 'noeviction')
    throw new UserError(
      `${where} evicts keys when its memory is full (maxmemory-policy ${policy}): set maxmemory-policy noeviction.`,
    );
  await tryAccess(redis).catch((error: unknown) => {
    throw new UserError(
      `${where} does not let its user create users for machines (${messageOf(error)}): allow that one ACL SETUSER and ACL DELUSER.`,
    );
  });
  return field('aof_enabled') === '1'
    ? null
    : `${where} does not write its data to disk at once: set appendonly yes, or frames in work are rendered again after it has crashed.`;
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1]);
}

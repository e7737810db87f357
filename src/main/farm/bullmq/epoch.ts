import type { Redis } from 'ioredis';
import { UserError, messageOf } from '../../../shared/user-error';
import type { RedisEndpoint } from '../redis-endpoint';
import { PREFIX, consult } from './connection';

/*
 * Every start of a manager is an epoch of its farm, and the latest counts: one that was thought dead, or that a backup
 * has brought back, hands out nothing more. The number is in the manager's database, too, by its leases: a server that
 * was wiped does not set it back.
 */

/** The highest epoch: what leases leave room for. */
const MAX_EPOCH = 2 ** 20 - 1;

export interface Epoch {
  /** What tells this farm from others on the same server. */
  readonly farm: string;
  readonly number: number;
}

/** Takes the next number: ARGV[1], or more. */
const CLAIM = `
  local number = math.max((tonumber(redis.call('get', KEYS[1])) or 0) + 1, tonumber(ARGV[1]))
  redis.call('set', KEYS[1], string.format('%d', number))
  return number`;

/** 1 while ARGV[1] is the highest number; that is written again after the server was wiped. */
const HOLDS = `
  local number = tonumber(redis.call('get', KEYS[1])) or 0
  if number > tonumber(ARGV[1]) then return 0 end
  if number < tonumber(ARGV[1]) then redis.call('set', KEYS[1], ARGV[1]) end
  return 1`;

/**
 * Begins an epoch, which ends that of any other manager of the farm.
 *
 * @param least the lowest number that it may get
 * @throws UserError when the server can't be reached
 */
export async function claimEpoch(endpoint: RedisEndpoint, farm: string, least: number): Promise<number> {
  try {
    const number = Number(await consult(endpoint, (redis) => redis.eval(CLAIM, 1, keyOf(farm), least)));
    if (number >= 1 && number <= MAX_EPOCH) return number;
    throw new Error(`${keyOf(farm)} is ${number}: delete it`);
  } catch (error) {
    throw new UserError(`The ticket server ${endpoint.host}:${endpoint.port} cannot be used (${messageOf(error)}).`);
  }
}

/** Whether no manager of the farm has begun a later epoch. @throws Error while the server is away */
export async function holdsEpoch(redis: Redis, { farm, number }: Epoch): Promise<boolean> {
  return Number(await redis.eval(HOLDS, 1, keyOf(farm), number)) === 1;
}

function keyOf(farm: string): string {
  return `${PREFIX}:epoch:${farm}`;
}

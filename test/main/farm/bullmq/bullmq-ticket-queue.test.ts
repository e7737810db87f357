import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { type BullMqTicketQueueOptions, openTicketQueue } from '../../../../src/main/farm/bullmq/bullmq-ticket-queue';
import { connect } from '../../../../src/main/farm/bullmq/connection';
import { userOf } from '../../../../src/main/farm/bullmq/machine-access';
import type { QueueUser, TicketQueue } from '../../../../src/main/farm/ticket-queue';
import type { Ticket } from '../../../../src/shared/farm';
import { eventually } from '../../../helpers/eventually';
import { needs } from '../../../helpers/needs';
import { startRedis } from '../../../helpers/redis';

const PASSWORD = 'the password of every machine';
const queueHash = createHash('sha256').update(PASSWORD).digest('hex');
const [LEFT, RIGHT] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'].map((id) => ({ id, queueHash })) as [QueueUser, QueueUser];

/** A ticket that nobody looks into. */
const ticketOf = (lease: number): Ticket => ({ lease }) as Ticket;

/** Settles when the queue is connected. @param more of the options */
async function open(
  port: number,
  users: readonly QueueUser[],
  farm = 'studio',
  more: Partial<BullMqTicketQueueOptions> = {},
): Promise<TicketQueue> {
  let tell: () => void = () => undefined;
  const connected = new Promise<void>((resolve) => (tell = resolve));
  const queue = openTicketQueue({
    endpoint: { host: '127.0.0.1', port, username: undefined, password: undefined, tls: null },
    epoch: { farm, number: 1 },
    users: () => users,
    onStalled: () => false,
    onConnection: (now) => now && tell(),
    onSuperseded: () => expect.unreachable(),
    maxMemory: null,
    onBusy: () => expect.unreachable(),
    onFault: (error) => expect.unreachable(String(error)),
    ...more,
  });
  onTestFinished(() => queue.close());
  for (const user of users) await queue.admit(user);
  await connected;
  return queue;
}

/** A connection of the server's owner, or of a machine. */
function connected(port: number, machine?: QueueUser): Redis {
  const who = machine
    ? { username: userOf(machine.id), password: PASSWORD }
    : { username: undefined, password: undefined };
  const redis = connect({ host: '127.0.0.1', port, ...who, tls: null }, 'wait');
  onTestFinished(() => redis.disconnect());
  return redis;
}

needs.redis('the ticket queue', () => {
  it('leaves nothing of a machine that was forgotten while it was away, and all of other farms', async () => {
    // As Redis 6.2 is without a configuration.
    const { port } = await startRedis(['--acl-pubsub-default', 'allchannels']);
    const redis = connect({ host: '127.0.0.1', port, username: undefined, password: undefined, tls: null }, 'wait');
    onTestFinished(() => redis.disconnect());
    const usersThere = async (): Promise<unknown> => ((await redis.call('ACL', 'USERS')) as string[]).sort();
    const keysOf = ({ id }: QueueUser): Promise<string[]> => redis.keys(`framegauge:${id}:*`);
    const first = await open(port, [LEFT, RIGHT]);
    const other = { id: 'cccccccccccc', queueHash: 'c'.repeat(64) };
    await open(port, [other], 'elsewhere');
    await eventually(
      'the keys of both',
      async () => (await keysOf(LEFT)).length * (await keysOf(other)).length || null,
    );
    expect(await redis.hget(`framegauge:${LEFT.id}:meta`, 'opts.maxLenEvents')).toBe('10');
    await first.close();

    await open(port, [RIGHT]);
    await eventually('the end of one', async () => ((await keysOf(LEFT)).length === 0 ? true : null));
    expect(await usersThere()).toEqual(['default', ...[RIGHT, other].map(({ id }) => `framegauge-${id}`)]);
    expect(await redis.call('ACL', 'GETUSER', userOf(RIGHT.id))).toContain(`&framegauge:${RIGHT.id}:cancel`);
    expect((await keysOf(other)).length).toBeGreaterThan(0);
  });

  it('deletes no keys that a machine calls children of its tickets', async () => {
    const { port } = await startRedis();
    const owner = connected(port);
    await owner.set('studio:precious', 'kept');
    const asked: number[] = [];
    const onStalled = (_id: string, lease: number): boolean => {
      asked.push(lease);
      return lease === 8;
    };
    const queue = await open(port, [LEFT, RIGHT], 'studio', { onStalled });
    const machine = connected(port, LEFT);
    const key = (name: string): string => `framegauge:${LEFT.id}:${name}`;
    const foreign = ['studio:precious', `framegauge:${RIGHT.id}:meta`, 'framegauge:epoch:studio'];
    for (const job of ['lease-7', 'lease-8', 'lease-9', 'lunch'])
      await machine.sadd(key(`${job}:dependencies`), ...foreign);
    const there = await owner.exists(...foreign);
    expect(there).toBe(3);

    await queue.put(LEFT.id, ticketOf(7));
    await queue.withdraw(LEFT.id, 7);
    expect(await queue.placeOf(LEFT.id, 7)).toBe('gone');
    expect(await owner.exists(...foreign)).toBe(3);

    // What it says has stalled is another manager’s, or nothing at all, or in work.
    const stalled = ['lunch', 'lease-9', 'lease-8'];
    for (const job of stalled) {
      await machine.hset(key(job), 'name', 'frame');
      await machine.rpush(key('active'), job);
    }
    await machine.sadd(key('stalled'), ...stalled);
    await eventually('the end of the one in work', async () =>
      (await owner.exists(key('lease-8'))) === 0 ? true : null,
    );
    expect(asked.sort()).toEqual([8, 9]);
    expect(await owner.exists(key('lunch'), key('lease-9'))).toBe(2);
    expect(await owner.exists(...foreign)).toBe(3);
  });

  it('leaves nothing of a machine, whatever that has put there, which is in no way of the others', async () => {
    const { port } = await startRedis();
    const owner = connected(port);
    const first = await open(port, [LEFT]);
    await eventually('its keys', async () => (await owner.exists(`framegauge:${LEFT.id}:meta`)) || null);
    const machine = connected(port, LEFT);
    for (const name of ['wait', 'active', 'meta', 'events', 'stalled'])
      await machine.del(`framegauge:${LEFT.id}:${name}`);
    for (const name of ['wait', 'active', 'events', 'any']) await machine.set(`framegauge:${LEFT.id}:${name}`, 'mine');
    await machine.mset(...Array.from({ length: 5_000 }, (_, at) => [`framegauge:${LEFT.id}:${at}`, 'x']).flat());
    await first.close();

    const second = await open(port, [LEFT, RIGHT], 'studio', { onFault: () => undefined });
    await second.put(RIGHT.id, ticketOf(1));
    expect(await second.placeOf(RIGHT.id, 1)).toBe('waiting');
    expect(await connected(port, RIGHT).exists(`framegauge:${RIGHT.id}:wait`)).toBe(1);
    await second.expel(LEFT.id);
    expect(await owner.keys(`framegauge:${LEFT.id}:*`)).toEqual([]);
    expect(await owner.exists(`framegauge:${RIGHT.id}:wait`)).toBe(1);
  });

  it('forgets a machine whose end a busy server has refused, as soon as it answers again', async () => {
    const { port } = await startRedis(['--lua-time-limit', '1']);
    const owner = connected(port);
    const keysOf = (): Promise<string[]> => owner.keys(`framegauge:${LEFT.id}:*`);
    let refusals = 0;
    const more = { epochCheck: 20, onBusy: () => void refusals++, onFault: () => undefined };
    const queue = await open(port, [LEFT, RIGHT], 'studio', more);
    await queue.put(LEFT.id, ticketOf(1));
    expect(await keysOf()).not.toEqual([]);
    const script = connected(port)
      .eval('while true do end', 0)
      .catch(() => undefined);
    await eventually('the first refusal', async () => (refusals > 0 ? true : null));
    await queue.expel(LEFT.id);
    await owner.script('KILL');
    await script;
    const members = (): Promise<string[]> => owner.smembers('framegauge:machines:studio');
    await eventually('its end', async () => ((await members()).includes(LEFT.id) ? null : true));
    expect(await owner.call('ACL', 'USERS')).toEqual(['default', userOf(RIGHT.id)]);
    expect(await keysOf()).toEqual([]);
    await queue.put(RIGHT.id, ticketOf(2));
    expect(await queue.placeOf(RIGHT.id, 2)).toBe('waiting');
  });

  it('takes tickets again once a machine that has filled the memory is forgotten', async () => {
    const { port } = await startRedis();
    const more = { maxMemory: '8mb', onFault: () => undefined };
    const first = await open(port, [LEFT], 'studio', more);
    const machine = connected(port, LEFT);
    const fill = async (): Promise<void> => {
      for (let at = 0; at < 1_000; at++) await machine.set(`framegauge:${LEFT.id}:${at}`, 'x'.repeat(100_000));
    };
    await expect(fill()).rejects.toThrow(/OOM/);
    await first.close();
    const second = await open(port, [LEFT], 'studio', more);
    await second.expel(LEFT.id);
    await second.admit(RIGHT);
    await second.put(RIGHT.id, ticketOf(1));
    expect(await second.placeOf(RIGHT.id, 1)).toBe('waiting');
  });
});

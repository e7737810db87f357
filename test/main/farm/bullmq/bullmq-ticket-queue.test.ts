import { expect, it, onTestFinished } from 'vitest';
import { openTicketQueue } from '../../../../src/main/farm/bullmq/bullmq-ticket-queue';
import { connect } from '../../../../src/main/farm/bullmq/connection';
import type { QueueUser, TicketQueue } from '../../../../src/main/farm/ticket-queue';
import { eventually } from '../../../helpers/eventually';
import { needs } from '../../../helpers/needs';
import { startRedis } from '../../../helpers/redis';

const [LEFT, RIGHT] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'].map((id) => ({ id, queueHash: id[0]!.repeat(64) })) as [
  QueueUser,
  QueueUser,
];

/** Settles when the queue is connected. */
async function open(port: number, users: readonly QueueUser[], farm = 'studio'): Promise<TicketQueue> {
  let tell: () => void = () => undefined;
  const connected = new Promise<void>((resolve) => (tell = resolve));
  const queue = openTicketQueue({
    endpoint: { host: '127.0.0.1', port, username: undefined, password: undefined, tls: null },
    epoch: { farm, number: 1 },
    users: () => users,
    onStalled: () => undefined,
    onConnection: (now) => now && tell(),
    onSuperseded: () => expect.unreachable(),
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => queue.close());
  for (const user of users) await queue.admit(user);
  await connected;
  return queue;
}

needs.redis('the ticket queue', () => {
  it('leaves nothing of a machine that was forgotten while it was away, and all of other farms', async () => {
    const { port } = await startRedis();
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
    expect((await keysOf(other)).length).toBeGreaterThan(0);
  });
});

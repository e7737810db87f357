import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../../src/main/farm/bullmq/connection';
import { claimEpoch, holdsEpoch } from '../../../../src/main/farm/bullmq/epoch';
import { needs } from '../../../helpers/needs';
import { startRedis } from '../../../helpers/redis';

const endpointAt = (port: number) => ({
  host: '127.0.0.1',
  port,
  username: undefined,
  password: undefined,
  tls: null,
});

needs.redis('the epoch of a manager', () => {
  it('is higher than any before, of its server and of its database, and ends theirs', async () => {
    const endpoint = endpointAt((await startRedis()).port);
    const redis = connect(endpoint, 'wait');
    onTestFinished(() => redis.disconnect());
    const claim = (least: number): Promise<number> => claimEpoch(endpoint, 'studio', least);
    const holds = (number: number, farm = 'studio'): Promise<boolean> => holdsEpoch(redis, { farm, number });
    expect([await claim(1), await claim(1), await claim(7), await claim(3)]).toEqual([1, 2, 7, 8]);
    expect([await holds(7), await holds(8)]).toEqual([false, true]);
    // Another farm on the same server is none of its business.
    expect([await claimEpoch(endpoint, 'other', 1), await holds(8)]).toEqual([1, true]);
    // A server that was wiped learns it again.
    await redis.flushall();
    expect([await holds(8), await holds(7), await claim(1)]).toEqual([true, false, 9]);
  });

  it('is refused in a sentence where the server’s number is damaged', async () => {
    const endpoint = endpointAt((await startRedis()).port);
    const redis = connect(endpoint, 'wait');
    onTestFinished(() => redis.disconnect());
    await redis.set('framegauge:epoch:studio', '99999999');
    await expect(claimEpoch(endpoint, 'studio', 1)).rejects.toThrow(
      /^The ticket server 127\.0\.0\.1:\d+ cannot be used \(framegauge:epoch:studio is 100000000: delete it\)\.$/,
    );
  });
});

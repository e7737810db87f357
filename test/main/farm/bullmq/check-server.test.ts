import { describe, expect, it } from 'vitest';
import { checkServer, endpointOf } from '../../../../src/main/farm/bullmq/check-server';
import { freePort } from '../../../helpers/free-port';
import { needs } from '../../../helpers/needs';
import { startRedis } from '../../../helpers/redis';

describe('the address of a server', () => {
  it.each([
    ['redis://10.0.0.5', { host: '10.0.0.5', port: 6379, tls: null }],
    ['redis://[fd00::5]:7000', { host: 'fd00::5', port: 7000, tls: null }],
    ['rediss://farm:a%2Fb@redis.studio', { host: 'redis.studio', username: 'farm', password: 'a/b', tls: {} }],
  ])('%s is read', (text, parts) => {
    expect(endpointOf(text)).toMatchObject(parts);
  });

  it.each(['10.0.0.5', 'http://10.0.0.5', 'redis://', 'redis://farm:%zz@10.0.0.5', 'nonsense'])(
    '%s is refused in a sentence',
    (text) => {
      expect(() => endpointOf(text)).toThrow(/^The preference farm\.redis is no address of a server: write redis:/);
    },
  );
});

needs.redis('a server that is not ours', () => {
  it('is taken where it keeps what it is given', async () => {
    const { port } = await startRedis(['--appendonly', 'yes']);
    await expect(checkServer(endpointOf(`redis://127.0.0.1:${port}`))).resolves.toBeNull();
  });

  it('is taken with a warning where a crash loses tickets', async () => {
    const { port } = await startRedis([]);
    await expect(checkServer(endpointOf(`redis://127.0.0.1:${port}`))).resolves.toMatch(
      /does not write its data to disk at once: set appendonly yes/,
    );
  });

  it('is refused where machines can get no users', async () => {
    const rights = '--user farm on >right ~* &* +@all -acl|setuser';
    const { port } = await startRedis(['--appendonly', 'yes', ...rights.split(' ')]);
    await expect(checkServer(endpointOf(`redis://farm:right@127.0.0.1:${port}`))).rejects.toThrow(
      /does not let its user create users for machines \(.*NOPERM.*\): allow that one ACL SETUSER and ACL DELUSER\.$/,
    );
  });

  it('is refused where it evicts tickets', async () => {
    const { port } = await startRedis(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']);
    await expect(checkServer(endpointOf(`redis://127.0.0.1:${port}`))).rejects.toThrow(
      `The server 127.0.0.1:${port} of the preference farm.redis evicts keys when its memory is full (maxmemory-policy allkeys-lru): set maxmemory-policy noeviction.`,
    );
  });

  it('is refused where the password is wrong, and where none is there', async () => {
    const { port } = await startRedis(['--requirepass', 'right']);
    await expect(checkServer(endpointOf(`redis://:wrong@127.0.0.1:${port}`))).rejects.toThrow(
      /cannot be used \(.*WRONGPASS.*\): check its address, user and password\.$/,
    );
    await expect(checkServer(endpointOf(`redis://127.0.0.1:${await freePort()}`))).rejects.toThrow(
      /cannot be used \(.*ECONNREFUSED.*\): check its address/,
    );
  });
});

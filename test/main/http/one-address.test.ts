import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { oneAddress } from '../../../src/main/http/one-address';
import { startControlHost } from '../../helpers/control-host';

it('is one for a host that has several', async () => {
  expect(await oneAddress('localhost')).toMatch(/^(?:127\.0\.0\.1|::1)$/);
  for (const host of ['0.0.0.0', '::', '10.0.0.5', 'render.studio.example']) expect(await oneAddress(host)).toBe(host);
});

it('is the only one that a control server on localhost has', async () => {
  const { url } = await startControlHost({ listen: { host: 'localhost', port: 0 } });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(new URL(url).hostname).toBe('localhost');
  const open = async (host: string): Promise<boolean> => {
    const socket = connect({ host, port: Number(new URL(url).port) });
    const opened = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    return opened;
  };
  expect([await open('127.0.0.1'), await open('::1')].filter(Boolean)).toEqual([true]);
});

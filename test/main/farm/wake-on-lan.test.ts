import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { broadcastTargets, hardwareAddresses, magicPacket, wakeOnLan } from '../../../src/main/farm/wake-on-lan';

const MAC = '0a:1b:2c:3d:4e:5f';
const lan = {
  address: '192.168.17.5',
  netmask: '255.255.252.0',
  family: 'IPv4',
  mac: MAC,
  internal: false,
  cidr: null,
};
const loopback = { ...lan, address: '127.0.0.1', netmask: '255.0.0.0', mac: '00:00:00:00:00:00', internal: true };

it('sends a packet that holds a hardware address sixteen times', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const received = once(socket, 'message') as Promise<[Buffer]>;
  await wakeOnLan([MAC], [{ address: '127.0.0.1', port: socket.address().port }]);
  const [packet] = await received;
  expect(packet.toString('hex')).toBe('ff'.repeat(6) + '0a1b2c3d4e5f'.repeat(16));
  expect(magicPacket(MAC)).toHaveLength(102);
});

it('tells when none could be sent', async () => {
  await expect(wakeOnLan([MAC], [{ address: '::1', port: 9 }])).rejects.toThrow(/^No magic packet could be sent/);
});

it('finds the hardware addresses and the networks of a machine', () => {
  const interfaces = { lo: [loopback], eth0: [lan] } as unknown as Parameters<typeof hardwareAddresses>[0];
  expect(hardwareAddresses(interfaces)).toEqual([MAC]);
  expect(broadcastTargets(interfaces)).toEqual([
    { address: '192.168.19.255', port: 9 },
    { address: '255.255.255.255', port: 9 },
  ]);
});

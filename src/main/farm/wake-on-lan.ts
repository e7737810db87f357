import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { UserError, messageOf } from '../../shared/user-error';

/** Port that magic packets are sent to by custom (discard). */
const PORT = 9;
/** A packet may be lost, and nothing answers. */
const REPEATS = 3;
const MAC = /^(?:[\da-f]{2}:){5}[\da-f]{2}$/;

/** Where magic packets are sent. */
export interface WakeTarget {
  readonly address: string;
  readonly port: number;
}

/** The packet that turns on a computer: six bytes of 255, then its hardware address sixteen times. @param mac as 0a:1b:… */
export function magicPacket(mac: string): Buffer {
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex');
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => address)]);
}

/** Hardware addresses of this machine, as 0a:1b:…; those of loopback and virtual ones without any are left out. */
export function hardwareAddresses(interfaces = networkInterfaces()): string[] {
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const own = all.filter(({ internal, mac }) => !internal && MAC.test(mac) && mac !== '00:00:00:00:00:00');
  return [...new Set(own.map(({ mac }) => mac))];
}

/** The broadcast addresses of the networks that this machine is in: routers pass no magic packets on. */
export function broadcastTargets(interfaces = networkInterfaces()): WakeTarget[] {
  const own = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  const addresses = own.map(({ address, netmask }) => {
    const mask = netmask.split('.').map(Number);
    return address
      .split('.')
      .map((part, index) => (Number(part) & mask[index]!) | (~mask[index]! & 0xff))
      .join('.');
  });
  return [...new Set([...addresses, '255.255.255.255'])].map((address) => ({ address, port: PORT }));
}

/**
 * Sends magic packets. That they were sent is all that can be known.
 *
 * @throws UserError when none could be sent
 */
export async function wakeOnLan(macs: readonly string[], targets = broadcastTargets()): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((bound, failed) => {
      socket.once('error', failed);
      socket.bind(0, () => bound());
    });
    socket.setBroadcast(true);
    let sent = 0;
    let problem: unknown = null;
    for (const { address, port } of targets)
      for (const mac of macs)
        for (let repeat = 0; repeat < REPEATS; repeat++)
          await new Promise<void>((done) => {
            socket.send(magicPacket(mac), port, address, (error) => {
              if (error) problem = error;
              else sent++;
              done();
            });
          });
    if (sent === 0) throw problem;
  } catch (error) {
    throw new UserError(`No magic packet could be sent (${messageOf(error)}): check the network of the manager.`);
  } finally {
    socket.close();
  }
}

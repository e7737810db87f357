import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a port of this machine, which can be cut: nothing comes through then, and nobody is told. */
export interface TcpProxy {
  readonly port: number;
  cut(): void;
  heal(): void;
  /** Ends the connections, as a router that is started again does. */
  breakOff(): void;
}

/** @param target port on the loopback interface */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const ends = new Set<readonly [Socket, Socket]>();
  let whole = true;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    ends.add(pair);
    const over = (): void => {
      ends.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', over).on('close', over);
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => whole && from.resume());
      if (!whole) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakOff = (): void => {
    for (const [near, far] of ends) {
      near.destroy();
      far.destroy();
    }
  };
  onTestFinished(() => {
    server.close();
    breakOff();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      whole = false;
      for (const socket of [...ends].flat()) socket.pause();
    },
    heal() {
      whole = true;
      for (const socket of [...ends].flat()) socket.resume();
    },
    breakOff,
  };
}

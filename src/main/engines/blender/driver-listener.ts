import { timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { fitsExtent } from '../../../shared/scan-json';
import { blenderToHostSchema, type BlenderToHost, type HostToBlender } from '../../../shared/worker-protocol';
import { splitLines } from './line-splitter';

/** Seconds until a new connection must have sent `hello`. */
const HELLO_SECONDS = 10;

/** Maximum number of bytes before `hello`, which has a few hundred. */
const HELLO_BYTES = 4_096;

/**
 * Maximum number of connections without `hello`; beyond it, the oldest is closed. The driver sends it as soon as it is
 * connected.
 */
const MAX_STRANGERS = 32;

/** Maximum message length, in characters. */
const MAX_MESSAGE = 4 << 20;
/** Extent of a message: deep ones take seconds to parse. */
const LINE_EXTENT = { values: 500_000, depth: 32 };

export interface DriverListener {
  readonly port: number;
  send(message: HostToBlender): void;
  close(): void;
}

export interface DriverEvents {
  /** A message of the authenticated driver, `hello` first. */
  onMessage(message: BlenderToHost): void;
  /** The driver sent an invalid message; its connection is closed. */
  onNonsense(): void;
  /** The driver's connection was closed. */
  onClosed(): void;
}

function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parse(line: string): BlenderToHost | null {
  try {
    if (!fitsExtent(Buffer.from(line), LINE_EXTENT)) return null;
    return blenderToHostSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * Listens on a loopback port for the driver that knows the token. Only one is accepted: after it nobody can connect,
 * and connections without the token are closed.
 */
export async function listenForDriver(token: string, events: DriverEvents): Promise<DriverListener> {
  let driver: Socket | null = null;
  const strangers = new Set<Socket>();
  const server = createServer((socket) => {
    strangers.add(socket);
    if (strangers.size > MAX_STRANGERS) {
      const [oldest] = strangers;
      oldest!.destroy();
      strangers.delete(oldest!);
    }
    let received = 0;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const deadline = setTimeout(() => socket.destroy(), HELLO_SECONDS * 1000);
    const lines = splitLines((line) => {
      // Data that arrived together with the line that closed the connection.
      if (socket.destroyed) return;
      const message = parse(line);
      if (driver === socket) {
        if (message) {
          events.onMessage(message);
        } else {
          socket.destroy();
          events.onNonsense();
        }
      } else if (message?.type === 'hello' && driver === null && sameToken(message.token, token)) {
        driver = socket;
        clearTimeout(deadline);
        strangers.delete(socket);
        shut();
        events.onMessage(message);
      } else {
        socket.destroy();
      }
    }, MAX_MESSAGE);
    socket.on('data', (chunk) => {
      if (driver !== socket) {
        // The hello is the first line; anything after it comes from an authenticated peer.
        const end = chunk.indexOf(0x0a);
        received += end === -1 ? chunk.length : end + 1;
        if (received > HELLO_BYTES) socket.destroy();
      }
      if (!socket.destroyed) lines.push(chunk);
    });
    socket.once('close', () => {
      clearTimeout(deadline);
      strangers.delete(socket);
      if (driver === socket) events.onClosed();
    });
  });
  function shut(): void {
    server.close();
    for (const stranger of strangers) stranger.destroy();
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    send(message) {
      if (driver && !driver.destroyed) driver.write(`${JSON.stringify(message)}\n`);
    },
    close() {
      shut();
      driver?.destroy();
    },
  };
}

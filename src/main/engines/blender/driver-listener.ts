import { timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { blenderToHostSchema, type BlenderToHost, type HostToBlender } from '../../../shared/worker-protocol';
import { splitLines } from './line-splitter';

/** Seconds that a new connection has to say `hello`. */
const HELLO_SECONDS = 10;

/** The longest message, in characters. */
const MAX_MESSAGE = 4 << 20;

export interface DriverListener {
  readonly port: number;
  send(message: HostToBlender): void;
  close(): void;
}

export interface DriverEvents {
  /** What the driver of the right token says, `hello` first. */
  onMessage(message: BlenderToHost): void;
  /** It said what no driver says; the connection is closed. */
  onNonsense(): void;
  /** Its connection is gone. */
  onClosed(): void;
}

function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parse(line: string): BlenderToHost | null {
  try {
    return blenderToHostSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/**
 * Waits on a loopback port for the driver that knows the token. There is one: after it nobody can connect any more; whoever comes before it without the token is shown out.
 */
export async function listenForDriver(token: string, events: DriverEvents): Promise<DriverListener> {
  let driver: Socket | null = null;
  const strangers = new Set<Socket>();
  const server = createServer((socket) => {
    strangers.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const deadline = setTimeout(() => socket.destroy(), HELLO_SECONDS * 1000);
    const lines = splitLines((line) => {
      // What came in one piece with the line that ended the connection.
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

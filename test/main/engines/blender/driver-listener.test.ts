import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listenForDriver, type DriverListener } from '../../../../src/main/engines/blender/driver-listener';
import type { BlenderToHost } from '../../../../src/shared/worker-protocol';

interface Heard {
  readonly listener: DriverListener;
  readonly messages: BlenderToHost[];
  readonly nonsense: Promise<void>;
  readonly closed: Promise<void>;
  /** Settles when a message has come. */
  message(): Promise<void>;
}

async function listen(token = 'right'): Promise<Heard> {
  const messages: BlenderToHost[] = [];
  let onMessage = (): void => undefined;
  let onNonsense = (): void => undefined;
  let onClosed = (): void => undefined;
  const nonsense = new Promise<void>((resolve) => (onNonsense = resolve));
  const closed = new Promise<void>((resolve) => (onClosed = resolve));
  const listener = await listenForDriver(token, {
    onMessage(message) {
      messages.push(message);
      onMessage();
    },
    onNonsense: () => onNonsense(),
    onClosed: () => onClosed(),
  });
  onTestFinished(() => listener.close());
  return { listener, messages, nonsense, closed, message: () => new Promise<void>((resolve) => (onMessage = resolve)) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const hello = (token: string): string => `${JSON.stringify({ type: 'hello', token, version: '3.4.1' })}\n`;

it('talks with the driver that knows the token, and nobody else', async () => {
  const { listener, messages, message, closed } = await listen();
  for (const greeting of [hello('wrong'), 'GET / HTTP/1.1\n', `${JSON.stringify({ type: 'pong', id: 1 })}\n`]) {
    const stranger = await open(listener.port);
    stranger.write(greeting);
    await once(stranger, 'close');
  }
  expect(messages).toEqual([]);

  const silent = await open(listener.port);
  const driver = await open(listener.port);
  const heard = message();
  const shownOut = once(silent, 'close');
  driver.write(hello('right'));
  await heard;
  expect(messages).toEqual([{ type: 'hello', token: 'right', version: '3.4.1' }]);
  // There is one driver.
  await shownOut;
  await expect(open(listener.port)).rejects.toThrow(/ECONNREFUSED/);

  const received = once(driver, 'data');
  listener.send({ type: 'ping', id: 3 });
  expect(String((await received)[0])).toBe('{"type":"ping","id":3}\n');
  const answered = message();
  driver.write('{"type":"pong",');
  driver.write('"id":3}\n');
  await answered;
  expect(messages[1]).toEqual({ type: 'pong', id: 3 });
  driver.destroy();
  await closed;
});

it('tells when the driver says what no driver says', async () => {
  const { listener, nonsense, closed } = await listen();
  const driver = await open(listener.port);
  driver.write(`${hello('right')}{"type":"dance"}\n`);
  await nonsense;
  await closed;
});

it('goes with its driver when it is closed', async () => {
  const { listener, message } = await listen();
  const driver = await open(listener.port);
  const heard = message();
  driver.write(hello('right'));
  await heard;
  const gone = once(driver, 'close');
  listener.close();
  await gone;
});

it('listens to nobody who says much before the hello, and to no crowd', async () => {
  const { listener, messages, message } = await listen();
  const talker = await open(listener.port);
  const gone = once(talker, 'close');
  talker.write(Buffer.alloc(8_192, 0x20));
  await gone;
  const crowd = await Promise.all(Array.from({ length: 40 }, () => open(listener.port)));
  const heard = message();
  (await open(listener.port)).write(hello('right'));
  await heard;
  expect(messages).toHaveLength(1);
  for (const socket of crowd) socket.destroy();
});

import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { type DriverListener, listenForDriver } from '../../src/main/engines/blender/driver-listener';
import { type BlenderToHost, blenderToHostSchema } from '../../src/shared/worker-protocol';
import { cases } from './fuzz';

const TOKEN = 'the-right-token';

/** A listener, and what it told. */
interface Listening {
  readonly listener: DriverListener;
  readonly messages: BlenderToHost[];
  nonsense: number;
  readonly closed: Promise<void>;
}

async function listen(): Promise<Listening> {
  let close: () => void = () => undefined;
  const messages: BlenderToHost[] = [];
  const state = { messages, nonsense: 0, closed: new Promise<void>((resolve) => (close = resolve)) };
  const listener = await listenForDriver(TOKEN, {
    onMessage: (message) => messages.push(message),
    onNonsense: () => state.nonsense++,
    onClosed: () => close(),
  });
  return Object.assign(state, { listener });
}

function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  onTestFinished(() => void socket.destroy());
  return socket;
}

const hello = (token: string): string => `${JSON.stringify({ type: 'hello', token, version: '4.2.0' })}\n`;

const garbage = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc.string({ minLength: 1 }).map((text) => Buffer.from(text)),
  fc
    .constantFrom(
      '{"type":"hello"',
      '{"type":"rendered","id":1,"seconds":"soon","peakBytes":null,"files":[],"warnings":[]}',
      '['.repeat(50_000),
      '{"type":"stats","id":1,"text":{}}',
    )
    .map((text) => Buffer.from(text)),
);

it('strangers are shown out whatever they say, and the driver still gets in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          garbage,
          fc.string().map((token) => Buffer.from(hello(`not ${token}`))),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      async (pieces) => {
        const listening = await listen();
        try {
          for (const piece of pieces) {
            const stranger = dial(listening.listener.port);
            // The last line has an end, so that it is a line.
            stranger.write(Buffer.concat([piece, Buffer.from('\n')]));
            await once(stranger, 'close');
          }
          expect(listening.messages).toEqual([]);
          const driver = dial(listening.listener.port);
          driver.write(hello(TOKEN));
          await expect.poll(() => listening.messages.length, { interval: 2, timeout: 20_000 }).toBe(1);
          expect(listening.nonsense).toBe(0);
        } finally {
          listening.listener.close();
        }
      },
    ),
    cases(60),
  );
});

const message: fc.Arbitrary<BlenderToHost> = fc.oneof(
  fc.record({ type: fc.constant('pong' as const), id: fc.nat() }),
  fc.record({ type: fc.constant('stats' as const), id: fc.nat(), text: fc.option(fc.string({ unit: 'grapheme' })) }),
  fc.record({
    type: fc.constant('failed' as const),
    id: fc.nat(),
    cause: fc.constantFrom('render' as const, 'load' as const),
    text: fc.string({ unit: 'grapheme', maxLength: 5_000 }),
  }),
);

it('messages come through in order, in whatever pieces they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }),
      async (messages, sizes) => {
        const listening = await listen();
        try {
          const driver = dial(listening.listener.port);
          driver.setNoDelay(true);
          const bytes = Buffer.from(hello(TOKEN) + messages.map((each) => `${JSON.stringify(each)}\n`).join(''));
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const size = sizes[n % sizes.length]!;
            driver.write(bytes.subarray(at, at + size));
            at += size;
          }
          driver.end();
          await listening.closed;
          expect(listening.messages.slice(1)).toEqual(messages);
          expect(listening.nonsense).toBe(0);
        } finally {
          listening.listener.close();
        }
      },
    ),
    cases(60),
  );
});

it('a driver that says what none says is told of once, and its connection ended', async () => {
  await fc.assert(
    fc.asyncProperty(garbage, fc.array(garbage, { maxLength: 3 }), async (first, more) => {
      const listening = await listen();
      try {
        const driver = dial(listening.listener.port);
        driver.write(hello(TOKEN));
        for (const piece of [first, ...more]) driver.write(Buffer.concat([piece, Buffer.from('\n')]));
        await listening.closed;
        expect(listening.nonsense).toBe(1);
        expect(listening.messages.every((told) => blenderToHostSchema.safeParse(told).success)).toBe(true);
      } finally {
        listening.listener.close();
      }
    }),
    cases(60),
  );
});

it('a line without end is not gathered without end', async () => {
  const listening = await listen();
  onTestFinished(() => listening.listener.close());
  const driver = dial(listening.listener.port);
  driver.write(hello(TOKEN));
  const before = process.memoryUsage().rss;
  const piece = Buffer.alloc(1 << 20, 'x');
  for (let n = 0; n < 64 && !driver.destroyed; n++) if (!driver.write(piece)) await once(driver, 'drain');
  // 64 MB have come; 4 MB of them are kept, as text.
  expect(process.memoryUsage().rss - before).toBeLessThan(48e6);
  driver.write('\n');
  await listening.closed;
  expect(listening.nonsense).toBe(1);
});

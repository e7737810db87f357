import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { PageOpener } from '../../src/main/engines/pages/page-opener';
import { FrameError } from '../../src/main/engines/render-engine';
import { TURNTABLE } from '../helpers/cli';
import { type GltfHost, startGltfHost } from '../helpers/gltf-host';
import { makePng } from '../helpers/png';
import { renderFrame } from '../helpers/render-frame';
import { cases } from './fuzz';

/** What a page sends when it is to render: text and binary messages. `ID` in a text stands for the request's number. */
type Script = readonly (string | Uint8Array)[];

/** Pages that connect as real ones do, and then say what the test wants. */
function scriptedPages(): PageOpener & { script: Script } {
  const pages = {
    script: [] as Script,
    browser: () => Promise.resolve(''),
    async open(url: string) {
      const { origin, hash } = new URL(url);
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/worker`);
      let settle: (exit: { reason: 'closed'; message: string }) => void = () => undefined;
      const gone = new Promise<{ reason: 'closed'; message: string }>((resolve) => (settle = resolve));
      socket.on('error', () => undefined);
      socket.on('close', () => settle({ reason: 'closed', message: 'closed' }));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string; id: number };
        if (message.type !== 'render') return;
        for (const piece of pages.script)
          socket.send(typeof piece === 'string' ? piece.replaceAll('ID', String(message.id)) : piece);
        socket.send(JSON.stringify({ type: 'failed', id: message.id, reason: 'the script is over', final: false }));
      });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: decodeURIComponent(hash.slice(1)) })));
      return {
        gone,
        usage: () => Promise.resolve(null),
        async close() {
          socket.terminate();
          await gone;
        },
      };
    },
    close: () => Promise.resolve(),
  };
  return pages;
}

async function startScripted(): Promise<{ host: GltfHost; pages: ReturnType<typeof scriptedPages> }> {
  const pages = scriptedPages();
  const host = await startGltfHost({ pages });
  onTestFinished(() => host.close());
  return { host, pages };
}

const REQUEST = { scene: TURNTABLE, frame: 1, width: 8, height: 6, samples: 1 };
const image = makePng(8, 6, 100);

/** The host renders on, with a page that behaves. */
async function expectAlive(host: GltfHost, pages: ReturnType<typeof scriptedPages>): Promise<void> {
  pages.script = [`{"type":"rendered","id":ID,"seconds":0.1,"bytes":${image.length}}`, image];
  const worker = await host.engine.startWorker('');
  expect(Buffer.from((await renderFrame(worker, REQUEST)).bytes).equals(image)).toBe(true);
  await worker.stop();
}

const number = fc.oneof(
  fc.constantFrom('ID', '0', '-1', '1e999', '1.5', 'null', '"ID"', '9007199254740993', '-0'),
  fc.integer().map(String),
);
const shaped = fc.oneof(
  fc
    .tuple(number, number, number)
    .map(([id, sample, samples]) => `{"type":"progress","id":${id},"sample":${sample},"samples":${samples}}`),
  fc
    .tuple(number, number, fc.oneof(number, fc.constantFrom(String(image.length), '0', '1099511627776')))
    .map(([id, seconds, bytes]) => `{"type":"rendered","id":${id},"seconds":${seconds},"bytes":${bytes}}`),
  fc
    .tuple(number, fc.string(), fc.constantFrom('true', 'false', '1'))
    .map(([id, reason, final]) => `{"type":"failed","id":${id},"reason":${JSON.stringify(reason)},"final":${final}}`),
  number.map((id) => `{"type":"pong","id":${id}}`),
  fc.string().map((token) => JSON.stringify({ type: 'hello', token })),
);
const hostile = fc.oneof(
  { weight: 4, arbitrary: shaped },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"__proto__":{"type":"rendered"}}',
      '['.repeat(20_000),
      '{"type":"rendered"',
      '\u0000',
      '"'.repeat(70_000),
    ),
  },
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 1, arbitrary: fc.constantFrom(new Uint8Array(0), image, image.subarray(0, -1), new Uint8Array(2_000_000)) },
);
/** Now and then what a page says that has rendered. */
const script = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: hostile.map((piece) => [piece]) },
      { weight: 1, arbitrary: fc.constant([`{"type":"rendered","id":ID,"seconds":1,"bytes":${image.length}}`, image]) },
    ),
    { maxLength: 12 },
  )
  .map((pieces): Script => pieces.flat());

it('a page may say anything in any order: its frame is rendered as announced or fails, and the host renders on', async () => {
  const { host, pages } = await startScripted();
  let rendered = 0;
  await fc.assert(
    fc.asyncProperty(script, async (said) => {
      pages.script = said;
      const worker = await host.engine.startWorker('');
      try {
        const { bytes } = await renderFrame(worker, REQUEST);
        rendered++;
        // Only what was sent as one whole message counts as an image.
        expect(said.some((piece) => typeof piece !== 'string' && Buffer.from(piece).equals(Buffer.from(bytes)))).toBe(
          true,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
        expect((error as FrameError).message).not.toBe('');
      } finally {
        await worker.stop();
      }
    }),
    cases(150),
  );
  // The cases reach as far as an image.
  expect(rendered).toBeGreaterThan(0);
  await expectAlive(host, pages);
});

it('whoever says no right token first is shown out, whatever it says', async () => {
  const { host, pages } = await startScripted();
  await fc.assert(
    fc.asyncProperty(hostile, async (first) => {
      const socket = new WebSocket(`${host.url.replace('http', 'ws')}/worker`);
      socket.on('error', () => undefined);
      socket.on('open', () => socket.send(first));
      const [code] = (await once(socket, 'close')) as [number];
      // What is longer than any hello is not read at all.
      expect(code === 1008 || (code === 1009 && Buffer.byteLength(first) > 2_000), String(code)).toBe(true);
    }),
    cases(100),
  );
  await expectAlive(host, pages);
});

it('bytes that are no WebSocket frames end their connection and nothing else', async () => {
  const { host, pages } = await startScripted();
  const { port } = new URL(host.url);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 20, maxLength: 500 }), async (bytes) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.write(
        `GET /worker HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      await once(socket, 'data');
      // A client's frames are masked (RFC 6455, section 5.1): the first byte that says otherwise ends it.
      socket.write(Buffer.concat([Buffer.from([0xff, 0x00]), bytes]));
      socket.resume();
      await Promise.race([closed, delay(20_000).then(() => Promise.reject(new Error('the connection stayed open')))]);
    }),
    cases(50),
  );
  await expectAlive(host, pages);
});

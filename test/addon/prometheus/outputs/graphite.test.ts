import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../helpers/free-port';
import { createOutputsFixture } from './fixture';

interface Carbon {
  readonly port: number;
  readonly sockets: Set<Socket>;
  /** Lines so far, from all connections. */
  readonly lines: string[];
  connections: number;
  /** Settles when there are so many lines. */
  has(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Takes lines over TCP, as carbon does. */
async function carbon(port = 0): Promise<Carbon> {
  const sockets = new Set<Socket>();
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const server: Server = createServer((socket) => {
    made.connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop()!;
      lines.push(...parts);
      for (const watcher of watchers) watcher();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const made: Carbon = {
    port: (server.address() as AddressInfo).port,
    sockets,
    lines,
    connections: 0,
    has: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (lines.length < count) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
    async stop() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  onTestFinished(() => (server.listening ? made.stop() : undefined));
  return made;
}

const LINES = 9;

test('the metrics come at every interval over one connection', async () => {
  const server = await carbon();
  const f = createOutputsFixture();
  await f.set({ graphiteAddress: `127.0.0.1:${server.port}`, graphitePrefix: 'farm', graphiteSeconds: 0.02 });
  await server.has(3 * LINES);
  expect(server.connections).toBe(1);
  for (const line of server.lines) expect(line).toMatch(/^farm\.[a-zA-Z0-9_.-]+ [\d.]+ \d{10}$/);
  expect(server.lines[1]).toMatch(/^farm\.framegauge_frames_rendered_total\.engine\.gltf 12 /);
  expect(await f.until('graphite', ({ lastSuccess }) => lastSuccess !== null)).toMatchObject({
    target: `127.0.0.1:${server.port}`,
    errors: 0,
    error: null,
  });
});

test('while it is away they wait with their times, and come in order when it is back', async () => {
  const port = await freePort();
  const f = createOutputsFixture();
  let collected = 0;
  Object.defineProperty(f, 'families', {
    get: () => [{ name: 'm', help: '', type: 'gauge', values: [{ value: ++collected, labels: {} }] }],
  });
  await f.set({ graphiteAddress: `127.0.0.1:${port}`, graphiteSeconds: 0.02 });
  const away = await f.until('graphite', ({ errors }) => errors >= 3);
  expect(away.error).toBe(
    `Graphite at 127.0.0.1:${port} could not be reached: connect ECONNREFUSED 127.0.0.1:${port}.`,
  );
  // It is tried less often than it is collected.
  expect(collected).toBeGreaterThan(away.errors);
  const server = await carbon(port);
  await f.until('graphite', ({ error }) => error === null);
  await server.has(collected);
  const values = server.lines.map((line) => Number(line.split(' ')[1]));
  expect(values.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  expect(f.logs).toEqual([`warn: ${away.error}`, 'info: Graphite works again.']);
});

test('a broken connection is made again', async () => {
  const server = await carbon();
  const f = createOutputsFixture();
  await f.set({ graphiteAddress: `127.0.0.1:${server.port}`, graphiteSeconds: 0.02 });
  for (let round = 1; round <= 3; round++) {
    const { length } = server.lines;
    await server.has(length + LINES);
    expect(server.connections).toBe(round);
    for (const socket of server.sockets) socket.destroy();
  }
  await server.has(server.lines.length + LINES);
});

test('one that takes nothing does not keep switching off waiting', async () => {
  const server = createServer((socket) => socket.pause().on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const f = createOutputsFixture();
  // More than the system keeps for a connection.
  f.families = [
    {
      name: 'm',
      help: '',
      type: 'gauge',
      values: Array.from({ length: 400_000 }, (_, i) => ({ value: 1, labels: { i } })),
    },
  ];
  await f.set({ graphiteAddress: `127.0.0.1:${(server.address() as AddressInfo).port}`, graphiteSeconds: 1 });
  const [socket] = await accepted;
  onTestFinished(() => void socket.destroy());
  const began = performance.now();
  await f.set({ graphiteAddress: '' });
  expect(performance.now() - began).toBeLessThan(60_000);
  expect(f.outputs.state()).toEqual([]);
});

test('switching off ends the connection with everything written', async () => {
  const server = await carbon();
  const f = createOutputsFixture();
  await f.set({ graphiteAddress: `127.0.0.1:${server.port}` });
  await f.until('graphite', ({ lastSuccess }) => lastSuccess !== null);
  const [socket] = server.sockets;
  const closed = once(socket!, 'close');
  await f.set({ graphiteAddress: '' });
  await closed;
  expect(server.lines).toHaveLength(LINES);
});

test('the port is 2003 unless another is given; what is no address is refused', async () => {
  const f = createOutputsFixture();
  for (const [text, target] of [
    ['127.0.0.1', '127.0.0.1:2003'],
    ['[::1]', '[::1]:2003'],
    [':1', 'localhost:1'],
  ] as const) {
    await f.set({ graphiteAddress: text, graphiteSeconds: 1_000 });
    expect(f.outputs.state()[0]?.target).toBe(target);
  }
  await f.set({ graphiteAddress: '127.0.0.1:99999' });
  expect(f.outputs.state()[0]).toMatchObject({
    target: '127.0.0.1:99999',
    error: expect.stringContaining('the largest is 65535'),
  });
  await f.set({ graphiteAddress: '127.0.0.1', graphitePrefix: 'a b' });
  expect(f.outputs.state()[0]).toMatchObject({ error: expect.stringContaining('prefix') });
});

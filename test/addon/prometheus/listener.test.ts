import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createListener,
  type Listener,
  type ListenerState,
  type ListenerTiming,
} from '../../../src/addon/prometheus/listener';
import { freePort } from '../../main/addons/fixture';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

interface Setup {
  listener: Listener;
  states: ListenerState[];
  logs: string[];
  fallbackPort: number;
  /** Settles with the first state from now on that fits. */
  state(fits: (state: ListenerState) => boolean): Promise<ListenerState>;
}

async function setup({
  timing,
  routes,
  fallback,
}: { timing?: Partial<ListenerTiming>; routes?: RequestListener; fallback?: string | null } = {}): Promise<Setup> {
  const fallbackPort = await freePort();
  const states: ListenerState[] = [];
  const logs: string[] = [];
  const watchers = new Set<(state: ListenerState) => void>();
  const listener = createListener({
    routes: routes ?? ((_request: IncomingMessage, response: ServerResponse) => void response.end('here')),
    fallback: () => (fallback === undefined ? `127.0.0.1:${fallbackPort}` : fallback),
    guarded: () => false,
    onState(state) {
      states.push(state);
      for (const watcher of watchers) watcher(state);
    },
    log: (_level, text) => logs.push(text),
    timing: { firstPause: 50, longestPause: 100, drain: 300, ...timing },
  });
  closers.push(() => listener.close());
  const state = (fits: (state: ListenerState) => boolean): Promise<ListenerState> =>
    new Promise((resolve) => {
      const watcher = (told: ListenerState): void => {
        if (!fits(told)) return;
        watchers.delete(watcher);
        resolve(told);
      };
      watchers.add(watcher);
    });
  return { listener, states, logs, fallbackPort, state };
}

async function occupy(port: number, host = '127.0.0.1'): Promise<Server> {
  const server = createServer((socket) => socket.end());
  server.listen(port, host);
  await once(server, 'listening');
  closers.push(() => release(server));
  return server;
}

const release = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

/** What a request gets; the error's code where it gets nothing. */
function answer(port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    get({ host, port, agent: false }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () => resolve(text));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('an address that can be had', () => {
  test('is listened on, and left when another is asked for', async () => {
    const { listener, states, fallbackPort } = await setup();
    const [first, second] = [await freePort(), await freePort()];
    await listener.listen(`127.0.0.1:${first}`);
    expect(states.at(-1)).toEqual({
      requested: `127.0.0.1:${first}`,
      effective: { host: '127.0.0.1', port: first },
      reason: null,
      cause: null,
      retrying: false,
      widened: false,
    });
    expect(await answer(first)).toBe('here');
    await listener.listen(`localhost:${second}`);
    expect(await answer(second)).toBe('here');
    expect(await answer(first)).toBe('ECONNREFUSED');
    expect(await answer(fallbackPort)).toBe('ECONNREFUSED');
  });

  test('with port 0 the state has the real port', async () => {
    const { listener, states } = await setup();
    await listener.listen('127.0.0.1:0');
    const { port } = states.at(-1)!.effective!;
    expect(port).toBeGreaterThan(0);
    expect(await answer(port)).toBe('here');
  });

  test('asked for again, it is not left for a moment: an open connection stays', async () => {
    const { listener, states } = await setup();
    const port = await freePort();
    await listener.listen(`127.0.0.1:${port}`);
    const socket = connect(port, '127.0.0.1');
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    await listener.listen(`127.0.0.1:${port}`);
    expect(states).toHaveLength(1);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toContain('200 OK');
  });

  test('of several calls at once the last one counts', async () => {
    const { listener, states } = await setup();
    const ports = [await freePort(), await freePort(), await freePort()];
    await Promise.all(ports.map((port) => listener.listen(`127.0.0.1:${port}`)));
    expect(states.at(-1)!.effective!.port).toBe(ports[2]);
    expect(await Promise.all(ports.map((port) => answer(port)))).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'here']);
  });

  test('an address that clashes with the one held is moved to', async () => {
    const port = await freePort();
    const { listener, states } = await setup();
    await listener.listen(`127.0.0.1:${port}`);
    await listener.listen(`0.0.0.0:${port}`);
    expect(states.at(-1)).toMatchObject({ effective: { host: '0.0.0.0', port }, reason: null });
    await listener.listen(`:${port}`);
    await listener.listen(`127.0.0.1:${port}`);
    expect(states.at(-1)).toMatchObject({ effective: { host: '127.0.0.1', port }, reason: null });
    expect(await answer(port)).toBe('here');
    expect(await answer(port, '127.0.0.2')).toBe('ECONNREFUSED');
  });

  test('two listeners never share one', async () => {
    const port = await freePort();
    const [one, two] = [await setup(), await setup()];
    await one.listener.listen(`127.0.0.1:${port}`);
    await two.listener.listen(`127.0.0.1:${port}`);
    expect(two.states.at(-1)).toMatchObject({ cause: 'in-use', effective: { port: two.fallbackPort } });
    await two.listener.listen(`0.0.0.0:${port}`);
    expect(two.states.at(-1)).toMatchObject({ cause: 'in-use', effective: { port: two.fallbackPort } });
  });
});

describe('an address that cannot be had', () => {
  test.each([
    ['nonsense', 'invalid', '“nonsense” cannot be used: It is not of the form host:port.', false],
    ['127.0.0.1:99999', 'invalid', 'the largest is 65535', false],
    ['127.0.0.1:8003abc', 'invalid', 'not of the form', false],
    ['203.0.113.1:8004', 'missing', 'This machine has no address 203.0.113.1.', true],
    ['no.such.host.invalid:1', 'unresolved', 'The host name “no.such.host.invalid” cannot be resolved.', true],
  ])('%s is replaced by the fallback with the reason', async (requested, cause, reason, retrying) => {
    const { listener, states, logs, fallbackPort } = await setup({ timing: { firstPause: 60_000 } });
    await listener.listen(requested);
    expect(states.at(-1)).toMatchObject({
      requested,
      cause,
      retrying,
      effective: { host: '127.0.0.1', port: fallbackPort },
    });
    expect(states.at(-1)!.reason).toContain(reason);
    expect(logs.at(-1)).toContain(reason);
    expect(await answer(fallbackPort)).toBe('here');
  });

  test('in use: the fallback serves until it is free, and then it moves there by itself', async () => {
    const { listener, states, fallbackPort, state } = await setup();
    const port = await freePort();
    const other = await occupy(port);
    await listener.listen(`127.0.0.1:${port}`);
    expect(states.at(-1)).toMatchObject({ cause: 'in-use', retrying: true, effective: { port: fallbackPort } });
    expect(await answer(fallbackPort)).toBe('here');
    const moved = state(({ effective }) => effective?.port === port);
    await release(other);
    expect(await moved).toMatchObject({ reason: null, retrying: false });
    expect(await answer(port)).toBe('here');
    expect(await answer(fallbackPort)).toBe('ECONNREFUSED');
    // However often it tried in vain, it told so once.
    expect(states).toHaveLength(2);
  });

  test('without a fallback nothing is served meanwhile, and it listens once the address is free', async () => {
    const { listener, states, logs, fallbackPort, state } = await setup({ fallback: null });
    const port = await freePort();
    const other = await occupy(port);
    await listener.listen(`127.0.0.1:${port}`);
    expect(states.at(-1)).toMatchObject({ effective: null, cause: 'in-use', retrying: true, widened: false });
    expect(states.at(-1)!.reason).toBe(
      `Another program listens on 127.0.0.1:${port}. There is no fallback, as the preference says.`,
    );
    expect(await answer(fallbackPort)).toBe('ECONNREFUSED');
    const back = state(({ effective }) => effective?.port === port);
    await release(other);
    await back;
    expect(logs.at(-1)).toBe(`The metrics are served on 127.0.0.1:${port}.`);
    await listener.listen('nonsense');
    expect(states.at(-1)).toMatchObject({ effective: null, cause: 'invalid', retrying: false });
  });

  test('a fallback that more machines reach than were asked for is told as that', async () => {
    const fallback = `0.0.0.0:${await freePort()}`;
    const { listener, states, logs } = await setup({ fallback, timing: { firstPause: 60_000 } });
    const port = await freePort();
    await occupy(port);
    await listener.listen(`127.0.0.1:${port}`);
    expect(states.at(-1)).toMatchObject({ effective: { host: '0.0.0.0' }, widened: true });
    expect(logs.at(-1)).toBe(
      `Another program listens on 127.0.0.1:${port}. The metrics are served on ${fallback}. Every machine of the network can read them now.`,
    );
    await listener.listen('0.0.0.0:99999');
    expect(states.at(-1)).toMatchObject({ effective: { host: '0.0.0.0' }, widened: false });
    expect(logs.at(-1)).not.toContain('Every machine');
  });

  test('with the fallback taken too nothing is served, both are tried again, and whichever is free first is taken', async () => {
    const { listener, states, fallbackPort, state } = await setup();
    const port = await freePort();
    const [one, two] = [await occupy(port), await occupy(fallbackPort)];
    await listener.listen(`127.0.0.1:${port}`);
    expect(states.at(-1)).toMatchObject({ effective: null, cause: 'in-use', retrying: true });
    expect(states.at(-1)!.reason).toContain(
      `Another program listens on 127.0.0.1:${port}. The fallback cannot be had either: Another program listens on 127.0.0.1:${fallbackPort}.`,
    );
    const fellBack = state(({ effective }) => effective?.port === fallbackPort);
    await release(two);
    await fellBack;
    const moved = state(({ effective }) => effective?.port === port);
    await release(one);
    await moved;
    expect(await answer(port)).toBe('here');
  });

  test('an invalid address with the fallback taken is waited out as well', async () => {
    const { listener, states, fallbackPort, state } = await setup();
    const other = await occupy(fallbackPort);
    await listener.listen('nonsense');
    expect(states.at(-1)).toMatchObject({ effective: null, cause: 'invalid', retrying: true });
    const fellBack = state(({ effective }) => effective?.port === fallbackPort);
    await release(other);
    expect(await fellBack).toMatchObject({ cause: 'invalid', retrying: false });
  });

  test('from a good address to a bad one and back', async () => {
    const { listener, states, fallbackPort } = await setup();
    const port = await freePort();
    await listener.listen(`127.0.0.1:${port}`);
    await listener.listen('nonsense');
    expect(await answer(port)).toBe('ECONNREFUSED');
    expect(await answer(fallbackPort)).toBe('here');
    await listener.listen(`127.0.0.1:${port}`);
    expect(await answer(port)).toBe('here');
    expect(await answer(fallbackPort)).toBe('ECONNREFUSED');
    expect(states.map((state) => state.cause)).toEqual([null, 'invalid', null]);
  });

  test('a new address ends the trying for the old one', async () => {
    const { listener, states } = await setup();
    const port = await freePort();
    const other = await occupy(port);
    await listener.listen(`127.0.0.1:${port}`);
    await listener.listen('127.0.0.1:0');
    const now = states.length;
    await release(other);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(states).toHaveLength(now);
    expect(await answer(port)).toBe('ECONNREFUSED');
  });
});

describe('leaving an address', () => {
  test('lets a scrape under way finish', async () => {
    const waiting: ServerResponse[] = [];
    const { listener } = await setup({
      routes: (_request, response) => waiting.push(response),
      timing: { drain: 5_000 },
    });
    const [first, second] = [await freePort(), await freePort()];
    await listener.listen(`127.0.0.1:${first}`);
    const scrape = answer(first);
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await listener.listen(`127.0.0.1:${second}`);
    expect(await answer(first)).toBe('ECONNREFUSED');
    waiting[0]!.end('finished');
    expect(await scrape).toBe('finished');
  });

  test('closes what takes longer than the deadline, kept-alive, silent and half-written connections among them', async () => {
    let asked!: () => void;
    const asking = new Promise<void>((resolve) => (asked = resolve));
    const { listener } = await setup({
      routes: (request, response) => (request.url === '/slow' ? asked() : response.end('here')),
    });
    const port = await freePort();
    await listener.listen(`127.0.0.1:${port}`);
    const agent = new Agent({ keepAlive: true });
    closers.push(() => agent.destroy());
    await new Promise((resolve) =>
      get({ port, host: '127.0.0.1', agent }, (response) => response.resume().on('end', resolve)),
    );
    const sockets: Socket[] = ['', 'GET / HT', 'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n'].map((text) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(text);
      return socket;
    });
    const closed = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    await asking;
    const began = performance.now();
    await listener.close();
    expect(performance.now() - began).toBeGreaterThan(250);
    await closed;
    expect(await answer(port)).toBe('ECONNREFUSED');
    // The port is free for anybody.
    await release(await occupy(port));
  });

  test('a hundred changes leak no socket, handle or timer', async () => {
    const { listener, states } = await setup({ timing: { drain: 100 } });
    const taken = await occupy(await freePort());
    const busy = (taken.address() as AddressInfo).port;
    const resources = (): string[] =>
      process
        .getActiveResourcesInfo()
        .filter((name) => ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'].includes(name))
        .sort();
    const wanted = [
      '127.0.0.1:0',
      `127.0.0.1:${await freePort()}`,
      'nonsense',
      `127.0.0.1:${busy}`,
      `localhost:${await freePort()}`,
      '203.0.113.1:80',
    ];
    const sockets: Socket[] = [];
    for (let i = 0; i < 100; i++) {
      await listener.listen(wanted[i % wanted.length]!);
      const { port } = states.at(-1)!.effective!;
      expect(await answer(port)).toBe('here');
      if (i % 10 === 0) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        sockets.push(socket);
      }
    }
    const closed = Promise.all(sockets.map((socket) => (socket.closed ? undefined : once(socket.resume(), 'close'))));
    await listener.close();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The one of `taken`.
    expect(resources()).toEqual(['TCPServerWrap']);
  }, 30_000);

  test('closing twice, and listening after closing, do no harm', async () => {
    const { listener } = await setup();
    const port = await freePort();
    await listener.listen(`127.0.0.1:${port}`);
    await Promise.all([listener.close(), listener.close()]);
    await listener.close();
    expect(await answer(port)).toBe('ECONNREFUSED');
  });
});

test('a thousand connections that say nothing, or only half of it, do not keep a scrape out', async () => {
  const { listener } = await setup();
  const port = await freePort();
  await listener.listen(`127.0.0.1:${port}`);
  const sockets = await Promise.all(
    Array.from({ length: 1_000 }, async (_, i) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      closers.push(() => socket.destroy());
      await once(socket, 'connect');
      if (i % 2) socket.write('GET /metrics HTTP/1.1\r\nx: ');
      return socket;
    }),
  );
  expect(await answer(port)).toBe('here');
  expect(sockets).toHaveLength(1_000);
});

test('answers a few requests sent at once, and closes a connection that sends thousands', async () => {
  let asked = 0;
  const { listener } = await setup({
    routes: (_request, response) => {
      asked++;
      setTimeout(() => response.end('here'), 5);
    },
  });
  const port = await freePort();
  await listener.listen(`127.0.0.1:${port}`);
  const ask = 'GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n';
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.write(ask.repeat(5));
  let text = '';
  while (text.split('here').length <= 5) text += String((await once(socket, 'data'))[0]);
  expect(asked).toBe(5);
  socket.on('error', () => undefined);
  // Not with `once`: what was not read when the connection was closed may reset it first.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume().write(ask.repeat(2_000));
  await closed;
  expect(asked).toBeLessThan(20);
});

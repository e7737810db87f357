import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fastify from 'fastify';
import { WebSocket } from 'ws';
import { expect, it, onTestFinished } from 'vitest';
import { type EventLog, openEventLog } from '../../../src/main/events/event-log';
import { streamEvents } from '../../../src/main/control/event-stream';
import { createReadQueue } from '../../../src/main/control/read-queue';
import { TURNTABLE } from '../../helpers/cli';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

interface SentEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: unknown;
}

interface Stream {
  readonly status: number;
  /** Events so far, and signs of life. */
  readonly events: SentEvent[];
  readonly beats: () => number;
  /** Resolves when there are so many events. */
  reach(count: number): Promise<void>;
  /** Resolves when the server ends it. */
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Reads server-sent events as browsers do. */
function openStream(url: string, headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => {
      const events: SentEvent[] = [];
      const watchers = new Set<() => void>();
      let rest = '';
      let beats = 0;
      response.setEncoding('utf8').on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) {
          const field = (name: string): string | null => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
          const data = field('data');
          if (data === null) beats += 1;
          else events.push({ id: field('id'), event: field('event') ?? 'message', data: JSON.parse(data) });
        }
        for (const watch of watchers) watch();
      });
      const ended = new Promise<void>((done) => response.once('close', () => done()));
      response.on('error', () => undefined);
      onTestFinished(() => void sent.destroy());
      resolve({
        status: response.statusCode!,
        events,
        beats: () => beats,
        ended,
        reach: (count) =>
          new Promise((done) => {
            const watch = (): void => void (events.length >= count && (watchers.delete(watch), done()));
            watchers.add(watch);
            watch();
          }),
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        close: () => void sent.destroy(),
      });
    });
    sent.on('error', reject).end();
  });
}

const follow = ({ url, tokens }: ControlHost, query = '', headers: Record<string, string> = {}): Promise<Stream> =>
  openStream(`${url}/api/v1/events/stream${query}`, { authorization: `Bearer ${tokens.read}`, ...headers });

it('a client that comes back with the last id misses nothing', async () => {
  const control = await startControlHost();
  const first = await follow(control);
  expect(first.status).toBe(200);
  await control.host.call('scene.open', { path: TURNTABLE });
  await first.reach(2);
  expect(first.events).toMatchObject([
    { id: '1', event: 'message', data: { cursor: 1, name: 'load_pre', scene: TURNTABLE } },
    { id: '2', data: { name: 'load_post' } },
  ]);
  first.close();

  await control.host.call('scene.open', { path: '/nowhere.glb' });
  await control.host.call('scene.open', { path: TURNTABLE });
  const second = await follow(control, '', { 'last-event-id': '2' });
  await second.reach(3);
  expect(second.events.map(({ id, data }) => [id, (data as { name: string }).name])).toEqual([
    ['3', 'load_post_fail'],
    ['4', 'load_pre'],
    ['5', 'load_post'],
  ]);
  // What was told had been stored.
  expect((await control.ask('GET', '/api/v1/events?cursor=4')).json).toMatchObject({
    events: [{ cursor: 5 }],
    oldest: 1,
    newest: 5,
  });
});

it('cursors grow over restarts, so that a client can be away while the host is', async () => {
  const folder = temporaryFolder();
  const one = await startControlHost({ dataFolder: folder });
  await one.host.call('scene.open', { path: TURNTABLE });
  await one.host.close();
  const two = await startControlHost({ dataFolder: folder });
  const stream = await follow(two, '?cursor=1');
  await two.host.call('scene.open', { path: TURNTABLE });
  await stream.reach(3);
  expect(stream.events.map(({ data }) => [(data as { cursor: number }).cursor, (data as { seq: number }).seq])).toEqual(
    [
      [2, 2],
      [3, 1],
      [4, 2],
    ],
  );
});

it('the WebSocket tells stored events from a cursor on, besides everything else', async () => {
  const { host, url, tokens } = await startControlHost();
  await host.call('scene.open', { path: TURNTABLE });
  const connect = async (
    query: string,
  ): Promise<{ messages: Record<string, unknown>[]; until(check: () => boolean): Promise<void> }> => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket${query}`, [
      'framegauge',
      `token.${tokens.read}`,
    ]);
    onTestFinished(() => socket.terminate());
    const messages: Record<string, unknown>[] = [];
    const watchers = new Set<() => void>();
    socket.on('message', (data: Buffer) => {
      messages.push(JSON.parse(String(data)) as Record<string, unknown>);
      for (const watch of watchers) watch();
    });
    await new Promise((resolve) => socket.once('open', resolve));
    return {
      messages,
      until: (check) =>
        new Promise((done) => {
          const watch = (): void => void (check() && done());
          watchers.add(watch);
          watch();
        }),
    };
  };
  const plain = await connect('');
  const following = await connect('?cursor=1');
  const lifecycles = (): unknown[] =>
    following.messages
      .filter((message) => 'lifecycle' in message)
      .map(({ lifecycle }) => (lifecycle as { cursor: number }).cursor);
  const all = following.until(
    () =>
      lifecycles().length === 3 &&
      following.messages.some((message) => 'event' in message) &&
      plain.messages.length > 1,
  );
  const any = plain.until(() => plain.messages.length > 1);
  await host.call('scene.open', { path: TURNTABLE });
  await Promise.all([all, any]);
  expect(lifecycles()).toEqual([2, 3, 4]);
  expect(plain.messages[0]).toEqual({ right: 'read' });
  expect(plain.messages.slice(1).every((message) => 'event' in message)).toBe(true);

  const lost = await connect('?cursor=99');
  await lost.until(() => lost.messages.length > 1);
  expect(lost.messages[1]).toEqual({ gap: { after: 99, resume: 4 } });
});

it('refuses a cursor that is none, before there is a stream', async () => {
  const { ask, url, tokens } = await startControlHost();
  for (const path of ['/events/stream?cursor=-1', '/events/stream?cursor=x', '/events/stream?colour=blue'])
    expect((await ask('GET', `/api/v1${path}`)).status, path).toBe(400);
  expect((await ask('GET', '/api/v1/events/stream', { headers: { 'last-event-id': 'abc' } })).status).toBe(400);
  const refused = await new Promise<number | undefined>((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket?cursor=x`, [
      'framegauge',
      `token.${tokens.read}`,
    ]);
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => undefined);
  });
  expect(refused).toBe(400);
});

/**
 * A server with one stream and nothing else, with timeouts of the test's choice; `onEnd` is told when the server ends
 * one.
 */
async function serveStream(
  log: EventLog,
  timing: { heartbeat: number; stalled: number },
  onEnd: () => void = () => undefined,
): Promise<string> {
  const app = fastify({ forceCloseConnections: true });
  onTestFinished(() => app.close());
  app.get(
    '/',
    (incoming, reply) =>
      void streamEvents(
        reply,
        { log, turn: createReadQueue() },
        Number((incoming.query as { cursor: string }).cursor),
        timing,
      ).then(onEnd),
  );
  return app.listen({ host: '127.0.0.1', port: 0 });
}

function openLog(keep?: number): EventLog {
  const log = openEventLog(join(temporaryFolder(), 'events.sqlite'), {
    onFault: (text) => expect.fail(text),
    ...(keep === undefined ? {} : { keep }),
  });
  onTestFinished(() => log.close());
  return log;
}

it('gives a sign of life while nothing happens', async () => {
  const url = await serveStream(openLog(), { heartbeat: 20, stalled: 1_000 });
  const stream = await openStream(`${url}/?cursor=0`);
  while (stream.beats() < 4) await delay(5);
  expect(stream.events).toEqual([]);
});

it('drops a client that takes nothing, which comes back with its cursor and misses nothing', async () => {
  const log = openLog();
  const text = 'x'.repeat(10_000);
  const total = 3_000;
  for (let seq = 1; seq <= total; seq++) log.append({ name: 'frame_failed', seq, time: seq, reason: text });
  let drop: () => void = () => undefined;
  const dropped = new Promise<void>((resolve) => (drop = resolve));
  const url = await serveStream(log, { heartbeat: 1_000, stalled: 100 }, drop);
  const slow = await openStream(`${url}/?cursor=0`);
  slow.pause();
  await dropped;
  slow.resume();
  await slow.ended;
  const seen = slow.events.length;
  expect(seen).toBeLessThan(total);
  const patient = await serveStream(log, { heartbeat: 1_000, stalled: 60_000 });
  const again = await openStream(`${patient}/?cursor=${seen === 0 ? 0 : slow.events[seen - 1]!.id}`);
  await again.reach(total - seen);
  expect([...slow.events, ...again.events].map(({ id }) => Number(id))).toEqual(
    Array.from({ length: total }, (_, index) => index + 1),
  );
});

it('tells a client whose cursor is older than what is kept', async () => {
  const log = openLog(10);
  for (let seq = 1; seq <= 2_000; seq++) log.append({ name: 'render_write', seq, time: seq });
  const stream = await openStream(`${await serveStream(log, { heartbeat: 1_000, stalled: 1_000 })}/?cursor=5`);
  await stream.reach(2);
  expect(stream.events[0]).toEqual({ id: '1990', event: 'gap', data: { after: 5, resume: 1_990 } });
  expect(stream.events[1]).toMatchObject({ id: '1991', event: 'message' });
});

import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fastifyWebsocket from '@fastify/websocket';
import fastify from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createSceneReader } from '../../../../src/main/engines/gltf/scene-reader';
import { SharedScenes } from '../../../../src/main/engines/gltf/shared-scenes';
import {
  createWorkerConnections,
  type ExpectedWorker,
  type WorkerConnections,
} from '../../../../src/main/engines/gltf/worker-connections';
import { BUILT, SCENE_THREAD } from '../../../helpers/gltf-host';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let connections: WorkerConnections;
let port: number;
let worker: ExpectedWorker & { sockets: number };

beforeEach(async () => {
  connections = createWorkerConnections(BUILT);
  const server = fastify();
  await server.register(fastifyWebsocket);
  await server.register(connections.routes);
  port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
  const access = () => ({ folders: [], dataFolder: null, uploads: null });
  const reader = createSceneReader(SCENE_THREAD, access);
  onTestFinished(async () => {
    await server.close();
    await reader.close();
  });
  worker = {
    token: 'secret',
    scenes: new SharedScenes(reader, access),
    sockets: 0,
    connected() {
      this.sockets += 1;
    },
    receiveLimit: () => 100_000,
  };
  connections.expect(worker);
});

/** Sends a path as it is, without tidying it up as fetch does. */
function get(path: string): Promise<{ status: number; type: string; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          type: String(response.headers['content-type']),
          body: Buffer.concat(parts).toString('latin1'),
          headers: response.headers,
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

async function sharedScene(): Promise<{ folder: string; address: string }> {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'scenes'));
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await mkdir(join(folder, 'scenes', 'textures'));
  await writeFile(join(folder, 'scenes', 'textures', 'down.png'), 'picture below');
  await writeFile(join(folder, 'scenes', 'a b.png'), 'picture beside');
  await writeFile(join(folder, 'scenes', 'other.png'), 'not referred to');
  const path = join(folder, 'scenes', 'scene.gltf');
  await writeFile(
    path,
    JSON.stringify({
      asset: { version: '2.0' },
      scenes: [{}],
      images: [
        { uri: 'textures/down.png' },
        { uri: '../secret.txt' },
        { uri: 'a%20b.png' },
        { uri: 'gone.png' },
        { uri: '/etc/hostname' },
      ],
    }),
  );
  return { folder, address: connections.sceneAt(await worker.scenes.share(path)) };
}

describe('the files of a scene', () => {
  it('are the scene and what it refers to, by the reference’s own words', async () => {
    const { address } = await sharedScene();
    expect((await get(address)).body).toContain('"version":"2.0"');
    expect(await get(`${address}?uri=${encodeURIComponent('textures/down.png')}`)).toMatchObject({
      status: 200,
      type: 'application/octet-stream',
      body: 'picture below',
    });
    expect((await get(`${address}?uri=${encodeURIComponent('a%20b.png')}`)).body).toBe('picture beside');
  });

  it.each([
    'other.png',
    '../secret.txt',
    'scene.gltf',
    './textures/down.png',
    'a b.png',
    '../../../../../../etc/hostname',
    '/etc/hostname',
    'file:///etc/hostname',
  ])('are not %s', async (uri) => {
    const { address } = await sharedScene();
    const answer = await get(`${address}?uri=${encodeURIComponent(uri)}`);
    expect(answer.status).toBe(404);
    expect(answer.type).toContain('text/plain');
  });

  it('say which one is missing', async () => {
    const { address } = await sharedScene();
    expect(await get(`${address}?uri=gone.png`)).toMatchObject({ status: 404 });
    expect(Buffer.from((await get(`${address}?uri=gone.png`)).body, 'latin1').toString()).toContain(
      '“gone.png”, which is not there',
    );
  });

  it('are only there for who knows the worker’s address, while the worker lives and renders that scene', async () => {
    const { folder, address } = await sharedScene();
    expect((await get(address.replace(worker.scenes.token, 'x'.repeat(32)))).status).toBe(404);
    expect((await get(address.replace('/1/', '/2/'))).status).toBe(404);
    const other = join(folder, 'other.gltf');
    await writeFile(other, JSON.stringify({ asset: { version: '2.0' }, scenes: [{}] }));
    const next = connections.sceneAt(await worker.scenes.share(other));
    expect((await get(address)).status).toBe(404);
    expect((await get(next)).status).toBe(200);
    connections.forget(worker);
    expect((await get(next)).status).toBe(404);
  });

  it('keep their address until the scene file changes', async () => {
    const { folder } = await sharedScene();
    const path = join(folder, 'scenes', 'scene.gltf');
    const before = await worker.scenes.share(path);
    expect(await worker.scenes.share(path)).toBe(before);
    await writeFile(path, JSON.stringify({ asset: { version: '2.0' }, scenes: [{}], images: [] }));
    expect(await worker.scenes.share(path)).not.toBe(before);
  });
});

describe('the page', () => {
  it('comes with a policy that lets it reach nothing but its own host', async () => {
    const { pathname, hash } = new URL(connections.pageFor(worker), 'http://host');
    expect(hash).toBe('#secret');
    const page = await get(pathname);
    expect(page.status).toBe(200);
    for (const policy of [
      String(page.headers['content-security-policy']),
      /content="(default-src[^"]*)"/.exec(page.body)?.[1],
    ]) {
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self' blob: data:;");
      expect(policy).not.toContain('unsafe-inline');
      expect(policy).not.toMatch(/'unsafe-eval'|https?:|\*/);
    }
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    '/worker/page/../main/cli.js',
    '/worker/page/..%2fmain%2fcli.js',
    '/worker/page/%2e%2e/%2e%2e/package.json',
    '/worker/page//etc/hostname',
    '/worker/page/',
    '/worker/page/render-page/',
  ])('opens nothing else: %s', async (path) => {
    expect([403, 404]).toContain((await get(path)).status);
  });
});

describe('the connection', () => {
  async function hello(first: string | Buffer | null): Promise<{ code: number; reason: string } | 'open'> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/worker`);
    onTestFinished(() => socket.terminate());
    const closed = new Promise<{ code: number; reason: string }>((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
    await new Promise((resolve) => socket.on('open', resolve));
    if (first !== null) socket.send(first);
    const connected = new Promise<'open'>((resolve) => {
      const plain = worker.connected.bind(worker);
      worker.connected = (peer) => {
        plain(peer);
        resolve('open');
      };
    });
    return Promise.race([closed, connected]);
  }

  it('is welcome with the worker’s token', async () => {
    expect(await hello(JSON.stringify({ type: 'hello', token: 'secret' }))).toBe('open');
    expect(worker.sockets).toBe(1);
  });

  it.each<[string, string | Buffer]>([
    ['another token', JSON.stringify({ type: 'hello', token: 'secre7' })],
    ['an empty token', JSON.stringify({ type: 'hello', token: '' })],
    ['the token of the files', JSON.stringify({ type: 'hello', token: 'FILES' })],
    ['something else first', JSON.stringify({ type: 'pong', id: 1 })],
    ['no JSON', 'hello'],
    ['bytes', Buffer.from('secret')],
  ])('is refused with %s', async (_name, first) => {
    const message = typeof first === 'string' ? first.replace('FILES', worker.scenes.token) : first;
    expect(await hello(message)).toEqual({ code: 1008, reason: 'unknown token' });
    expect(worker.sockets).toBe(0);
  });

  /** A client that says nothing of its own; what it sends is up to the test. */
  async function stranger(): Promise<{ socket: Socket; closed: Promise<number> }> {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    const closed = new Promise<number>((resolve) => {
      socket.on('close', () => resolve(socket.bytesWritten - socket.writableLength));
    });
    socket.write(
      'GET /worker HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.resume();
    return { socket, closed };
  }
  /** The header of a frame from a client, its key all zeros. */
  const frameHeader = (firstByte: number, bytes: number): Buffer => {
    const header = Buffer.alloc(14);
    header[0] = firstByte;
    header[1] = 0xff;
    header.writeBigUInt64BE(BigInt(bytes), 2);
    return header;
  };

  it.each<[string, (socket: Socket) => void]>([
    ['one unfinished frame of 256 MB', (socket) => socket.write(frameHeader(0x81, 256 << 20))],
    [
      'fragments without an end',
      (socket) => socket.write(Buffer.concat([frameHeader(0x01, 1_000), Buffer.alloc(1_000)])),
    ],
    ['pings', () => undefined],
  ])('is closed before the hello by %s', async (_what, begin) => {
    const { socket, closed } = await stranger();
    begin(socket);
    const flood = Buffer.concat(
      Array.from({ length: 500 }, () =>
        Buffer.concat([Buffer.from([0x89, 0x80 + 125, 0, 0, 0, 0]), Buffer.alloc(125)]),
      ),
    );
    const more = (): void => {
      while (!socket.destroyed && socket.write(flood));
    };
    socket.on('drain', more);
    more();
    // What the system's own buffers take is not what the host keeps.
    expect(await closed).toBeLessThan(32 << 20);
    expect(worker.sockets).toBe(0);
  });

  it('is not kept from a page by a crowd that says nothing', async () => {
    const crowd = await Promise.all(Array.from({ length: 160 }, stranger));
    expect(await hello(JSON.stringify({ type: 'hello', token: 'secret' }))).toBe('open');
    // The oldest had to go.
    await crowd[0]!.closed;
  });

  it('ends where a worker sends more than is due', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/worker`);
    onTestFinished(() => socket.terminate());
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'hello', token: 'secret' }));
    socket.send(Buffer.alloc(90_000));
    socket.send(Buffer.alloc(90_000));
    socket.send(Buffer.alloc(300_000));
    await once(socket, 'close');
    expect(worker.sockets).toBe(1);
  });

  it('is closed where nothing is said in time', async () => {
    expect(await hello(null)).toEqual({ code: 1008, reason: 'no hello' });
  });

  it('is refused once the worker is gone', async () => {
    connections.forget(worker);
    expect(await hello(JSON.stringify({ type: 'hello', token: 'secret' }))).toEqual({
      code: 1008,
      reason: 'unknown token',
    });
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { InstallResult } from '../../src/shared/addons';
import type { HostEvent, HostState, OperationReply } from '../../src/shared/host-api';
import { socketRequestSchema } from '../../src/shared/socket-messages';
import { makePng } from '../helpers/png';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What a request for an image or its light is answered instead of them. */
export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

export interface ScriptedHost {
  readonly url: string;
  readonly token: string;
  state: HostState;
  /** What each operation answers; `host.state` answers `state`. Missing ones fail by name. */
  readonly answers: Record<string, (input: never) => OperationReply | Promise<OperationReply>>;
  /** Operations asked for, oldest first. */
  readonly calls: { operation: string; input: unknown }[];
  /** Uploads, oldest first. */
  readonly uploads: { name: string; bytes: Buffer }[];
  /** What the uploads were told to belong to. */
  readonly batches: Set<string | null>;
  /** Add-ons that were sent, oldest first. */
  readonly installs: { name: string; consent: string[]; bytes: Buffer }[];
  /** What comes of an add-on that is sent; a text refuses it. */
  install: (name: string, consent: string[]) => InstallResult | string;
  /** The light of its frames where they are OpenEXR, as encodeLinearImage has it. */
  pixels: ((frame: number, layer: string | null) => Promise<Uint8Array | Refusal | null>) | null;
  /** What the token allows. */
  right: 'read' | 'control';
  /** The image of a frame, in place of one of a single shade; null for none. */
  image: ((jobId: number, frame: number, size: number | null) => Promise<Buffer | Refusal | null>) | null;
  /** Tells every connected page. */
  tell(event: HostEvent): void;
  /** Breaks all connections and refuses new ones until it is called again with false. */
  cutOff(off: boolean): void;
  close(): Promise<void>;
}

export const ok = (value: unknown): OperationReply => ({ ok: true, value });
export const failed = (message: string): OperationReply => ({ ok: false, error: { kind: 'failed', message } });

/**
 * A host whose answers a test writes: the built page and the real protocol over HTTP and WebSocket, with nothing
 * behind.
 */
export async function startScriptedHost(pages: string, state: HostState, token = 'let-me-in'): Promise<ScriptedHost> {
  const sockets = new Set<WebSocket>();
  let off = false;
  const host: Pick<
    ScriptedHost,
    'state' | 'answers' | 'calls' | 'uploads' | 'batches' | 'installs' | 'install' | 'pixels' | 'right' | 'image'
  > = {
    state,
    answers: {},
    calls: [],
    uploads: [],
    batches: new Set(),
    installs: [],
    install: () => 'The script takes no add-ons.',
    pixels: null,
    right: 'control',
    image: null,
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url!, 'http://host');
    if (off) {
      request.socket.destroy();
      return;
    }
    if (url.pathname.startsWith('/api/v1/')) {
      if (request.headers.authorization !== `Bearer ${token}`) {
        response.writeHead(401).end('{"message":"The token is missing or wrong."}');
        return;
      }
      const image = /^\/api\/v1\/jobs\/(\d+)\/frames\/(\d+)\/image$/.exec(url.pathname);
      const job = host.state.jobs.find((one) => one.id === Number(image?.[1]));
      if (job) {
        const size = url.searchParams.get('size');
        const own = await host.image?.(job.id, Number(image![2]), size === null ? null : Number(size));
        if (own === null || (own && 'detail' in own)) {
          response.writeHead(own?.status ?? 404).end(JSON.stringify(own));
          return;
        }
        response
          .writeHead(200, { 'content-type': 'image/png' })
          .end(own ?? makePng(job.settings.width, job.settings.height, (Number(image![2]) * 37) % 256));
        return;
      }
      const pixels = /^\/api\/v1\/jobs\/\d+\/frames\/(\d+)\/pixels$/.exec(url.pathname);
      if (pixels) {
        const bytes = await host.pixels?.(Number(pixels[1]), url.searchParams.get('layer'));
        if (bytes && 'detail' in bytes) response.writeHead(bytes.status).end(JSON.stringify(bytes));
        else response.writeHead(bytes ? 200 : 404, { 'content-type': 'application/octet-stream' }).end(bytes ?? '');
        return;
      }
      if (url.pathname === '/api/v1/scenes' && request.method === 'POST') {
        const pieces: Buffer[] = [];
        for await (const piece of request) pieces.push(piece as Buffer);
        const name = url.searchParams.get('name')!;
        host.uploads.push({ name, bytes: Buffer.concat(pieces) });
        host.batches.add(url.searchParams.get('batch'));
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ path: `/uploads/${name}` }));
        return;
      }
      if (url.pathname === '/api/v1/addons' && request.method === 'POST') {
        const pieces: Buffer[] = [];
        for await (const piece of request) pieces.push(piece as Buffer);
        const name = url.searchParams.get('name')!;
        const consent = url.searchParams.get('consent')?.split(',') ?? [];
        host.installs.push({ name, consent, bytes: Buffer.concat(pieces) });
        const result = host.install(name, consent);
        response
          .writeHead(typeof result === 'string' ? 422 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(typeof result === 'string' ? { detail: result } : result));
        return;
      }
      response.writeHead(404).end('{"message":"There is no such thing."}');
      return;
    }
    const path = join(pages, normalize(url.pathname === '/' ? '/index.html' : url.pathname));
    try {
      const body = await readFile(path);
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };

  const server = createServer((request, response) => void serve(request, response));
  const upgrades = new WebSocketServer({ noServer: true, handleProtocols: () => 'framegauge' });
  server.on('upgrade', (request, socket, head) => {
    if (off || !(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/).includes(`token.${token}`)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (page) => {
      sockets.add(page);
      page.send(JSON.stringify({ right: host.right }));
      page.on('close', () => sockets.delete(page));
      page.on('message', (data) => {
        void (async () => {
          const { call, operation, input } = socketRequestSchema.parse(JSON.parse(String(data)));
          // A page asks this when it has heard nothing for a while.
          if (operation !== 'queue.get') host.calls.push({ operation, input });
          const answer = host.answers[operation];
          const reply = answer
            ? await answer(input as never)
            : operation === 'host.state'
              ? ok(host.state)
              : failed(`The script has no answer to ${operation}.`);
          page.send(JSON.stringify({ call, reply }));
        })();
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return Object.assign(host, {
    url,
    token,
    tell(event: HostEvent): void {
      for (const socket of sockets) socket.send(JSON.stringify({ event }));
    },
    cutOff(next: boolean): void {
      off = next;
      if (off) for (const socket of sockets) socket.terminate();
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  });
}

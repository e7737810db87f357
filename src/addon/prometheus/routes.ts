import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MetricFamily } from '../api/context';
import { type ListedMachine, discoveryDocument } from './discovery';
import type { Scrape } from './exporter-state';
import { filterFamilies, writeExposition } from '../api/metrics/exposition';
import { acceptsGzip, chooseFormat } from './negotiation';
import { collectAtMostEvery, shareCollection } from './shared-collection';

const compress = promisify(gzip);
const ALLOW = 'GET, HEAD, OPTIONS';
const METRICS_PATHS: readonly string[] = ['/metrics', ''];
const HEALTH_PATHS: readonly string[] = ['/-/healthy', '/-/ready'];
const DISCOVERY_PATH = '/sd';
/** Interval at which the machines are asked for at most, in milliseconds: anybody may ask for the document. */
const DISCOVERY_INTERVAL = 1_000;
/** Bodies below this many bytes fit into one packet anyway. */
const COMPRESS_FROM = 1_000;

export interface RoutesOptions {
  readonly collect: () => Promise<MetricFamily[]>;
  /** The machines of the farm, for the service discovery; never rejects. None by default. */
  readonly machines?: () => Promise<readonly ListedMachine[]>;
  /** Called after every scrape that was answered. */
  readonly answered?: (scrape: Scrape) => void;
  /** Called when a scrape could not be answered. */
  readonly failed: (error: unknown) => void;
}

/** One collection, with the bodies generated from it. */
interface Collection {
  readonly families: MetricFamily[];
  readonly bodies: Map<string, Promise<Buffer>>;
}

/**
 * Answers requests: the metrics at `/metrics` and `/`, the service discovery document at `/sd`, and the health checks
 * `/-/healthy` and `/-/ready`.
 */
export function createRoutes({
  collect,
  machines = async () => [],
  answered,
  failed,
}: RoutesOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const collection = shareCollection(async (): Promise<Collection> => ({
    families: await collect(),
    bodies: new Map(),
  }));
  const listed = collectAtMostEvery(DISCOVERY_INTERVAL, machines);

  async function metrics(request: IncomingMessage, query: string): Promise<Answer> {
    const { format, contentType } = chooseFormat(request.headers.accept);
    const zipped = acceptsGzip(request.headers['accept-encoding']);
    const names = [...new Set(new URLSearchParams(query).getAll('name[]'))].sort();
    const { families, bodies } = await collection();
    const plainKey = JSON.stringify([format, names]);
    const plain = await memo(bodies, plainKey, async () =>
      writeExposition(names.length > 0 ? filterFamilies(families, new Set(names)) : families, format),
    );
    const headers: Record<string, string> = { 'content-type': contentType, vary: 'accept, accept-encoding' };
    if (!zipped || plain.length < COMPRESS_FROM) return { status: 200, headers, body: plain };
    // The fastest level: it compresses 6.5 KB to 1.3 KB, the best one only to 1.2.
    const body = await memo(bodies, `gzip ${plainKey}`, () => compress(plain, { level: 1 }));
    return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    // A proxy may send the absolute URL (RFC 9112 section 3.2.2).
    const [written = '', query = ''] = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '').split('?', 2);
    // People and proxies append a slash.
    const path = written.replace(/\/$/, '');
    const known =
      METRICS_PATHS.includes(path) ||
      HEALTH_PATHS.includes(path) ||
      path === DISCOVERY_PATH ||
      (path === '*' && request.method === 'OPTIONS');
    if (!known) return text(404, 'There is nothing here. The metrics are at /metrics.\n');
    if (request.method === 'OPTIONS') return { status: 204, headers: { allow: ALLOW }, body: null };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(405, `${request.method} is not answered here: use GET.\n`, { allow: ALLOW });
    }
    if (HEALTH_PATHS.includes(path)) return text(200, 'OK\n');
    if (path === DISCOVERY_PATH) return json(discoveryDocument(request, await listed()));
    const began = performance.now();
    try {
      const answer = await metrics(request, query);
      if (request.method === 'GET')
        answered?.({ at: Date.now(), by: nameOf(request), seconds: (performance.now() - began) / 1000 });
      return answer;
    } catch (error) {
      failed(error);
      return text(503, 'The metrics could not be collected; the log of the add-on says why.\n');
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The body is never used, but must be consumed for the connection to be reused.
    request.resume();
    const { status, headers, body } = await answer(request);
    response.writeHead(status, {
      ...headers,
      ...(body ? { 'content-length': body.length } : {}),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // Node omits the body of a response to HEAD.
    response.end(body ?? undefined);
  }

  return (request, response) => void respond(request, response);
}

/** The client, as `10.0.0.7 (Prometheus/2.42.0)`. */
function nameOf({ socket, headers }: IncomingMessage): string {
  const address = (socket.remoteAddress ?? 'somebody').replace(/^::ffff:/, '');
  const program = headers['user-agent']?.slice(0, 60);
  return program ? `${address} (${program})` : address;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

function json(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(`${JSON.stringify(value)}\n`),
  };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: Buffer.from(body) };
}

function memo<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let result = made.get(key);
  if (!result) made.set(key, (result = make()));
  return result;
}

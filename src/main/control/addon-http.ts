import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  ANSWER_HEADERS,
  ANSWER_TYPES,
  type AddonHttpAnswer,
  type AddonHttpRequest,
  HTTP_LIMITS,
} from '../../shared/addon-http';
import type { AddonManager } from '../addons/addon-manager';
import type { FoundRoute } from '../addons/route-table';
import { packRoute } from '../metrics/route-labels';
import { addonOpenApi } from './addon-open-api';
import { type RateLimits, type RefusalCount, guard, lacksControl, rightOf } from './token-guard';
import type { HttpMetrics } from './http-metrics';
import { Problem } from '../http/problem';
import { suffices } from './rights';
import type { Tokens } from '../http/tokens';

export const ADDONS = '/addons';

/** Headers of a request that an add-on is given: never a token or a cookie. */
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'user-agent',
] as const;

/**
 * An answer of an add-on is on the UI's address, so nothing in it may run there or be shown inside another page, whatever
 * a browser makes of it.
 */
const PROTECTION = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'x-frame-options': 'DENY',
} as const;

export interface AddonHttpOptions {
  readonly version: string;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly countRefusal: RefusalCount;
  readonly metrics: HttpMetrics;
  readonly addons: Pick<AddonManager, 'list' | 'running' | 'states'>;
}

/** Everything below `/addons`: the routes of the add-ons that run at the moment, and their OpenAPI document. */
export async function registerAddonHttp(server: FastifyInstance, options: AddonHttpOptions): Promise<void> {
  await guard(server, options.tokens, options.metrics, options.countRefusal, options.limits);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: HTTP_LIMITS.requestBytes }, (_request, body, done) =>
    done(null, body),
  );
  server.get('/openapi.json', { config: { access: 'read' } }, (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(addonOpenApi(options.version, options.addons))),
  );
  const counted = createCountedRoutes(options);
  /** Requests under way by add-on. */
  const underWay = new Map<string, number>();
  server.route({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/:addon/*',
    exposeHeadRoute: false,
    config: { access: 'read', metrics: counted },
    // Before a body is read.
    preParsing: async (request) => {
      const { route } = wantedRoute(request, options.addons);
      if (!suffices(rightOf(request), route.access)) throw lacksControl();
    },
    handler: async (request, reply) => {
      const { addon } = request.params as { addon: string };
      const running = underWay.get(addon) ?? 0;
      if (running >= HTTP_LIMITS.concurrent)
        throw new Problem(
          503,
          `The add-on “${addon}” is handling ${running} requests: try again in a second.`,
          {},
          { 'retry-after': '1' },
        );
      underWay.set(addon, running + 1);
      try {
        return await answer(request, reply, addon, options.addons);
      } finally {
        const left = underWay.get(addon)! - 1;
        if (left > 0) underWay.set(addon, left);
        else underWay.delete(addon);
      }
    },
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  addon: string,
  addons: AddonHttpOptions['addons'],
): Promise<FastifyReply> {
  const { route, params } = wantedRoute(request, addons);
  const aborter = new AbortController();
  reply.raw.once('close', () => aborter.abort());
  const asked: AddonHttpRequest = {
    key: route.key,
    method: request.method,
    path: pathOf(request),
    params,
    query: queryOf(request),
    headers: Object.fromEntries(
      REQUEST_HEADERS.flatMap((name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? [[name, value.slice(0, 2_000)]] : [];
      }),
    ),
    right: rightOf(request),
    body: Buffer.isBuffer(request.body) && request.body.length > 0 ? new Uint8Array(request.body) : null,
  };
  const process = addons.running(addon);
  const answered = await process?.request(asked, aborter.signal);
  if (!answered)
    throw addons.running(addon) === process
      ? new Problem(504, `The add-on “${addon}” did not answer within ${HTTP_LIMITS.timeout / 1000} s.`)
      : new Problem(502, `The add-on “${addon}” ended before it had answered.`);
  if (answered.failed !== null) throw new Problem(500, `The add-on “${addon}” failed to answer: its log says why.`);
  return send(reply, addon, answered);
}

/** @throws Problem (502) when the answer has something that may not be sent from here */
function send(reply: FastifyReply, addon: string, { status, type, headers, body }: AddonHttpAnswer): FastifyReply {
  const refuse = (what: string): Problem =>
    new Problem(502, `The add-on “${addon}” answered with ${what}, which is not passed on.`);
  if (body && type === null) throw refuse('a body without a type');
  const bare = type?.split(';')[0]!.trim().toLowerCase();
  if (bare !== undefined && !(ANSWER_TYPES as readonly string[]).includes(bare))
    throw refuse(`the type “${bare.slice(0, 100)}”`);
  for (const [name, value] of Object.entries({ ...headers, type: type ?? '' })) {
    const lower = name.toLowerCase();
    if (lower !== 'type' && !(ANSWER_HEADERS as readonly string[]).includes(lower))
      throw refuse(`the header “${lower.slice(0, 100)}”`);
    if (!/^[\x20-\x7e]*$/.test(value)) throw refuse(`a “${lower}” that is no header value`);
    if (lower === 'location' && !isOwnPath(value, addon)) throw refuse('a location outside of its own routes');
  }
  reply
    .code(status)
    .headers({
      'cache-control': 'no-store',
      ...Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])),
    })
    .headers(PROTECTION);
  if (!body || status === 204 || status === 304) return reply.send();
  return reply.type(type!).send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

/** Whether a browser that follows it stays with the add-on: `..` and `\` may lead elsewhere. */
function isOwnPath(location: string, addon: string): boolean {
  const base = 'http://host.invalid';
  if (!URL.canParse(location, base) || !location.startsWith('/')) return false;
  const { origin, pathname } = new URL(location, base);
  return origin === base && pathname.startsWith(`${ADDONS}/${addon}/`);
}

/** @throws Problem (404, 405) */
function wantedRoute(request: FastifyRequest, addons: AddonHttpOptions['addons']): FoundRoute {
  const found = lookUp(request, addons);
  if (found && 'route' in found) return found;
  if (!found || found.length === 0) throw new Problem(404, `There is nothing at ${pathOf(request)}.`);
  const allow = [...found, ...(found.includes('GET') ? ['HEAD'] : [])].sort().join(', ');
  throw new Problem(405, `${request.method} is not possible here: use ${allow}.`, {}, { allow });
}

function lookUp(request: FastifyRequest, addons: AddonHttpOptions['addons']): FoundRoute | readonly string[] | null {
  const { addon } = request.params as { addon: string };
  const path = pathOf(request).slice(`${ADDONS}/${addon}`.length);
  return addons.running(addon)?.routes.find(request.method, path) ?? null;
}

/** Names of routes of one add-on in the HTTP metrics, with what labels they have; a route that goes keeps its series. */
const MAX_COUNTED = 200;

/**
 * Names the routes in the HTTP metrics: only what an add-on has announced, so that clients make none, and not without
 * end. The series of an add-on go with it.
 */
function createCountedRoutes({
  addons,
  metrics,
}: AddonHttpOptions): (request: FastifyRequest) => string | false | null {
  const counted = new Map<string, Set<string>>();
  metrics.beforeReading(() => {
    if (counted.size === 0) return;
    const present = new Set(addons.states().map(({ id }) => id));
    for (const [addon, names] of counted) {
      if (present.has(addon)) continue;
      counted.delete(addon);
      for (const name of names) metrics.forget(name);
    }
  });
  return (request) => {
    const found = lookUp(request, addons);
    if (!found || !('route' in found)) return null;
    const { route } = found;
    if (!route.metrics) return false;
    const { addon } = request.params as { addon: string };
    const name = packRoute(`${ADDONS}/${addon}${route.path}`, labelsOf(request, found));
    const names = counted.get(addon) ?? new Set();
    const wanted = names.has(name) || names.size < MAX_COUNTED ? name : `${ADDONS}/${addon}/other`;
    counted.set(addon, names.add(wanted));
    return wanted;
  };
}

/** The values of a route's own labels for a request; a client cannot make up others than are declared. */
function labelsOf(request: FastifyRequest, { route, params }: FoundRoute): Record<string, string> {
  const query = new URL(request.url, 'http://host.invalid').searchParams;
  return Object.fromEntries(
    Object.entries(route.labels).map(([label, from]) => {
      if (typeof from === 'string') return [label, from];
      const value =
        from.from === 'query' ? query.get(from.name) : Object.hasOwn(params, from.name) && params[from.name];
      return [label, from.values.includes(value as string) ? (value as string) : 'other'];
    }),
  );
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0]!;

/** As text; a name that comes several times has a list. */
function queryOf(request: FastifyRequest): AddonHttpRequest['query'] {
  const { searchParams } = new URL(request.url, 'http://host.invalid');
  const names = [...new Set(searchParams.keys())].slice(0, 100);
  // Defines its members, whatever they are called.
  return Object.fromEntries(
    names.map((name) => {
      const values = searchParams.getAll(name).slice(0, 100);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

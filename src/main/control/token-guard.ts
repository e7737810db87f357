import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Right } from '../../shared/host-api';
import type { HttpMetrics } from './http-metrics';
import { isLoopback } from '../http/own-names';
import { keepConnection } from '../http/connections';
import { Problem } from '../http/problem';
import { NEEDS_CONTROL, suffices } from './rights';
import { type Tokens, rightOfToken, tokenOf } from '../http/tokens';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client's right; null where the route requires no token. */
    right: Right | null;
  }
  interface FastifyContextConfig {
    /** Served without a token: the answer must not contain anything private. */
    public?: boolean;
    /** The right that the route requires; `control` by default. */
    access?: Right;
  }
}

/** Rate limits per client address and minute. */
export interface RateLimits {
  /** All requests: far above what people and their scripts send, and below what would slow down rendering. */
  readonly requests: number;
  /** Requests with a wrong token. */
  readonly refusals: number;
}

export const RATE_LIMITS: RateLimits = { requests: 30_000, refusals: 30 };
const MINUTE = 60_000;

/** Counts a request with a wrong token against its address. */
export type RefusalCount = ReturnType<FastifyInstance['createRateLimit']>;

/** The count that all guarded parts of a server share: an address has one allowance, whatever it tries tokens on. */
export async function createRefusalCount(
  server: FastifyInstance,
  { refusals }: Pick<RateLimits, 'refusals'> = RATE_LIMITS,
): Promise<RefusalCount> {
  await server.register(rateLimit, { global: false });
  return server.createRateLimit({ max: refusals, timeWindow: MINUTE });
}

/**
 * Requires a token of every request to a part of the server, unless its route has `config: { public: true }`, and
 * applies the rate limits.
 *
 * An address that has sent too many wrong tokens is blocked until the minute is over, even with a right token, so that
 * tokens cannot be guessed. On the loopback interface a right token is accepted all the same: otherwise a program with
 * an outdated token would lock out the user of the machine.
 */
export async function guard(
  api: FastifyInstance,
  tokens: Tokens,
  metrics: Pick<HttpMetrics, 'authentication'>,
  countRefusal: RefusalCount,
  limits: Pick<RateLimits, 'requests'> = RATE_LIMITS,
): Promise<void> {
  const tooMany = (retryAfter: number, what: string): Problem =>
    new Problem(
      429,
      `${what}: try again in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}.`,
      {},
      { 'retry-after': String(retryAfter) },
    );
  api.decorateRequest('right', null);
  await api.register(rateLimit, {
    max: limits.requests,
    timeWindow: MINUTE,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) =>
      tooMany(Math.ceil(ttl / 1_000), 'Too many requests came from this address'),
  });
  api.addHook('onRequest', async (request: FastifyRequest) => {
    if (request.routeOptions.config.public) return;
    const token = tokenOf(request);
    const right = rightOfToken(token, tokens);
    if (token !== null && (right === null || !isLoopback(request.ip))) {
      const refused = await countRefusal(request, { increment: false });
      if (!refused.isAllowed && refused.remaining === 0) {
        metrics.authentication('blocked');
        throw tooMany(refused.ttlInSeconds, 'Too many requests with a wrong token came from this address');
      }
    }
    if (right === null) {
      metrics.authentication(token === null ? 'missing' : 'wrong');
      // A missing token is no guess.
      if (token !== null) await countRefusal(request);
      const challenge = `Bearer realm="Framegauge"${token === null ? '' : ', error="invalid_token"'}`;
      throw new Problem(
        401,
        'The token is missing or wrong: the host printed it when it started.',
        {},
        { 'www-authenticate': challenge },
      );
    }
    metrics.authentication(right);
    request.right = right;
    keepConnection(request.raw.socket, right);
    if (!suffices(right, request.routeOptions.config.access ?? 'control')) throw lacksControl();
  });
}

/** @throws when the guard admitted a request without determining its right */
export function rightOf(request: FastifyRequest): Right {
  if (request.right === null) throw new Error('a route that needs a right is open to all');
  return request.right;
}

/** The answer to a change requested with the read token. */
export function lacksControl(): Problem {
  return new Problem(
    403,
    NEEDS_CONTROL,
    {},
    { 'www-authenticate': 'Bearer realm="Framegauge", error="insufficient_scope", scope="control"' },
  );
}

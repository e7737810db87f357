import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpMetrics } from './http-metrics';
import { isLoopback } from './access';
import { Problem } from './problem';
import { type Right, type Tokens, rightOf, tokenOf } from './tokens';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the client may do; null where the route asks for no token. */
    right: Right | null;
  }
  interface FastifyContextConfig {
    /** Answers without a token: nothing private may be in it. */
    public?: boolean;
    /** The right that the route needs; `control` where it says nothing. */
    access?: Right;
  }
}

/** How often things may be asked for from one address, each in a minute. */
export interface RateLimits {
  /** Requests of any kind: far above what people and their scripts do, and below what would keep the host from rendering. */
  readonly requests: number;
  /** Requests with a wrong token. */
  readonly refusals: number;
}

export const RATE_LIMITS: RateLimits = { requests: 30_000, refusals: 30 };
const MINUTE = 60_000;

/**
 * Asks every request of a part of the server for a token, unless its route says `config: { public: true }`, and lets nobody ask too often.
 *
 * An address that sent too many wrong tokens is not listened to until the minute is over, be its token right or not, so that nobody can try tokens. On the loopback interface a right token is
 * taken all the same: there a program with an old token would otherwise lock out the person who sits at the machine.
 */
export async function guard(
  api: FastifyInstance,
  tokens: Tokens,
  metrics: Pick<HttpMetrics, 'authentication'>,
  limits: RateLimits = RATE_LIMITS,
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
  const countRefusal = api.createRateLimit({ max: limits.refusals, timeWindow: MINUTE });
  api.addHook('onRequest', async (request: FastifyRequest) => {
    if (request.routeOptions.config.public) return;
    const token = tokenOf(request);
    const right = rightOf(token, tokens);
    if (token !== null && (right === null || !isLoopback(request.ip))) {
      const refused = await countRefusal(request, { increment: false });
      if (!refused.isAllowed && refused.remaining === 0) {
        metrics.authentication('blocked');
        throw tooMany(refused.ttlInSeconds, 'Too many requests with a wrong token came from this address');
      }
    }
    if (right === null) {
      metrics.authentication(token === null ? 'missing' : 'wrong');
      // Who has none tries none.
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
    if (right === 'read' && (request.routeOptions.config.access ?? 'control') === 'control') throw lacksControl();
  });
}

/** The answer to a client that may only look. */
export function lacksControl(): Problem {
  return new Problem(
    403,
    'This token may only look: use the control token to change things.',
    {},
    { 'www-authenticate': 'Bearer realm="Framegauge", error="insufficient_scope", scope="control"' },
  );
}

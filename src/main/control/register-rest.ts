import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type OperationError, type OperationReply, type Right, operations } from '../../shared/host-api';
import { UserError } from '../../shared/user-error';
import { convertWords } from './convert-words';
import { Problem } from '../http/problem';
import { rightOf } from './token-guard';
import type { RestRequest, RestRoute } from './rest-route';
import { restRoutes } from './rest-routes';

/** Carries out an operation with a client's right, which must be sufficient. */
export type CallOperation = (operation: string, input: unknown, right: Right) => Promise<OperationReply>;

/** Registers every route of the table on a server. A refused operation is answered with a problem. */
export function registerRest(api: FastifyInstance, prefix: string, call: CallOperation): void {
  for (const route of restRoutes) {
    api.route({
      method: route.method,
      url: route.path,
      config: { access: operations[route.operation].access },
      handler: async (request, reply) => answerRoute(route, request, reply, prefix, call),
    });
  }
}

async function answerRoute(
  route: RestRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  prefix: string,
  call: CallOperation,
): Promise<FastifyReply> {
  const asked = readRequest(route, request);
  let input: unknown;
  try {
    input = route.input(asked);
  } catch (error) {
    // Parsable input that is invalid.
    if (error instanceof UserError) throw new Problem(422, error.message);
    throw error;
  }
  const right = rightOf(request);
  const result = await call(route.operation, input, right);
  if (!result.ok) throw problemOfError(result.error, route);
  const answer = route.answer(result.value, asked);
  reply
    .code(route.status ?? 200)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8');
  if (route.location) reply.header('location', prefix + route.location(answer));
  return reply.send(JSON.stringify(answer));
}

function readRequest(route: RestRoute, request: FastifyRequest): RestRequest {
  return {
    params: route.params ? checkWords(route.params, request.params, 'params') : {},
    query: checkWords(route.query ?? NOTHING, request.query, 'query'),
    body:
      route.body === undefined
        ? undefined
        : check(route.body, request.body ?? (route.body instanceof z.ZodDefault ? undefined : {}), 422, '#'),
  };
}

const NOTHING = z.strictObject({});

/** Validates path parameters or a query. @throws Problem like {@link check} */
export function checkWords<S extends z.ZodObject>(schema: S, words: unknown, where: 'params' | 'query'): z.output<S> {
  return check(schema, convertWords(words as Record<string, unknown>, schema), 400, where);
}

/** @throws Problem that names the first invalid field and lists all of them */
export function check<S extends z.ZodType>(schema: S, value: unknown, status: 400 | 422, where: string): z.output<S> {
  const parsed = schema.safeParse(value, { error: inWords });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
    pointer: [where, ...issue.path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/'),
    detail: issue.message,
  }));
  const [first] = parsed.error.issues;
  const field = first && first.path.length > 0 ? `“${first.path.join('.')}”: ` : '';
  throw new Problem(status, `The request does not fit: ${field}${first?.message ?? 'something in it is wrong'}.`, {
    errors,
  });
}

/** Our wording where zod's is for programmers; undefined keeps zod's. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined
      ? `it is missing, ${kinds[issue.expected] ?? issue.expected} is expected`
      : `${kinds[issue.expected] ?? issue.expected} is expected`;
  if (issue.code === 'unrecognized_keys')
    return `there is no ${issue.keys
      .slice(0, 5)
      .map((key) => `“${key}”`)
      .join(', ')} here`;
  if (issue.code === 'invalid_value')
    return `write ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  return undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
};

/**
 * Maps a refused operation to HTTP: 404 if the resource in the path does not exist; 422 if the input is invalid or
 * refers to something missing; 409 if the current state does not allow it; 507 if the host can’t write it down.
 */
export function problemOfError(
  { kind, message }: OperationError,
  route: Pick<RestRoute, 'params' | 'failed'> = {},
): Error {
  switch (kind) {
    case 'internal':
      return new Error(message);
    case 'not-found':
      return new Problem(route.params ? 404 : 422, message);
    case 'arguments':
      return new Problem(422, message);
    case 'failed':
      return new Problem(route.failed ?? 409, message);
    case 'disk':
      return new Problem(507, message);
  }
}

/** Answers 405 on a known path with an unsupported method. Must be called after the routes are registered. */
export function refuseOtherMethods(api: FastifyInstance, paths: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, known] of paths) {
    const allowed = new Set(known);
    if (known.has('GET')) allowed.add('HEAD');
    const others = api.supportedMethods.filter((method) => !allowed.has(method));
    const allow = [...allowed].sort().join(', ');
    api.route({
      method: others,
      url,
      config: { access: 'read' },
      // Before the body is parsed.
      preParsing: async (request) => {
        throw new Problem(405, `${request.method} is not possible here: use ${allow}.`, {}, { allow });
      },
      handler: () => undefined,
    });
  }
}

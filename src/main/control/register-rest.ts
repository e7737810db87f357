import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type OperationReply, operations } from '../../shared/host-api';
import { UserError } from '../../shared/user-error';
import { convertWords } from './convert-words';
import { Problem } from './problem';
import { type RestRequest, type RestRoute, restRoutes } from './rest-routes';

export type CallOperation = (operation: string, input: unknown) => Promise<OperationReply>;

/** Puts every route of the table on a server. What a route's operation refuses becomes a problem. */
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
    // Words that can be read but don't fit.
    if (error instanceof UserError) throw new Problem(422, error.message);
    throw error;
  }
  const result = await call(route.operation, input);
  if (!result.ok) throw await problemOfReply(result.error, asked, route, call);
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

/** Reads what stands in the address. @throws Problem as {@link check} */
export function checkWords<S extends z.ZodObject>(schema: S, words: unknown, where: 'params' | 'query'): z.output<S> {
  return check(schema, convertWords(words as Record<string, unknown>, schema), 400, where);
}

/** @throws Problem that names the first thing that does not fit, and lists all of them */
export function check<S extends z.ZodType>(schema: S, value: unknown, status: 400 | 422, where: string): z.output<S> {
  const parsed = schema.safeParse(value, { error: inWords });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
    pointer: [where, ...issue.path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/'),
    detail: issue.message,
  }));
  const [first] = parsed.error.issues;
  const place = first && first.path.length > 0 ? `“${first.path.join('.')}”: ` : '';
  throw new Problem(status, `The request does not fit: ${place}${first?.message ?? 'something in it is wrong'}.`, {
    errors,
  });
}

/** In our words where zod's are for programmers; undefined leaves them. */
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

/** What an operation's refusal is in HTTP. What the path names and isn't there is 404; a wrong wish 422; a right one that can't be met as things are now 409. */
async function problemOfReply(
  error: Extract<OperationReply, { ok: false }>['error'],
  { params }: RestRequest,
  route: RestRoute,
  call: CallOperation,
): Promise<Error> {
  if (error.kind === 'internal') return new Error(error.message);
  if (error.kind === 'failed') return new Problem(route.failed ?? 409, error.message);
  if (route.path.startsWith('/jobs/:id') && !(await call('job.get', { id: params['id'] })).ok)
    return new Problem(404, error.message);
  if (route.path.startsWith('/addons/:id')) {
    const state = await call('host.state', {});
    const there =
      state.ok &&
      z
        .looseObject({ addons: z.array(z.looseObject({ manifest: z.looseObject({ id: z.string() }) })) })
        .parse(state.value)
        .addons.some(({ manifest }) => manifest.id === params['id']);
    if (!there) return new Problem(404, error.message);
  }
  return new Problem(422, error.message);
}

/** Answers 405 where a path is known, but not with the method that came. Has to be called after the routes are registered. */
export function refuseOtherMethods(api: FastifyInstance, paths: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, known] of paths) {
    const allowed = new Set(known);
    if (known.has('GET')) allowed.add('HEAD');
    const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
      (method) => !allowed.has(method),
    );
    const allow = [...allowed].sort().join(', ');
    api.route({
      method: others,
      url,
      config: { access: 'read' },
      // Before the body is looked at.
      preParsing: async (request) => {
        throw new Problem(405, `${request.method} is not possible here: use ${allow}.`, {}, { allow });
      },
      handler: () => undefined,
    });
  }
}

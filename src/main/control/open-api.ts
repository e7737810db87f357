import { z } from 'zod';
import { addonSchema } from '../../shared/addons';
import { engineInfoSchema } from '../../shared/engines';
import { operationReplySchema, operations } from '../../shared/host-api';
import { storedEventSchema } from '../../shared/lifecycle';
import { operatorRunSchema, operatorSchema } from '../../shared/operators';
import { frameSchema, jobSchema, queueSchema } from '../../shared/jobs';
import { sceneInfoSchema } from '../../shared/scene';
import { workerSchema } from '../../shared/workers';
import { problemAnswers, problemSchema } from '../http/problem';
import { restRoutes } from './rest-routes';
import { type SpecialRoute, specialRoutes } from './special-routes';

type Json = Record<string, unknown>;

/** Schemas that get a name in the document; the others are inlined. */
const NAMED: readonly (readonly [string, z.ZodType])[] = [
  ['Job', jobSchema],
  ['Frame', frameSchema],
  ['Queue', queueSchema],
  ['Worker', workerSchema],
  ['Engine', engineInfoSchema],
  ['Scene', sceneInfoSchema],
  ['Addon', addonSchema],
  ['Operator', operatorSchema],
  ['OperatorRun', operatorRunSchema],
  ['Event', storedEventSchema],
  ['Problem', problemSchema],
  ['OperationReply', operationReplySchema],
];

/** Error statuses that a route may answer with, and when. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read, or a parameter does not fit',
  401: 'The token is missing or wrong',
  403: 'The token may only look, or the request came from another site',
  404: 'What the path names is not there',
  409: 'It cannot be done as things are now',
  413: 'The body is too large',
  415: 'The body is of another type than is taken here',
  421: 'The server does not answer for this host name',
  422: 'The body can be read, but what it asks for does not fit',
  429: 'Too many requests came from this address',
  500: 'Something went wrong inside of the program',
  503: 'The image cannot be shown now; ask again',
  507: 'The host’s disk has no room left for it, or can’t be written to',
};

/**
 * The OpenAPI document of `/api/v1`, generated from the schemas that validate requests
 * (https://spec.openapis.org/oas/v3.1.1.html).
 *
 * @param version the program's version
 */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const add = (path: string, method: string, operation: Json): void => {
    const named = path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[named] ??= {})[method.toLowerCase()] = operation;
  };
  const schemas = namedSchemas();
  for (const route of restRoutes) {
    const { access } = operations[route.operation];
    add(route.path, route.method, {
      operationId: route.id,
      tags: [route.tag],
      summary: route.summary,
      ...rightOf(access),
      ...parametersOf(route.params, route.query),
      ...(route.body === undefined
        ? {}
        : {
            requestBody: {
              required: !(route.body instanceof z.ZodDefault),
              content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
            },
          }),
      responses: {
        [String(route.status ?? 200)]: {
          description: 'Done',
          ...(route.location
            ? { headers: { Location: { description: 'Of what was made', schema: { type: 'string' } } } }
            : {}),
          content: { 'application/json': { schema: schemaOf(route.output, 'output') } },
        },
        ...refusals(route.params !== undefined, route.body !== undefined, access === 'control' ? [507] : []),
      },
    });
  }
  for (const route of specialRoutes) add(route.path, route.method, operationOf(route));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Framegauge',
      version,
      description:
        'Steers a render host and tells how it goes. Requests carry “Authorization: Bearer TOKEN”; the host prints its token when it starts, and keeps one that may only look in the file read-token of its data folder. Errors are problem documents (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: [...new Set([...restRoutes, ...specialRoutes].map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The control token may do everything, the read token may look.',
        },
      },
      schemas,
    },
  };
}

function operationOf(route: SpecialRoute): Json {
  const { body, answer } = route;
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === 'none' ? { security: [] } : rightOf(route.access)),
    ...parametersOf(route.params, route.query),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              body.types.map((type) => [type, body.schema ? { schema: schemaOf(body.schema, 'input') } : {}]),
            ),
          },
        }),
    responses: {
      [String(answer.status)]: {
        description: answer.description,
        ...(answer.types.length > 0
          ? {
              content: Object.fromEntries(
                answer.types.map((type) => [type, answer.schema ? { schema: schemaOf(answer.schema, 'output') } : {}]),
              ),
            }
          : {}),
      },
      ...(route.access === 'none' ? {} : refusals(route.params !== undefined, body !== undefined, route.refusals)),
    },
  };
}

const rightOf = (access: 'read' | 'control'): Json => ({
  description: access === 'read' ? 'Either token will do.' : 'Needs the control token.',
});

function refusals(named: boolean, body: boolean, further: SpecialRoute['refusals'] = []): Json {
  const possible = [
    400,
    401,
    403,
    ...(named ? [404] : []),
    409,
    ...(body ? [413] : []),
    415,
    421,
    422,
    429,
    500,
    ...further,
  ];
  const descriptions = Object.fromEntries(possible.map((status) => [status, REFUSALS[status]!]));
  return problemAnswers(descriptions, { $ref: '#/components/schemas/Problem' });
}

function parametersOf(params: z.ZodObject | undefined, query: z.ZodObject | undefined): Json {
  const of = (schema: z.ZodObject | undefined, location: 'path' | 'query'): Json[] => {
    if (!schema) return [];
    const { properties = {} } = schemaOf(schema, 'input') as { properties?: Record<string, Json> };
    return Object.entries(properties).map(([name, { description, ...type }]) => ({
      name,
      in: location,
      required: location === 'path',
      ...(description === undefined ? {} : { description }),
      ...(type['type'] === 'array' ? { style: 'form', explode: false } : {}),
      schema: type,
    }));
  };
  const all = [...of(params, 'path'), ...of(query, 'query')];
  return all.length > 0 ? { parameters: all } : {};
}

const registry = z.registry<{ id: string }>();
for (const [id, schema] of NAMED) registry.add(schema, { id });

/** JSON schema of a zod schema, with references for the named schemas inside it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  if (io === 'output') {
    const name = registry.get(schema)?.id;
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  }
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    ...(io === 'output' ? { metadata: registry } : {}),
  }) as Json;
  const {
    $schema: _schema,
    $defs: _defs,
    ...rest
  } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
  return rest;
}

function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(registry, {
    io: 'output',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, made]) => {
      const { $schema: _schema, $id: _id, ...rest } = made as Json;
      return [name, rest];
    }),
  );
}

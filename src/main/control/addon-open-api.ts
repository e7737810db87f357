import type { AddonRoute } from '../../shared/addon-http';
import { schemaProblem } from '../../shared/addon-http';
import type { AddonManager } from '../addons/addon-manager';
import { problemAnswers } from '../http/problem';

type Json = Record<string, unknown>;

/** Error statuses of every route, and when. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read, or a parameter does not fit',
  401: 'The token is missing or wrong',
  403: 'The token may only look, or the request came from another site',
  404: 'What the path names is not there, or the add-on is disabled',
  422: 'The body can be read, but does not fit',
  429: 'Too many requests came from this address',
  500: 'The add-on failed',
  502: 'The add-on answered with something that is not passed on, or ended',
  503: 'The add-on is handling as many requests as it may',
  504: 'The add-on did not answer in time',
};

/** The OpenAPI document of the routes that add-ons serve at the moment. */
export function addonOpenApi(version: string, addons: Pick<AddonManager, 'list' | 'running'>): Json {
  const paths: Record<string, Json> = {};
  const tags: Json[] = [];
  for (const { manifest } of addons.list()) {
    const routes = addons.running(manifest.id)?.routes.list() ?? [];
    if (routes.length > 0) tags.push({ name: manifest.id, description: manifest.name });
    for (const route of routes) {
      const path = `/${manifest.id}${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
      (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(manifest.id, route);
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Add-ons of Framegauge', version, description: 'What the add-ons that run at the moment serve.' },
    servers: [{ url: '/addons' }],
    security: [{ token: [] }],
    tags,
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operationOf(id: string, route: AddonRoute): Json {
  const { params, query, body, answer } = schemasOf(route);
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: propertyOf(params, name) })),
    ...Object.keys((query?.['properties'] ?? {}) as Json).map((name) => ({
      name,
      in: 'query',
      required: Array.isArray(query?.['required']) && query['required'].includes(name),
      schema: propertyOf(query, name),
    })),
  ];
  return {
    operationId: `${id}_${route.method.toLowerCase()}_${route.path.replaceAll(/\W+/g, '_').replaceAll(/^_|_$/g, '')}`,
    tags: [id],
    summary: route.summary,
    description: route.access === 'read' ? 'Either token will do.' : 'Needs the control token.',
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      200: { description: 'Done', ...(answer ? { content: { 'application/json': { schema: answer } } } : {}) },
      ...problemAnswers(REFUSALS),
    },
  };
}

/** What came from the add-on is checked here again: its process may send anything. */
function schemasOf({ schemas }: AddonRoute): Partial<Record<'params' | 'query' | 'body' | 'answer', Json>> {
  try {
    const parsed = JSON.parse(schemas) as Json;
    return Object.fromEntries(Object.entries(parsed).filter(([, schema]) => schemaProblem(schema) === null)) as Record<
      string,
      Json
    >;
  } catch {
    return {};
  }
}

function propertyOf(schema: Json | undefined, name: string): unknown {
  const properties = schema?.['properties'];
  const own = typeof properties === 'object' && properties !== null && Object.hasOwn(properties, name);
  return own ? (properties as Json)[name] : { type: 'string' };
}

import { z } from 'zod';
import './schema-words';

/** Methods that a route of an add-on may have. GET answers HEAD too. */
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Limits of routes that add-ons serve. */
export const HTTP_LIMITS = {
  /** Routes of one add-on. */
  routes: 50,
  /** Requests that one add-on handles at once. */
  concurrent: 16,
  /** Bytes of a request's body. */
  requestBytes: 1024 * 1024,
  /** Bytes of an answer's body. */
  answerBytes: 8 * 1024 * 1024,
  /** Time for a handler, in milliseconds. */
  timeout: 10_000,
  /** Characters of a route's schemas as JSON, and the depth of their nesting. */
  schemaLength: 15_000,
  schemaDepth: 16,
  /** Labels of a route's metrics, and the combinations of their values. */
  labels: 5,
  labelSets: 100,
} as const;

/**
 * Types of answers. None of them runs code in a browser: pages are on the address of the host's UI, where a script would
 * have its token.
 */
export const ANSWER_TYPES = [
  'application/json',
  'application/problem+json',
  'application/x-ndjson',
  'application/openmetrics-text',
  'application/octet-stream',
  'text/plain',
  'text/csv',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
] as const;

/** Headers that an answer may have besides its type. `location` only leads to the add-on's own routes. */
export const ANSWER_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'etag',
  'last-modified',
  'link',
  'location',
  'retry-after',
  'vary',
] as const;

const SEGMENT = /^(?::[a-zA-Z]\w{0,30}|[\w.~-]{1,60})$/;

/** `/square/:n`: up to ten parts, each a word or a parameter. */
export const routePathSchema = z
  .string()
  .max(200)
  .refine((path) => {
    const parts = path.slice(1).split('/');
    return (
      path === '/' ||
      (path.startsWith('/') &&
        parts.length <= 10 &&
        parts.every((part) => SEGMENT.test(part) && part !== '.' && part !== '..'))
    );
  }, 'a route’s path starts with / and has up to ten parts, each of letters, digits and . _ ~ - or a parameter such as :name');

const LABEL_NAME = /^(?!__|(?:method|route|code|le|quantile|instance|job)$)[a-zA-Z_]\w{0,59}$/;

/** Values of a label that every request of a route has, or of one that is taken from the request. */
const routeLabelSchema = z.union(
  [
    z.string().max(100),
    z.strictObject({
      from: z.enum(['params', 'query']),
      name: z.string().min(1).max(60),
      /** Any other value is counted as `other`. */
      values: z.array(z.string().min(1).max(100)).min(1).max(50),
    }),
  ],
  'a label is a text, or { from: "params" or "query", name, values } with up to 50 values',
);
export type RouteLabel = z.infer<typeof routeLabelSchema>;

/** Further labels of a route's HTTP metrics, by name. */
export const routeLabelsSchema = z
  .record(z.string(), routeLabelSchema)
  .refine(
    (labels) => Object.keys(labels).every((name) => LABEL_NAME.test(name)),
    'a label’s name has letters, digits and _, and is none of method, route, code, le, quantile, instance and job',
  )
  .refine(
    (labels) => Object.keys(labels).length <= HTTP_LIMITS.labels,
    `a route has ${HTTP_LIMITS.labels} labels of its own at most`,
  )
  .refine(
    (labels) =>
      Object.values(labels).reduce(
        (sets, label) => sets * (typeof label === 'string' ? 1 : label.values.length + 1),
        1,
      ) <= HTTP_LIMITS.labelSets,
    `the labels of a route make ${HTTP_LIMITS.labelSets} combinations at most`,
  );

/** A route as an add-on announces it. */
export const addonRouteSchema = z.object({
  /** The add-on's own number of it. */
  key: z.int(),
  method: z.enum(HTTP_METHODS),
  /** Below `/addons/ID`. */
  path: routePathSchema,
  access: z.enum(['read', 'control']),
  summary: z.string().max(200),
  /** Whether its requests are counted. */
  metrics: z.boolean(),
  labels: routeLabelsSchema.default({}),
  /** JSON schemas of `params`, `query`, `body` and `answer`, as JSON, for the OpenAPI document alone. */
  schemas: z.string().max(HTTP_LIMITS.schemaLength),
});
export type AddonRoute = z.infer<typeof addonRouteSchema>;

/** A request to an add-on. The body is not parsed. */
export const addonHttpRequestSchema = z.object({
  key: z.int(),
  method: z.string(),
  /** As asked for, without the query. */
  path: z.string(),
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  headers: z.record(z.string(), z.string()),
  right: z.enum(['read', 'control']),
  body: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'a body is bytes').nullable(),
});
export type AddonHttpRequest = z.infer<typeof addonHttpRequestSchema>;

/** What an add-on answers. */
export const addonHttpAnswerSchema = z.object({
  status: z.int().min(200).max(599),
  type: z.string().max(100).nullable(),
  headers: z.record(z.string().max(100), z.string().max(2_000)),
  body: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'a body is bytes').nullable(),
  /** The handler threw: a sentence for the log; the client is told none of it. */
  failed: z.string().max(2_000).nullable(),
});
export type AddonHttpAnswer = z.infer<typeof addonHttpAnswerSchema>;

/** Keywords that point elsewhere, or give a name to be pointed at. */
const POINTERS: ReadonlySet<string> = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$schema',
]);

/**
 * Why a JSON schema of an add-on is refused; null for none. References are, since a reader of the OpenAPI document might
 * follow them to anywhere.
 */
export function schemaProblem(schema: unknown, depth = 0): string | null {
  if (depth > HTTP_LIMITS.schemaDepth) return `a schema is nested more than ${HTTP_LIMITS.schemaDepth} times`;
  if (typeof schema !== 'object' || schema === null) return depth === 0 ? 'a schema is an object' : null;
  for (const [key, value] of Object.entries(schema)) {
    // The keys of `properties` are names.
    if (POINTERS.has(key) && typeof value === 'string') return `a schema cannot have “${key}”`;
    const problem = schemaProblem(value, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

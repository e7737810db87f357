import { z } from 'zod';
import {
  MAX_PAGE,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  operations,
} from '../../shared/host-api';

/** A validated request. */
export interface RestRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** One route of `/api/v1`: an operation of the host mapped to a method and a path. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to `/api/v1`, with `:name` for parameters. */
  readonly path: string;
  /** operationId in the OpenAPI document, for generated clients. */
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  readonly tag: string;
  readonly operation: OperationName;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Status on success; the default is 200. */
  readonly status?: 200 | 201;
  /** Status where the operation failed; the default is 409, since it could succeed in another state. */
  readonly failed?: 422;
  /** The response schema, where it differs from the operation's output. */
  readonly output: z.ZodType;
  input(request: RestRequest): unknown;
  answer(output: unknown, request: RestRequest): unknown;
  /** Location of the created resource, relative to `/api/v1`. */
  location?(answer: unknown): string;
}

type Checked<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined;

interface RouteOptions<
  N extends OperationName,
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  O extends z.ZodType,
> {
  readonly id: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly status?: 200 | 201;
  readonly failed?: 422;
  readonly output?: O;
  readonly input?: (request: { params: Checked<P>; query: Checked<Q>; body: Checked<B> }) => OperationInput<N>;
  readonly answer?: (
    output: OperationOutput<N>,
    request: { params: Checked<P>; query: Checked<Q>; body: Checked<B> },
  ) => z.input<O>;
  readonly location?: (answer: OperationOutput<N>) => string;
}

/**
 * Infers one route's types from its operation and schemas. Without `input`, the operation receives parameters, query
 * and body merged into one object.
 */
export function route<
  N extends OperationName,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  O extends z.ZodType = z.ZodType,
>(
  method: RestRoute['method'],
  path: string,
  operation: N,
  summary: string,
  options: RouteOptions<N, P, Q, B, O>,
): RestRoute {
  const { input, answer, location, output, ...rest } = options;
  return {
    method,
    path,
    operation,
    summary,
    output: output ?? operations[operation].output,
    input:
      (input as RestRoute['input'] | undefined) ??
      (({ params, query, body }) => ({ ...params, ...query, ...(body as object | undefined) })),
    answer: (answer as RestRoute['answer'] | undefined) ?? ((value) => value),
    ...(location === undefined ? {} : { location: location as (answer: unknown) => string }),
    ...rest,
  } as RestRoute;
}

/** Query parameters of paginated lists. */
export const page = {
  offset: z.int().min(0).default(0).describe('How many to leave out'),
  limit: z.int().min(1).max(MAX_PAGE).default(1_000).describe('How many at most'),
};

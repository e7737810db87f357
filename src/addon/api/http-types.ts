/** A JSON schema (https://json-schema.org/draft-07), without references. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a route takes and answers, and who may ask. */
export interface HttpRouteSchema {
  /** `control` by default; `read` opens it to the token that may only look. Nothing is open to all. */
  readonly access?: 'read' | 'control';
  /** One sentence for the OpenAPI document. */
  readonly summary?: string;
  /** Of the parameters in the path. They are converted: with `{ type: 'integer' }`, `/square/7` has the number 7. */
  readonly params?: JsonSchema;
  /** Of the query; converted as the parameters are. Without it every query is let through, as text. */
  readonly query?: JsonSchema;
  /** Of a JSON body. */
  readonly body?: JsonSchema;
  /** Of a JSON answer, for the OpenAPI document; answers are not checked against it. */
  readonly answer?: JsonSchema;
  /** `false` leaves its requests out of the host's HTTP metrics. */
  readonly metrics?: boolean;
  /**
   * Further labels of its series in the host's HTTP metrics: the same text for every request, or a parameter of the path
   * or the query, which is counted as `other` where it is none of `values`. Five at most, of 100 combinations together.
   */
  readonly labels?: Readonly<
    Record<
      string,
      string | { readonly from: 'params' | 'query'; readonly name: string; readonly values: readonly string[] }
    >
  >;
}

/** A request that fits its route's schemas. */
export interface HttpRequest {
  readonly method: string;
  /** `/addons/ID/…`, without the query. */
  readonly path: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the schemas say
  readonly params: Readonly<Record<string, any>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- as the schemas say
  readonly query: Readonly<Record<string, any>>;
  /** `accept`, `accept-language`, `content-type`, `if-match`, `if-modified-since`, `if-none-match`, `user-agent`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text, or bytes, as the content type says; undefined where there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as the schema says
  readonly body: any;
  /** Of the token that the client sent. */
  readonly right: 'read' | 'control';
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  /** From 200 to 599; 200 by default, 204 without a body. */
  readonly status?: number;
  /** By default `application/json` for values, `text/plain` for strings, `application/octet-stream` for bytes. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Bytes are sent as they are, a string as text unless the type is JSON, anything else as JSON. */
  readonly body?: unknown;
}

/**
 * Answers a request within ten seconds. An error with a `status` from 400 to 499 is answered with a problem document that
 * has its message; any other is logged and answered with 500.
 */
export type HttpHandler = (request: HttpRequest) => HttpAnswer | void | Promise<HttpAnswer | void>;

/** Routes below `/addons/ID` of the control server. */
export interface AddonHttp {
  /**
   * Adds a route. Tokens, limits, problem documents, metrics and the OpenAPI document (`/addons/openapi.json`) come by
   * themselves. The longest path without parameters wins.
   *
   * @param path such as `/square/:n`
   * @returns a function that removes the route
   * @throws Error when the path, or a schema, cannot be used, or there are 50 routes
   */
  route(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    schema: HttpRouteSchema,
    handler: HttpHandler,
  ): () => void;
}

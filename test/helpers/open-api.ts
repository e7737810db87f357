import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Answer, ControlHost } from './control-host';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

interface Media {
  readonly schema?: JsonSchema;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

/** One operation of the document with its path and method. */
export interface OpenApiRoute {
  readonly method: string;
  /** As in the document, with `{id}`. */
  readonly path: string;
  readonly operation: OpenApiOperation;
}

export interface OpenApi {
  readonly routes: readonly OpenApiRoute[];
  /** Fails the test if the document does not allow the response for that route. */
  expectAllowed(route: OpenApiRoute, answer: Answer): void;
}

/** Fetches a host's OpenAPI document. */
export async function readOpenApi({ ask }: ControlHost): Promise<OpenApi> {
  const document = (await ask('GET', '/api/v1/openapi.json', { token: 'none' })).json as {
    paths: Record<string, Record<string, OpenApiOperation>>;
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { int32: true } });
  ajv.addSchema(document, 'openapi');
  const escape = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return {
    routes,
    expectAllowed({ method, path, operation }, { status, headers, text, json }) {
      const where = `${method} ${path} → ${status} ${text.slice(0, 300)}`;
      const response = operation.responses[String(status)];
      expect(response, where).toBeDefined();
      const type = (headers.get('content-type') ?? '').split(';')[0]!;
      const [allowed, media] = Object.entries(response!.content ?? {})[0] ?? ['', {}];
      expect(type, where).toMatch(new RegExp(`^${allowed.replaceAll('+', '\\+').replace('*', '.+')}$`));
      if (!media.schema) return;
      const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', allowed, 'schema']
        .map(escape)
        .join('/');
      const validate = ajv.getSchema(`openapi#/${pointer}`) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
      expect(validate(json) ? [] : validate.errors, where).toEqual([]);
    },
  };
}

import { schemaProblem } from '../../shared/addon-http';
import type { HttpRouteSchema } from './http-types';

/** A value that does not fit its schema. */
export interface Misfit {
  /** As `params/n`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Checks a value, which it may convert in place. @returns the first misfit; null when it fits */
export type CheckValue = (value: unknown) => Misfit | null;

/** The checks of a route: `params` and `query` are converted from text, `body` is taken as it is. */
export interface RouteChecks {
  readonly params: CheckValue;
  readonly query: CheckValue;
  readonly body: CheckValue;
}

/** @throws Error with a sentence when a schema of the route is none, or has a reference */
export function refuseBadSchemas(schema: HttpRouteSchema): void {
  for (const part of ['params', 'query', 'body', 'answer'] as const) {
    const problem = schema[part] === undefined ? null : schemaProblem(schema[part]);
    if (problem !== null) throw new Error(`The schema of “${part}” cannot be used: ${problem}.`);
  }
}

/**
 * Compiles a route's schemas, in the add-on's own process: a pattern that takes forever holds up nobody else.
 *
 * @throws Error with a sentence when one is no JSON schema
 */
export async function compileChecks(schema: HttpRouteSchema): Promise<RouteChecks> {
  if (!schema.params && !schema.query && !schema.body) return { params: fits, query: fits, body: fits };
  // Most add-ons have no routes, and none of them should load it.
  const { Ajv } = await import('ajv');
  const options = {
    strictTypes: false,
    strictRequired: false,
    validateFormats: false,
    messages: true,
    logger: false,
  } as const;
  const converting = new Ajv({ ...options, coerceTypes: 'array', useDefaults: true });
  const plain = new Ajv({ ...options, useDefaults: true });
  const check = (part: 'params' | 'query' | 'body', ajv: InstanceType<typeof Ajv>): CheckValue => {
    if (!schema[part]) return fits;
    try {
      const validate = ajv.compile(schema[part]);
      return (value) => {
        if (validate(value)) return null;
        const [error] = validate.errors ?? [];
        return {
          pointer: `${part === 'body' ? '#' : part}${error?.instancePath ?? ''}`,
          detail: error?.message ?? 'it does not fit',
        };
      };
    } catch (error) {
      throw new Error(`The schema of “${part}” cannot be used: ${(error as Error).message}.`, { cause: error });
    }
  };
  return { params: check('params', converting), query: check('query', converting), body: check('body', plain) };
}

const fits: CheckValue = () => null;

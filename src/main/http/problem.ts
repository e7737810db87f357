import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

export const PROBLEM_TYPE = 'application/problem+json';

/** Problem details of a failed request (RFC 9457). `detail` is one sentence for people. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Each invalid field of the body or the parameters. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type ProblemDocument = z.infer<typeof problemSchema>;

/** An error response; thrown by routes and hooks, sent by the error handler. */
export class Problem extends Error {
  override readonly name = 'Problem';

  /**
   * @param detail one sentence: what is wrong, what was expected, what to do
   * @param more extension members of the document
   */
  constructor(
    readonly status: number,
    detail: string,
    readonly more: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

/** https://www.rfc-editor.org/rfc/rfc9457#section-3 */
export function problemDocument(
  status: number,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): ProblemDocument {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...more };
}

export function sendProblem(reply: FastifyReply, { status, message, more, headers }: Problem): FastifyReply {
  return reply
    .code(status)
    .headers(headers)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemDocument(status, message, more)));
}

/** Our wording for Fastify's own errors. */
const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE:
    'The body is of a type that is not taken here: send JSON with “Content-Type: application/json”.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty, but its type says JSON.',
  FST_ERR_BAD_URL: 'The address cannot be read: a % in it is to be followed by two hexadecimal digits.',
  FST_ERR_MAX_PARAM_LENGTH: 'The address has a part that is too long.',
};

/** Our wording for errors of the server of static files, which tells the words of the status only. */
const OF_FILES: Readonly<Record<number, string>> = {
  400: 'The address names no file: see whether it is written right.',
  403: 'The address leads out of what is served: leave “..” out.',
  412: 'The file is another one by now: ask without If-Match and If-Unmodified-Since.',
  416: 'The file has no bytes in that range: ask for a range within it, or without Range.',
};

/** Maps anything thrown while handling a request to a problem; null for an internal error. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return null;
  const { message } = error as Error;
  const wordless = message.toLowerCase() === STATUS_CODES[statusCode]?.toLowerCase();
  return new Problem(statusCode, SENTENCES[String(code)] ?? (wordless ? OF_FILES[statusCode] : null) ?? message);
}

/**
 * OpenAPI's answers of a route that fails.
 *
 * @param refusals by status, when it occurs
 * @param schema of the problem document
 */
export function problemAnswers(
  refusals: Readonly<Record<number, string>>,
  schema: Readonly<Record<string, unknown>> = { type: 'object' },
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      status,
      { description, content: { [PROBLEM_TYPE]: { schema } } },
    ]),
  );
}

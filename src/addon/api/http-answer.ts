import { STATUS_CODES } from 'node:http';
import { type AddonHttpAnswer, addonHttpAnswerSchema } from '../../shared/addon-http';
import type { HttpAnswer } from './http-types';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/;
const PROBLEM = 'application/problem+json';

/** Problem details of a refused request (https://www.rfc-editor.org/rfc/rfc9457). */
export function problem(status: number, detail: string, more: Readonly<Record<string, unknown>> = {}): AddonHttpAnswer {
  const document = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...more };
  return { status, type: PROBLEM, headers: {}, body: Buffer.from(JSON.stringify(document)), failed: null };
}

/**
 * An answer as it is sent to the host. Values of headers may be numbers.
 *
 * @throws Error when it is no answer that the host takes, or cannot be written as JSON
 */
export function packAnswer(answer: HttpAnswer | void): AddonHttpAnswer {
  const packed = addonHttpAnswerSchema.safeParse(completeAnswer(answer));
  if (packed.success) return packed.data;
  const issue = packed.error.issues[0]!;
  throw new Error(
    `A handler returned an answer that cannot be sent: “${issue.path.join('.')}” is wrong: ${issue.message}.`,
  );
}

function completeAnswer(answer: HttpAnswer | void): AddonHttpAnswer {
  if (answer !== undefined && (typeof answer !== 'object' || answer === null || Array.isArray(answer)))
    throw new Error('A handler returned something else than an answer: return { body }.');
  const { status, type, headers: given = {}, body } = answer ?? {};
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  );
  if (body === undefined) return { status: status ?? 204, type: null, headers, body: null, failed: null };
  const isText = typeof body === 'string' && !(type !== undefined && JSON_TYPE.test(type));
  const bytes =
    body instanceof Uint8Array ? body : Buffer.from(isText ? (body as string) : (JSON.stringify(body) ?? 'null'));
  const usual =
    body instanceof Uint8Array
      ? 'application/octet-stream'
      : isText
        ? 'text/plain; charset=utf-8'
        : 'application/json; charset=utf-8';
  return { status: status ?? 200, type: type ?? usual, headers, body: bytes, failed: null };
}

/**
 * A body as its content type says.
 *
 * @throws SyntaxError when it says JSON and is none
 */
export function parseBody(bytes: Uint8Array | null, type: string | undefined): unknown {
  if (!bytes) return undefined;
  if (type !== undefined && JSON_TYPE.test(type)) return JSON.parse(Buffer.from(bytes).toString()) as unknown;
  return type?.startsWith('text/') ? Buffer.from(bytes).toString() : bytes;
}

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpSend {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** PEM of the certificate authorities to trust instead of the default ones; null for the defaults. */
  readonly ca: string | null;
  readonly signal: AbortSignal;
  /** For the whole request, in milliseconds. */
  readonly timeout: number;
}

/** Maximum bytes kept of a response: a server's error message is a line or two. */
const KEPT = 2_000;

/** Sends one request over its own connection. @throws network errors; on timeout an Error with the code ETIMEDOUT */
export function httpSend({
  method,
  url,
  headers,
  body,
  ca,
  signal,
  timeout,
}: HttpSend): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method,
      agent: false,
      signal,
      ...(ca === null ? {} : { ca }),
      headers: { ...headers, ...(body ? { 'content-length': body.length } : {}) },
    });
    const timer = setTimeout(
      () => request.destroy(Object.assign(new Error(`no answer within ${timeout / 1000} s`), { code: 'ETIMEDOUT' })),
      timeout,
    );
    request.once('close', () => {
      clearTimeout(timer);
      // No effect once the promise is settled.
      reject(new Error('the connection was closed before the answer was there'));
    });
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += text.length < KEPT ? part.slice(0, KEPT) : ''));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.once('error', reject);
    });
    request.end(body ?? undefined);
  });
}

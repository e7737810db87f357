import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { DeliveryError } from './service';

export interface HttpMessage {
  readonly method: 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  readonly signal: AbortSignal;
  /** For the whole request, in milliseconds; 30 s by default. */
  readonly timeout?: number;
}

/** Maximum size of an answer in bytes; the services' answers are a line or a small object. */
const MAX_ANSWER = 64 * 1024;
const MAX_REDIRECTS = 3;
/** Maximum time that a service may ask to be left alone for, in milliseconds. */
const MAX_RETRY_AFTER = 60 * 60_000;

/**
 * Reads the URL of a service.
 *
 * @param what in front of the sentence, as “The web hook of Slack”
 * @throws Error with a sentence, which does not repeat the URL, since that is a secret
 */
export function serviceUrl(text: string, what: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new Error(`${what} is no URL: it begins with https:// or http://.`);
  if (url.username !== '' || url.password !== '')
    throw new Error(`${what} has a user or a password in it: leave them out and use an access token.`);
  url.hash = '';
  return url;
}

/**
 * Sends one message over its own connection. Redirects are followed within the host only, where they keep the method
 * (307 and 308).
 *
 * @returns the text of an answer with a 2xx status
 * @throws DeliveryError that says what the service answered
 */
export async function sendHttp(message: HttpMessage): Promise<string> {
  let { url } = message;
  for (let redirects = 0; ; redirects++) {
    const { status, headers, text } = await requestOnce({ ...message, url });
    if (status >= 200 && status < 300) return text;
    if (status >= 300 && status < 400) {
      const target = redirectTarget(headers.location, url);
      if (target && (status === 307 || status === 308) && redirects < MAX_REDIRECTS && isSameHost(target, url)) {
        url = target;
        continue;
      }
      throw new DeliveryError(
        `The service redirects${target ? ` to ${target.origin}` : ''}, which is not followed: enter the address that it redirects to.`,
        { permanent: true },
      );
    }
    throw refusal(status, headers, text);
  }
}

function isSameHost(target: URL, url: URL): boolean {
  return target.origin === url.origin;
}

function redirectTarget(location: string | undefined, base: URL): URL | null {
  return location !== undefined && URL.canParse(location, base.href) ? new URL(location, base) : null;
}

function refusal(status: number, headers: IncomingHttpHeaders, text: string): DeliveryError {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  const passing = status >= 500 || status === 408 || status === 425 || status === 429;
  return new DeliveryError(
    `The service answered with ${status}${said === '' ? '.' : `: ${said.replace(/[^.!?…]$/, '$&.')}`}`,
    {
      permanent: !passing,
      retryAfter: retryAfter(headers['retry-after']),
      imageRefused: [400, 413, 415, 422].includes(status),
    },
  );
}

/** Seconds or a date: RFC 9110, section 10.2.3. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const wait = /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), MAX_RETRY_AFTER) : null;
}

function requestOnce({
  method,
  url,
  headers,
  body,
  signal,
  timeout = 30_000,
}: HttpMessage): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method,
      agent: false,
      signal,
      headers: { 'user-agent': 'Framegauge', ...headers, 'content-length': Buffer.byteLength(body) },
    });
    const timer = setTimeout(
      () => request.destroy(new DeliveryError(`The service did not answer within ${timeout / 1_000} s.`)),
      timeout,
    );
    request.once('close', () => {
      clearTimeout(timer);
      // No effect once the promise is settled.
      reject(new DeliveryError('The service closed the connection before it answered.'));
    });
    request.once('error', (error) =>
      reject(
        error instanceof DeliveryError ? error : new DeliveryError(`The service cannot be reached: ${error.message}.`),
      ),
    );
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAX_ANSWER) request.destroy(new DeliveryError('The service’s answer is too long to be one.'));
        else parts.push(part);
      });
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
      response.once('error', reject);
    });
    request.end(body);
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createPasswordCheck, type Verdict } from './password-check';
import type { Protection } from './web-config-watch';

type Routes = (request: IncomingMessage, response: ServerResponse) => void;

/** Adds the configured headers to every response, and admits only requests that the active web config allows. */
export function guardRoutes(routes: Routes, protection: () => Protection): Routes {
  const passwords = createPasswordCheck();

  return (request, response) => {
    const now = protection();
    if (now === 'open') return routes(request, response);
    if (now === 'closed')
      return refuse(request, response, 503, 'Nothing is served: the web config file cannot be used.\n');
    for (const [name, value] of now.headers) response.setHeader(name, value);
    if (now.users.size === 0) return routes(request, response);
    const given = credentials(request.headers.authorization);
    // With no users configured, timing reveals nothing.
    if (!given) return answer('wrong', request, response);
    const verdict = passwords.check(now.users, given.user, given.password);
    if (typeof verdict === 'string') answer(verdict, request, response);
    else void verdict.then((found) => answer(found, request, response));
  };

  function answer(verdict: Verdict, request: IncomingMessage, response: ServerResponse): void {
    if (verdict === 'right') routes(request, response);
    else if (verdict === 'busy')
      refuse(request, response, 503, 'Too many passwords are being checked. Try again in a moment.\n', {
        'retry-after': '5',
      });
    else
      refuse(request, response, 401, 'A user and password are needed.\n', {
        'www-authenticate': 'Basic realm="Framegauge metrics", charset="UTF-8"',
      });
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  request.resume();
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

/** Parses an Authorization header of the Basic scheme (RFC 7617); null where it is not one. */
function credentials(header: string | undefined): { user: string; password: string } | null {
  const match = /^basic +([a-z0-9+/=_-]+) *$/i.exec(header ?? '');
  if (!match) return null;
  const text = Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

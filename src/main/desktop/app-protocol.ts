import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { policyOfScript } from '../engines/pages/script-policy';
import { CONTENT_SECURITY_POLICY, fileOfAppUrl, sceneFileOfAppUrl } from './app-files';

/**
 * Registers `app:` as a standard, secure scheme, so that modules, fetch and the CSP work. Must run before the app is
 * ready.
 */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/**
 * Serves the built UI at app://framegauge/ to a session's pages, and the files of the scene in its live view.
 *
 * @param host address of the host's server; null while it does not run
 */
export function serveApp(session: Session, root: string, host: () => Promise<string | null>): void {
  session.protocol.handle('app', async (request) => {
    const scene = request.method === 'GET' ? sceneFileOfAppUrl(request.url) : null;
    const from = scene === null ? null : await host().catch(() => null);
    if (from !== null) return fetch(from + scene, { signal: request.signal });
    const file = request.method === 'GET' ? fileOfAppUrl(request.url, root) : null;
    const bytes = file && (await readFile(file.path).catch(() => null));
    if (!bytes)
      return new Response('There is no such file.', {
        status: 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': file.type,
        'content-security-policy': policyOfScript(file.path) ?? CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      },
    });
  });
}

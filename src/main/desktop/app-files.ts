import { extname, resolve, sep } from 'node:path';

/** Origin of the UI in the desktop shell. */
export const APP_ORIGIN = 'app://framegauge';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
};

/** Same as the page's own policy, but as a header it applies from the first byte and to every page of the origin. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Whether an address belongs to the UI. */
export function isAppUrl(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === 'app:' && url.host === 'framegauge';
  } catch {
    return false;
  }
}

/**
 * Maps an `app://framegauge/…` address to its file.
 *
 * @param root folder of the built UI
 * @returns null for another origin and for any path that leads out of `root`
 */
export function fileOfAppUrl(address: string, root: string): { readonly path: string; readonly type: string } | null {
  if (!isAppUrl(address)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  // A NUL terminates a path for the system, a backslash is a separator on Windows, a colon denotes a drive or a stream
  // there.
  if (/[\0\\:]/.test(name)) return null;
  const path = resolve(root, `.${name === '/' ? '/index.html' : name}`);
  if (!path.startsWith(resolve(root) + sep)) return null;
  const type = TYPES[extname(path).toLowerCase()];
  return type === undefined ? null : { path, type };
}

/**
 * Path and query of a scene's file at the host's server; null for any other address. Nothing else of that server can be
 * reached through the UI's own scheme.
 */
export function sceneFileOfAppUrl(address: string): string | null {
  if (!isAppUrl(address)) return null;
  const { pathname, search } = new URL(address);
  return /^\/worker\/files\/[\w-]+\/\d+\/scene$/.test(pathname) ? pathname + search : null;
}

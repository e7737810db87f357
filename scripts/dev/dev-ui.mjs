// @ts-check
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { createLogger, createServer } from 'vite';
import { ROOT } from '../setup.mjs';

/** Vite's cache of packages prepared for the browser. */
const CACHE = join(ROOT, '.cache', 'vite');

/**
 * Vite's client and React's fast refresh use inline scripts and styles, which the built page's content security policy
 * forbids.
 *
 * @returns {import('vite').Plugin}
 */
function looserPolicy() {
  return {
    name: 'framegauge-dev-policy',
    transformIndexHtml: (html) =>
      html
        .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
        .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  };
}

/**
 * Serves the UI from its sources and proxies everything below /api to the host. Listens on the given port, or on the
 * next free one.
 *
 * @param {{ hostPort: number, port: number }} options
 */
export async function serveUi({ hostPort, port }) {
  const logger = createLogger('warn');
  const { error } = logger;
  // While the host restarts, the proxy finds nobody; the page retries by itself.
  logger.error = (text, options) => {
    if (!/proxy (?:socket )?error/.test(text)) error(text, options);
  };
  const server = await createServer({
    configFile: false,
    customLogger: logger,
    root: join(ROOT, 'src', 'renderer'),
    cacheDir: CACHE,
    plugins: [react(), looserPolicy()],
    server: {
      host: '127.0.0.1',
      port,
      // The host recognizes its own pages by the browser's Host and Origin headers, which the proxy leaves unchanged.
      proxy: { '^/api/': { target: `http://127.0.0.1:${hostPort}`, ws: true } },
      // Not the whole repository: the host's data folder, tokens included, may be in it.
      fs: { allow: [join(ROOT, 'src'), CACHE, realpathSync(join(ROOT, 'node_modules'))] },
    },
  });
  await server.listen();
  return server;
}

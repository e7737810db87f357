import fastifyWebsocket, { type WebsocketPluginOptions } from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { ignoreOtherUpgrades } from './ignore-upgrades';
import { Problem } from './problem';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route serves a WebSocket; set by `serveWebSockets`. */
    webSocket?: boolean;
  }
}

/**
 * Lets the routes registered from here on serve WebSockets. One asked for anywhere else is answered with 404: the plugin
 * would open and close it on every route, the wildcard of static files included.
 */
export async function serveWebSockets(
  app: FastifyInstance,
  options: NonNullable<WebsocketPluginOptions['options']>,
): Promise<void> {
  ignoreOtherUpgrades(app.server);
  app.addHook('onRoute', (route) => {
    if (route.websocket || route.wsHandler) route.config = { ...route.config, webSocket: true };
  });
  await app.register(fastifyWebsocket, { options });
  app.addHook('onRequest', async ({ ws, url, routeOptions }) => {
    if (ws && !routeOptions.config.webSocket) throw new Problem(404, `There is no WebSocket at ${url.split('?')[0]}.`);
  });
}

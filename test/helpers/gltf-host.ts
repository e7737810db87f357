import { resolve } from 'node:path';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { createGltfEngine, type GltfEngineOptions } from '../../src/main/engines/gltf/gltf-engine';
import type { RenderEngine } from '../../src/main/engines/render-engine';

/** The built program, made by `npm run build`. */
export const BUILT = resolve(import.meta.dirname, '../../out');

export interface GltfHost {
  readonly engine: RenderEngine;
  readonly server: FastifyInstance;
  readonly url: string;
  close(): Promise<void>;
}

/** The glTF engine with the least server that carries its routes, as the control server does. */
export async function startGltfHost(options: Omit<GltfEngineOptions, 'built' | 'baseUrl'>): Promise<GltfHost> {
  const server = fastify();
  let url = '';
  const { engine, routes } = createGltfEngine({ ...options, built: BUILT, baseUrl: () => url });
  await server.register(fastifyWebsocket, { options: { maxPayload: 1 << 30 } });
  await server.register(routes);
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    engine,
    server,
    url,
    async close() {
      await engine.close();
      await server.close();
    },
  };
}

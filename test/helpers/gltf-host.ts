import { join, resolve } from 'node:path';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { createGltfEngine, type GltfEngineOptions } from '../../src/main/engines/gltf/gltf-engine';
import type { RenderEngine } from '../../src/main/engines/render-engine';

/** The built program, from `npm run build`. */
export const BUILT = resolve(import.meta.dirname, '../../out');

export const SCENE_THREAD = join(BUILT, 'worker', 'scene-worker.mjs');

export interface GltfHost {
  readonly engine: RenderEngine;
  readonly server: FastifyInstance;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the glTF engine with a minimal server for its routes, like the control server's. */
export async function startGltfHost(
  options: Omit<GltfEngineOptions, 'built' | 'baseUrl' | 'sceneThread'>,
): Promise<GltfHost> {
  const server = fastify();
  let url = '';
  const engine = createGltfEngine({
    ...options,
    built: BUILT,
    sceneThread: SCENE_THREAD,
    baseUrl: () => url,
  });
  await server.register(fastifyWebsocket, { options: { maxPayload: 1 << 30 } });
  await server.register(engine.routes!);
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

import type { FastifyPluginAsync } from 'fastify';
import { UserError, messageOf } from '../../../shared/user-error';
import type { RenderEngine } from '../render-engine';
import { GltfWorker, type Patience } from './gltf-worker';
import { inspectGltf } from './inspect-gltf';
import type { PageOpener } from '../pages/page-opener';
import { createWorkerConnections } from './worker-connections';

export interface GltfEngineOptions {
  readonly pages: PageOpener;
  /** Folder with the built program: `renderer/` is in it. */
  readonly built: string;
  /** Of the server that serves `routes`, as `http://127.0.0.1:7878`; asked for when a worker is started. */
  readonly baseUrl: () => string;
  /** When a page counts as stuck. */
  readonly patience?: Partial<Patience>;
}

const DEFAULT_PATIENCE: Patience = { start: 60, silence: 60, standstill: 600 };

/**
 * The engine that renders glTF scenes with three.js in pages.
 *
 * @returns the engine, and the routes that its pages need, to be registered with the control server
 */
export function createGltfEngine({ pages, built, baseUrl, patience }: GltfEngineOptions): {
  engine: RenderEngine;
  routes: FastifyPluginAsync;
} {
  const connections = createWorkerConnections(built);
  const workers = new Set<GltfWorker>();
  let closed = false;
  const engine: RenderEngine = {
    id: 'gltf',
    extensions: ['.glb', '.gltf'],
    inspect: inspectGltf,
    setupOf: () => '',
    async list() {
      const found = {
        id: 'gltf',
        engine: 'gltf',
        name: 'glTF (three.js)',
        version: null,
        source: 'built-in',
        default: true,
      } as const;
      try {
        return [{ ...found, path: (await pages.browser?.()) ?? null, problem: null }];
      } catch (error) {
        return [{ ...found, path: null, problem: messageOf(error) }];
      }
    },
    async startWorker() {
      if (closed) throw new UserError('The glTF engine has been closed.');
      const worker = new GltfWorker(connections, baseUrl(), { ...DEFAULT_PATIENCE, ...patience });
      workers.add(worker);
      void worker.exited.then(() => workers.delete(worker));
      await worker.start(pages);
      return worker;
    },
    async close() {
      closed = true;
      await Promise.all([...workers].map((worker) => worker.stop()));
      await pages.close();
    },
  };
  return { engine, routes: connections.routes };
}

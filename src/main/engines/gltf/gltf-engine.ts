import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SCENE_EXTENSIONS } from '../../../shared/scene-extensions';
import { UserError, messageOf } from '../../../shared/user-error';
import { unpackedPath } from '../../data/unpacked-path';
import { type WorkerTimeouts, preferredTimeouts } from '../worker-watchdog';
import type { EngineFactory } from '../engine-context';
import type { RenderEngine, SourceFile } from '../render-engine';
import type { SceneAccess } from '../../scenes/scene-access';
import { GltfWorker } from './gltf-worker';
import { sceneInfoOf } from './inspect-gltf';
import type { PageOpener } from '../pages/page-opener';
import { gltfWarnings, proposeGltfJob } from './propose-job';
import { createSceneReader } from './scene-reader';
import { SharedScenes } from './shared-scenes';
import { createWorkerConnections } from './worker-connections';

export interface GltfEngineOptions {
  readonly pages: PageOpener;
  /** Folder of the built program, which contains `renderer/`. */
  readonly built: string;
  /** The built scene-worker.mjs, outside any archive. */
  readonly sceneThread: string;
  /** What scenes may refer to; read on every use. Defaults to files below the scene. */
  readonly access?: () => SceneAccess;
  /** URL of the server with `routes`, such as `http://127.0.0.1:7878`; read when a worker is started. */
  readonly baseUrl: () => string;
  /** Read when a worker is started. */
  readonly timeouts?: () => Partial<WorkerTimeouts>;
}

const DEFAULT_TIMEOUTS: WorkerTimeouts = { start: 60, response: 60, progress: 600 };

/** Above this number, pages that render in software only slow each other down. */
const MOST_PAGES = 4;

/** The engine that renders glTF scenes with three.js in pages. */
export function createGltfEngine({
  pages,
  built,
  sceneThread,
  access = () => ({ folders: [], dataFolder: null, uploads: null }),
  baseUrl,
  timeouts,
}: GltfEngineOptions): RenderEngine {
  const connections = createWorkerConnections(built);
  const reader = createSceneReader(sceneThread, access);
  const workers = new Set<GltfWorker>();
  const viewed = new SharedScenes(reader, access);
  connections.serve(viewed);
  let closed = false;
  return {
    id: 'gltf',
    builtIn: true,
    extensions: SCENE_EXTENSIONS.gltf,
    inspect: async (path) => sceneInfoOf(path, await reader.read(path)),
    async sources({ scene }) {
      const { realPath, bytes, modifiedAt, externals } = await reader.read(scene);
      const referred = externals.flatMap(({ path, found }): SourceFile[] => {
        if (found) return [{ path: found.realPath, bytes: found.bytes, modifiedAt: found.modifiedAt }];
        // A URI that is not a path can never be read.
        return path === null ? [] : [{ path, bytes: null, modifiedAt: null }];
      });
      return [{ path: realPath, bytes, modifiedAt }, ...referred];
    },
    async portable(scene) {
      const { realPath, externals } = await reader.read(scene);
      // References are relative to the scene's folder, with its links resolved.
      const path = join(await realpath(dirname(scene)), basename(scene));
      const referred = externals.flatMap((file) =>
        file.found && file.path !== null ? [{ path: file.path, realPath: file.found.realPath }] : [],
      );
      return { files: [{ path, realPath }, ...referred], fixed: null, program: null, furtherFiles: () => [] };
    },
    addressOf: async (scene) => connections.sceneAt(await viewed.share(scene)),
    proposeJob: async (request, scene, context) => proposeGltfJob(request, scene, context),
    warningsFor: async (scene, settings) => gltfWarnings(scene, settings),
    // A page keeps about two cores busy when it renders in software.
    workerLimit: (_settings, { cores }) => Math.max(1, Math.min(MOST_PAGES, Math.floor(cores / 2))),
    setupOf: () => '',
    async list() {
      const found = {
        id: 'gltf',
        engine: 'gltf',
        name: 'glTF (three.js)',
        version: null,
        source: 'built-in',
        default: true,
        warning: pages.withoutSandbox?.() ?? null,
      } as const;
      try {
        return [{ ...found, path: (await pages.browser?.()) ?? null, problem: null }];
      } catch (error) {
        return [{ ...found, path: null, problem: messageOf(error) }];
      }
    },
    async startWorker() {
      if (closed) throw new UserError('The glTF engine has been closed.');
      const worker = new GltfWorker(connections, new SharedScenes(reader, access), baseUrl(), {
        ...DEFAULT_TIMEOUTS,
        ...timeouts?.(),
      });
      workers.add(worker);
      void worker.exited.then(() => workers.delete(worker));
      await worker.start(pages);
      return worker;
    },
    routes: connections.routes,
    async close() {
      closed = true;
      await Promise.all([...workers].map((worker) => worker.stop()));
      await pages.close();
      await reader.close();
    },
  };
}

/** The glTF engine of a host. */
export const gltfEngine: EngineFactory = ({ pages, built, access, baseUrl, preferences }) =>
  createGltfEngine({
    pages,
    built,
    sceneThread: unpackedPath(join(built, 'worker', 'scene-worker.mjs')),
    access,
    baseUrl,
    timeouts: () => preferredTimeouts(preferences()),
  });

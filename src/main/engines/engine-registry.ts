import { extname } from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import type { EngineInfo } from '../../shared/engines';
import type { JobRequest } from '../../shared/jobs';
import type { EngineId, SceneInfo } from '../../shared/scene';
import { UserError } from '../../shared/user-error';
import type { RenderEngine } from './render-engine';

/** The engines of a host, and which of them renders a scene. */
export interface EngineRegistry {
  readonly byId: ReadonlyMap<EngineId, RenderEngine>;
  /** File name extensions any of them opens, lower case with the dot. */
  readonly extensions: readonly string[];
  /** Routes of the control server for the workers of all engines. */
  readonly routes: FastifyPluginAsync;
  /** @throws UserError when there is no such engine */
  get(id: EngineId): RenderEngine;
  /**
   * Inspects a scene with the engine for its file name extension.
   *
   * @throws UserError when no engine opens such files, or the engine can't read this one
   */
  inspect(path: string): Promise<SceneInfo>;
  /** As {@link RenderEngine.prepare}, for the engine of the request's scene. */
  prepare(request: JobRequest): Promise<void>;
  /** Installations of all engines on this machine. @param refresh search again instead of using the cache */
  list(refresh: boolean): Promise<EngineInfo[]>;
  /** Engines known to be available: built-in ones and those with an installation. In order. */
  able(): EngineId[];
  /** Notifies the engines of changed preferences. @returns engines whose installations may have changed */
  preferencesChanged(): EngineId[];
  /** Closes the engines, the last one first. */
  close(): Promise<void>;
}

/** Creates a registry. @throws Error when two engines have the same id or file name extension */
export function createEngineRegistry(engines: readonly RenderEngine[]): EngineRegistry {
  const byId = new Map(engines.map((engine) => [engine.id, engine]));
  const extensions = engines.flatMap((engine) => engine.extensions);
  if (byId.size < engines.length || new Set(extensions).size < extensions.length)
    throw new Error('Two engines have the same id, or open files with the same ending.');
  const able = new Set(engines.filter(({ builtIn }) => builtIn).map(({ id }) => id));
  const engineFor = (path: string): RenderEngine | undefined =>
    engines.find((engine) => engine.extensions.includes(extname(path).toLowerCase()));

  return {
    byId,
    extensions,
    async routes(server) {
      for (const { routes } of engines) {
        if (routes) await server.register(routes);
      }
    },
    get(id) {
      const engine = byId.get(id);
      if (!engine) throw new UserError(`No engine here renders ${id} scenes.`);
      return engine;
    },
    async inspect(path) {
      const engine = engineFor(path);
      if (!engine)
        throw new UserError(
          `${path} cannot be opened: a scene ends with ${[extensions.slice(0, -1).join(', '), extensions.at(-1)].filter(Boolean).join(' or ')}.`,
          'arguments',
        );
      return engine.inspect(path);
    },
    async prepare(request) {
      await engineFor(request.scene)?.prepare?.(request);
    },
    async list(refresh) {
      const found = (await Promise.all(engines.map((engine) => engine.list(refresh)))).flat();
      for (const { engine, problem } of found) if (problem === null) able.add(engine);
      return found;
    },
    able: () => [...able].sort(),
    preferencesChanged: () => engines.filter((engine) => engine.preferencesChanged?.()).map(({ id }) => id),
    async close() {
      for (const engine of engines.toReversed()) await engine.close();
    },
  };
}

import { extname } from 'node:path';
import type { SceneInfo } from '../../shared/scene';
import { UserError } from '../../shared/user-error';
import type { RenderEngine } from '../engines/render-engine';

/**
 * Reads a scene with the engine that its file name ending names.
 *
 * @throws UserError when no engine opens such files, or the engine can't read this one
 */
export function inspectScene(path: string, engines: Iterable<RenderEngine>): Promise<SceneInfo> {
  const ending = extname(path).toLowerCase();
  const known: string[] = [];
  for (const engine of engines) {
    if (engine.extensions.includes(ending)) return engine.inspect(path);
    known.push(...engine.extensions);
  }
  throw new UserError(
    `${path} cannot be opened: a scene ends with ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.`,
    'arguments',
  );
}

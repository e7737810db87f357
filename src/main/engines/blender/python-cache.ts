import { join } from 'node:path';
import { cacheFolder, holdsOwnCode } from '../../data/cache-folder';

/** How a Blender is started so that its Python uses code that was compiled at an earlier start. */
export interface PythonCache {
  readonly args: readonly string[];
  /** Added to the host's environment; a variable that is undefined is left out of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The first Blender whose Python takes nothing from the environment unless it is asked to. */
const ISOLATED_SINCE = 4;

/**
 * Blender compiles its 200 Python modules at each start where it can't write beside them, as in packages of Linux
 * distributions and below Program Files: a third to a half of a start's processor time. So they are kept in a folder of
 * the user, one for each version: where all files have one time (Flatpak, Nix), only that tells an update.
 *
 * Otherwise Python starts as in `blender -a`: a newer one is let see the environment, and there is nothing else of
 * Python's in it. What was there is in FRAMEGAUGE_PYTHON, and the driver restores it (driver/environment.py).
 *
 * @param version such as `4.2.1`
 * @returns null where there is no folder that only the user can write
 */
export async function pythonCache(version: string, env: NodeJS.ProcessEnv = process.env): Promise<PythonCache | null> {
  const folder = join(cacheFolder(env), 'python', version);
  if (!(await holdsOwnCode(folder))) return null;
  const own = Object.entries(env).filter(([name]) => /^PYTHON/i.test(name));
  const cache = { FRAMEGAUGE_PYTHON: JSON.stringify(Object.fromEntries(own)), PYTHONPYCACHEPREFIX: folder };
  if (Number.parseInt(version) < ISOLATED_SINCE)
    return { args: [], env: { ...cache, PYTHONDONTWRITEBYTECODE: undefined } };
  return {
    args: ['--python-use-system-env'],
    env: {
      ...Object.fromEntries(own.map(([name]) => [name, undefined])),
      ...cache,
      PYTHONNOUSERSITE: '1',
      PYTHONSAFEPATH: '1',
    },
  };
}

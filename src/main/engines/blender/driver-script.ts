import { basename } from 'node:path';
import { MODULES_VARIABLE, type BlenderProcessOptions } from './blender-process';

/** Our Python sources by path, bundled into the program. */
const sources = import.meta.glob<string>('./driver/*.py', { query: '?raw', import: 'default', eager: true });

/** Package name of the driver inside Blender, unlikely to be used by a scene's scripts. */
const PACKAGE = 'framegauge_driver';

/**
 * Creates a script that runs a module of the driver folder.
 *
 * @param entry a module with a function `main`
 */
export function driverScript(
  entry: 'render' | 'inspect_file',
): Required<Pick<BlenderProcessOptions, 'script' | 'modules'>> {
  return {
    // Our modules are not on the import path of scripts inside scenes.
    script: `
import os, sys
sys.path.insert(0, os.environ.pop("${MODULES_VARIABLE}"))
from ${PACKAGE}.${entry} import main
from ${PACKAGE}.environment import restore_environment
del sys.path[0]
restore_environment()
main(os.path.dirname(os.path.abspath(__file__)))
`,
    modules: Object.fromEntries(Object.entries(sources).map(([path, text]) => [`${PACKAGE}/${basename(path)}`, text])),
  };
}

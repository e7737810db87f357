import { extname } from 'node:path';
import type { StartMode } from '../../shared/host-info';
import { ALL_SCENE_EXTENSIONS } from '../../shared/scene-extensions';
import { typedPath } from '../scenes/typed-path';

/** The desktop app's command line. */
export interface DesktopCommandLine {
  /** Value of `--data`. */
  readonly data: string | undefined;
  /** Absolute path of a scene to open, or the text as typed where it is not a path; null to reopen the last scene. */
  readonly scene: string | null;
  /** Whether to ask before quitting while something renders. */
  readonly confirm: boolean;
  /** Start no add-on that did not come with the program. */
  readonly safeMode: boolean;
}

/** A desktop environment's start command may add quotes. */
const isScene = (argument: string): boolean =>
  ALL_SCENE_EXTENSIONS.includes(extname(argument.replace(/["']$/, '')).toLowerCase());

/**
 * Parses the desktop app's arguments. Unknown ones are ignored: they include Chromium's switches and, in development,
 * the app's path.
 *
 * @param argv like process.argv, without the program
 * @param cwd base of relative paths
 */
export function readCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): DesktopCommandLine {
  let data: string | undefined;
  let scene: string | null = null;
  let confirm = env['FRAMEGAUGE_NO_CONFIRM'] !== '1';
  let safeMode = false;
  for (let i = 0; i < argv.length; i += 1) {
    const argument = argv[i]!;
    if (argument === '--data') {
      i += 1;
      data = argv[i];
    } else if (argument.startsWith('--data=')) data = argument.slice('--data='.length);
    else if (argument === '--no-confirm') confirm = false;
    else if (argument === '--safe-mode') safeMode = true;
    else if (!argument.startsWith('-') && isScene(argument)) scene = pathOrText(argument, cwd);
  }
  return { data: data || undefined, scene, confirm, safeMode };
}

/** Arguments that start the app again in a mode. @param argv its own, without the program */
export function argumentsIn(mode: StartMode, argv: readonly string[]): string[] {
  const others = argv.filter((argument) => argument !== '--safe-mode');
  return mode === 'safe' ? [...others, '--safe-mode'] : others;
}

/**
 * Text that cannot be a local path, such as `file://nas/x.glb`, is passed on unchanged: opening it reports the error,
 * while an error here would end the app before it has a window.
 */
function pathOrText(argument: string, cwd: string): string {
  try {
    return typedPath(argument, { from: cwd });
  } catch {
    return argument;
  }
}

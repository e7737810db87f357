import { resolve } from 'node:path';

/** What the desktop app is told when it is started. */
export interface DesktopCommandLine {
  /** Of `--data`. */
  readonly data: string | undefined;
  /** Absolute path of a scene to open; null for the usual one. */
  readonly scene: string | null;
  /** Whether to ask before ending while something renders. */
  readonly confirm: boolean;
}

const SCENE = /\.(?:glb|gltf|blend)$/i;

/**
 * Reads the arguments of the desktop app. Unknown ones are let pass: Chromium's switches stand among them, and in development the path of the
 * app does too.
 *
 * @param argv as in process.argv, without the program
 * @param cwd what relative paths start from
 */
export function readCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): DesktopCommandLine {
  let data: string | undefined;
  let scene: string | null = null;
  let confirm = env['FRAMEGAUGE_NO_CONFIRM'] !== '1';
  for (let i = 0; i < argv.length; i += 1) {
    const argument = argv[i]!;
    if (argument === '--data') {
      i += 1;
      data = argv[i];
    } else if (argument.startsWith('--data=')) data = argument.slice('--data='.length);
    else if (argument === '--no-confirm') confirm = false;
    else if (!argument.startsWith('-') && SCENE.test(argument)) scene = resolve(cwd, argument);
  }
  return { data: data || undefined, scene, confirm };
}

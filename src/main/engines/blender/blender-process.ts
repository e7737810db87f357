import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { messageOf, UserError } from '../../../shared/user-error';
import { endGroup } from '../../processes/process-group';
import { lowerPriority } from '../../processes/render-priority';
import { logLines } from './log-lines';
import { outputFile } from './output-file';

/** Exit code of a Blender whose Python script raised; Blender's own are 0, 1 and 128 + a signal. */
export const PYTHON_EXIT_CODE = 87;

/** How many lines are kept of what a Blender printed. */
const LOG_LINES = 200;

/** Milliseconds between two looks at what it has printed. */
const OUTPUT_PAUSE = 200;

export interface BlenderProcessOptions {
  /** Absolute path of the program. */
  readonly executable: string;
  /** Blender's own defaults in place of the person's settings and add-ons. */
  readonly factoryStartup: boolean;
  /** Whether scripts inside of .blend files run by themselves. */
  readonly allowScripts: boolean;
  /** Python, as text; Blender runs it from a file in a folder of its own. */
  readonly script: string;
  /** What the script finds behind `--` in `sys.argv`. No options: Cycles takes them for its own and ends Blender with exit code 2. Everybody at this machine can read it. */
  readonly scriptArguments?: readonly string[];
  /** Somebody waits for it: it does not run at a low priority, as rendering does. */
  readonly awaited?: boolean;
  /** Added to the host's environment; only the owner of the process can read it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called for every line that it prints, soon afterwards, and before `ended` settles. */
  readonly onLine?: (line: string) => void;
}

/** How a Blender ended: `code` is null where a signal ended it. */
export interface BlenderEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface BlenderProcess {
  readonly pid: number;
  /** Its temporary folder, absolute; only the owner may look into it. Blender writes its crash report there. */
  readonly folder: string;
  /** Settles when it has ended and its output is read; never rejects. The folder is there until `close`. */
  readonly ended: Promise<BlenderEnd>;
  /** The last lines that it printed, oldest first. */
  log(): string[];
  /** Reads what it has printed up to now, without waiting for the next look. */
  readOutput(): void;
  /** Ends it and whatever it started, at once; settles when it is gone and its folder, too. To be called in every case, also when it has ended by itself. */
  close(): Promise<void>;
}

/**
 * Starts a Blender without a window that runs a script of ours, in a process group of its own and at a low priority. Scripts inside of .blend files, proxies and the like are as the options say.
 *
 * @throws UserError when the program can't be started
 */
export async function startBlender(options: BlenderProcessOptions): Promise<BlenderProcess> {
  const folder = await mkdtemp(join(await folderFor(options.executable), 'framegauge-blender-'));
  try {
    await chmod(folder, 0o700);
    const script = join(folder, 'script.py');
    await writeFile(script, options.script);
    return await launch(options, folder, script);
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

/** Where a Blender's own folder can be. A Flatpak sees the home folder but has a `/tmp` of its own. */
async function folderFor(executable: string): Promise<string> {
  if (basename(executable) !== 'org.blender.Blender') return tmpdir();
  const folder = join(homedir(), '.cache', 'framegauge');
  await mkdir(folder, { recursive: true });
  return folder;
}

function argumentsFor(
  { factoryStartup, allowScripts, scriptArguments = [] }: BlenderProcessOptions,
  script: string,
): string[] {
  return [
    '--background',
    ...(factoryStartup ? ['--factory-startup'] : []),
    allowScripts ? '--enable-autoexec' : '--disable-autoexec',
    // It holds for what stands behind it only.
    '--python-exit-code',
    String(PYTHON_EXIT_CODE),
    '--python',
    script,
    ...(scriptArguments.length > 0 ? ['--', ...scriptArguments] : []),
  ];
}

async function launch(options: BlenderProcessOptions, folder: string, script: string): Promise<BlenderProcess> {
  const log = logLines(LOG_LINES);
  const output = outputFile(join(folder, 'output.log'), (line) => {
    if (line === '') return;
    log.add(line);
    options.onLine?.(line);
  });
  const child = spawn(options.executable, argumentsFor(options, script), {
    cwd: folder,
    // A group of its own: it is ended as a whole, and Ctrl+C in the host's terminal is for the host.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', output.descriptor, output.descriptor],
    env: {
      ...process.env,
      // What Blender leaves behind when it is killed, and its crash report.
      TMPDIR: folder,
      TMP: folder,
      TEMP: folder,
      ...options.env,
    },
  });
  const look = setInterval(output.read, OUTPUT_PAUSE);
  look.unref();
  const ended = new Promise<BlenderEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) endGroup(child.pid);
      clearInterval(look);
      output.close();
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      clearInterval(look);
      output.close();
      reject(
        new UserError(
          `Blender at “${options.executable}” could not be started (${messageOf(error)}): name a Blender program of this system.`,
        ),
      );
    });
  });
  const pid = child.pid as number;
  child.on('error', () => undefined);
  if (!options.awaited) void lowerPriority(pid);
  return {
    pid,
    folder,
    ended,
    log: log.list,
    readOutput: output.read,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        if (process.platform === 'win32') child.kill('SIGKILL');
        else endGroup(pid);
      }
      await ended;
      await removeFolder(folder);
    },
  };
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

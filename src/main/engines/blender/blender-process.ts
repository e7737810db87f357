import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from '../../data/cache-folder';
import { type LockedFolder, makeLockedFolder, removeAbandoned } from '../../data/locked-folders';
import { makeFolder } from '../../data/make-folder';
import { childEnvironment } from '../../processes/child-environment';
import { messageOf, UserError } from '../../../shared/user-error';
import { isShortage } from '../../data/system-error';
import { endGroup } from '../../processes/process-group';
import { lowerPriority } from '../../processes/render-priority';
import { inTemporaryFolder } from '../temporary-folder';
import { keepModules, type Modules, writeModules } from './keep-modules';
import { logLines } from './log-lines';
import { outputFile } from './output-file';
import { pythonCache } from './python-cache';

/** Exit code of a Blender whose Python script raised an exception; Blender itself uses 0, 1 and 128 + signal. */
export const PYTHON_EXIT_CODE = 87;

/** Environment variable with the folder of the script's modules. */
export const MODULES_VARIABLE = 'FRAMEGAUGE_MODULES';

/** Beginning of the names of temporary folders. */
const FOLDER_PREFIX = 'framegauge-blender-';

/** Number of lines kept of Blender's output. */
const LOG_LINES = 200;

/** Interval for polling its output, in milliseconds. */
const OUTPUT_INTERVAL = 200;

/** Which Blender starts, and how. */
export interface BlenderProgramStart {
  /** Absolute path of the program. */
  readonly executable: string;
  /** Its version, such as `4.2.1`; where it is unknown, the start takes longer. */
  readonly version?: string | null;
  /** Uses factory settings instead of the user's settings and add-ons. */
  readonly factoryStartup: boolean;
  /** Whether scripts in .blend files run automatically. */
  readonly allowScripts: boolean;
}

export interface BlenderProcessOptions extends BlenderProgramStart {
  /** Python source; Blender runs it from a file in its temporary folder. */
  readonly script: string;
  /** What the script imports from the folder that {@link MODULES_VARIABLE} names. */
  readonly modules?: Modules;
  /**
   * Arguments after `--`, which the script finds in `sys.argv`. No options: Cycles would parse them and end Blender
   * with exit code 2. Visible to all users of this machine.
   */
  readonly scriptArguments?: readonly string[];
  /** Someone is waiting for the result, so it doesn't run at the low priority of renders. */
  readonly awaited?: boolean;
  /** Added to the host's environment; only the owner of the process can read it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called for every line printed, shortly afterwards, and before `ended` resolves. */
  readonly onLine?: (line: string) => void;
}

/** How Blender ended: `code` is null if it was killed by a signal. */
export interface BlenderEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface BlenderProcess {
  readonly pid: number;
  /** Its temporary folder, absolute and private to the user. Blender writes its crash report there. */
  readonly folder: string;
  /** Resolves when it has ended and its output is read; never rejects. The folder exists until `close`. */
  readonly ended: Promise<BlenderEnd>;
  /** The last lines printed, oldest first. */
  log(): string[];
  /** Reads the output printed so far, without waiting for the next poll. */
  readOutput(): void;
  /**
   * Kills it and its child processes, then deletes its folder; resolves when all are gone. Must always be called, also
   * after it has ended by itself.
   */
  close(): Promise<void>;
}

/**
 * Starts Blender in the background with a script of ours, in its own process group and at a low priority. Whether
 * scripts in .blend files run is up to the options.
 *
 * @throws UserError when the program can't be started, TemporaryFolderError when its files can't be written, Error when
 * the machine lacks what a later start may find
 */
export async function startBlender(options: BlenderProcessOptions): Promise<BlenderProcess> {
  const isFlatpak = basename(options.executable) === 'org.blender.Blender';
  const caches = isFlatpak ? flatpakFolder() : cacheFolder();
  const temporary = isFlatpak ? caches : tmpdir();
  const folder = await inTemporaryFolder(temporary, async () => {
    if (temporary !== tmpdir()) await makeFolder(temporary);
    return makeLockedFolder(temporary, FOLDER_PREFIX);
  });
  try {
    const script = join(folder.path, 'script.py');
    const modules = await inTemporaryFolder(temporary, async () => {
      await chmod(folder.path, 0o700);
      await writeFile(script, options.script);
      return options.modules && placeModules(options.modules, { caches, folder: folder.path });
    });
    return await launch(options, { folder, script, modules });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** A Flatpak sees the home folder but has its own `/tmp`, and may not see where this user's caches are. */
const flatpakFolder = (): string => join(homedir(), '.cache', 'framegauge');

/** Removes the temporary folders of Blenders whose hosts were killed; never rejects. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const parent of [tmpdir(), flatpakFolder()]) await removeAbandoned(parent, FOLDER_PREFIX);
}

/** @returns the folder that the modules are in: one that stays, or the temporary one */
async function placeModules(
  modules: Modules,
  { caches, folder }: { readonly caches: string; readonly folder: string },
): Promise<string> {
  const kept = await keepModules(modules, caches);
  if (kept === null) await writeModules(modules, folder);
  return kept ?? folder;
}

function argumentsFor(
  { factoryStartup, allowScripts, scriptArguments = [] }: BlenderProcessOptions,
  script: string,
  pythonArguments: readonly string[],
): string[] {
  return [
    '--background',
    ...pythonArguments,
    ...(factoryStartup ? ['--factory-startup'] : []),
    allowScripts ? '--enable-autoexec' : '--disable-autoexec',
    // Applies only to the arguments after it.
    '--python-exit-code',
    String(PYTHON_EXIT_CODE),
    '--python',
    script,
    ...(scriptArguments.length > 0 ? ['--', ...scriptArguments] : []),
  ];
}

async function launch(
  options: BlenderProcessOptions,
  {
    folder: { path: folder, remove },
    script,
    modules,
  }: { readonly folder: LockedFolder; readonly script: string; readonly modules?: string | undefined },
): Promise<BlenderProcess> {
  const log = logLines(LOG_LINES);
  const onLine = (line: string): void => {
    if (line === '') return;
    log.add(line);
    options.onLine?.(line);
  };
  const output = await inTemporaryFolder(dirname(folder), () => outputFile(join(folder, 'output.log'), onLine));
  const python = options.version ? await pythonCache(options.version) : null;
  const child = spawn(options.executable, argumentsFor(options, script, python?.args ?? []), {
    cwd: folder,
    // Own process group: it is killed as a whole, and Ctrl+C in the host's terminal does not reach it.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', output.descriptor, output.descriptor],
    env: childEnvironment({
      ...python?.env,
      // For what Blender leaves behind when it is killed, and its crash report.
      TMPDIR: folder,
      TMP: folder,
      TEMP: folder,
      [MODULES_VARIABLE]: modules,
      ...options.env,
    }),
  });
  const poll = setInterval(output.read, OUTPUT_INTERVAL);
  poll.unref();
  const ended = new Promise<BlenderEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) endGroup(child.pid);
      clearInterval(poll);
      output.close();
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearInterval(poll);
      output.close();
      const sentence = `Blender at “${options.executable}” could not be started (${messageOf(error)})`;
      reject(
        isShortage(error.code)
          ? new Error(`${sentence}.`, { cause: error })
          : new UserError(`${sentence}: name a Blender program of this system.`),
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
      await remove();
    },
  };
}

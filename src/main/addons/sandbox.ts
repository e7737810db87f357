import { execFile } from 'node:child_process';
import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../shared/user-error';
import { childEnvironment } from '../processes/child-environment';
import { isBelow } from '../data/path-below';
import type { Places } from './permission-flags';

/** Where distributions install bubblewrap. PATH is not asked: whoever can change it could choose the sandbox. */
const PROGRAMS = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap'];
/** Size of each of the folders for what is kept in memory as files, in bytes; what lasts goes to the storage folder. */
const IN_MEMORY = 64 * 1024 ** 2;
/** Timeout for the trial run, in milliseconds. */
const TRIAL_DEADLINE = 20_000;

/** Files and folders of the system that a Node process needs; those that don't exist are left out. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const SETTINGS = ['/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/localtime', '/etc/timezone'];
/** For resolving names and trusting certificates. */
const NETWORK_SETTINGS = [
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/host.conf',
  '/etc/nsswitch.conf',
  '/etc/gai.conf',
  '/etc/services',
  '/etc/protocols',
  '/etc/ssl',
  '/etc/pki',
  '/etc/ca-certificates',
];
/** For other programs, of which many are links in here. */
const PROGRAM_SETTINGS = ['/etc/alternatives', '/etc/fonts'];

/** Whether the environment leaves the sandbox on: FRAMEGAUGE_ADDON_SANDBOX=off does without. */
export function sandboxWanted(env: NodeJS.ProcessEnv = process.env): boolean {
  return env['FRAMEGAUGE_ADDON_SANDBOX'] !== 'off';
}

/** A bubblewrap that works on this machine. */
export interface Sandbox {
  /** Absolute path of `bwrap`. */
  readonly program: string;
  /** Whether it can limit what is kept in memory as files: from version 0.7 on. */
  readonly sizes: boolean;
}

/** What a process in the sandbox may use, beside the system's programs and libraries. */
export interface SandboxedProcess extends Places {
  readonly network: boolean;
  readonly processes: boolean;
  /** Working directory; absolute. */
  readonly folder: string;
  /** The host's data folder, absolute: never visible beyond the places. */
  readonly dataFolder: string;
}

/**
 * Finds bubblewrap and tries it once with the running Node: some machines have it and forbid what it needs.
 *
 * @returns the sandbox; null and why, where there is none
 */
export async function findSandbox(
  dataFolder: string,
  programs: readonly string[] = PROGRAMS,
): Promise<{ sandbox: Sandbox | null; why: string | null }> {
  if (process.platform !== 'linux') return { sandbox: null, why: null };
  const program = programs.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (program === undefined) return { sandbox: null, why: null };
  try {
    const run = promisify(execFile);
    const help = await run(program, ['--help'], {
      timeout: TRIAL_DEADLINE,
      killSignal: 'SIGKILL',
      env: childEnvironment(),
    });
    const sandbox: Sandbox = { program, sizes: `${help.stdout}${help.stderr}`.includes('--size ') };
    const trial = sandboxArguments(sandbox, {
      read: [],
      write: [],
      network: false,
      processes: false,
      folder: '/',
      dataFolder,
    });
    await run(program, [...trial, process.execPath, '-e', '0'], {
      timeout: TRIAL_DEADLINE,
      killSignal: 'SIGKILL',
      env: process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    });
    return { sandbox, why: null };
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n')[0] || messageOf(error);
    return { sandbox: null, why: `bubblewrap is installed, but does not work here (${said.slice(0, 300)})` };
  }
}

/**
 * Arguments for bubblewrap, up to the command to run. Nothing of the file system is visible but what is named; other
 * processes are not visible and can get no signal; without `network` there is no network but its own empty one. The
 * process ends with the host. It has to be started in a session of its own, without a terminal, which bubblewrap does
 * not open: Linux schedules each session with a priority of its own (sched(7), autogroup).
 */
export function sandboxArguments({ sizes }: Pick<Sandbox, 'sizes'>, wanted: SandboxedProcess): string[] {
  const inMemory = (path: string): string[] => [...(sizes ? ['--size', String(IN_MEMORY)] : []), '--tmpfs', path];
  const cover = coverOf(wanted.dataFolder, [...SYSTEM, runtimeOf(process.execPath)]);
  const programFiles = runtimeOf(process.execPath);
  return [
    '--unshare-all',
    ...(wanted.network ? ['--share-net'] : []),
    '--die-with-parent',
    '--cap-drop',
    'ALL',
    ...SYSTEM.flatMap(likeOnHost),
    ...[
      ...SETTINGS,
      ...(wanted.network ? NETWORK_SETTINGS : []),
      ...(wanted.processes ? PROGRAM_SETTINGS : []),
    ].flatMap((path) => ['--ro-bind-try', path, path]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...inMemory('/dev/shm'),
    ...inMemory('/tmp'),
    ...(SYSTEM.some((path) => isBelow(programFiles, path)) ? [] : ['--ro-bind', programFiles, programFiles]),
    ...(cover === null ? [] : ['--tmpfs', cover]),
    ...binds(wanted),
    // Each is in memory too, without a limit. What is mounted in them stays as it is.
    ...['/dev', ...(cover === null ? [] : [cover]), '/'].flatMap((path) => ['--remount-ro', path]),
    '--chdir',
    wanted.folder,
    '--',
  ];
}

/** Node is one file; Electron needs the folder around it. */
function runtimeOf(executable: string): string {
  return process.versions.electron ? dirname(executable) : executable;
}

/** A folder of the system, or the link that it is on many of them (`/lib` → `usr/lib`). */
function likeOnHost(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** The data folder where it lies in a folder that is visible, and is to be covered with an empty one; else null. */
function coverOf(dataFolder: string, visible: readonly string[]): string | null {
  const real = statSync(dataFolder, { throwIfNoEntry: false }) ? realpathSync(dataFolder) : dataFolder;
  return visible.some((path) => isBelow(real, path)) ? real : null;
}

/** Places as mounts, outer ones first, since a mount hides what was mounted below it before. */
function binds({ read, write }: Places): string[] {
  const all = [
    ...write.map(({ path }) => ({ path, option: '--bind-try' })),
    ...read
      .filter(({ path }) => !write.some((place) => place.path === path))
      .map(({ path }) => ({ path, option: '--ro-bind-try' })),
  ].sort((one, other) => one.path.length - other.path.length);
  return (
    all
      // A path with a link in it, inside of another place: the link is visible there, and its target has its own mount.
      .filter(({ path }) => !isLinked(path) || !all.some((place) => place.path !== path && isBelow(path, place.path)))
      .flatMap(({ path, option }) => [option, path, path])
  );
}

function isLinked(path: string): boolean {
  try {
    return realpathSync(path) !== path;
  } catch {
    return false;
  }
}

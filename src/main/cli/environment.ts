import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobRequest } from '../../shared/jobs';
import { messageOf } from '../../shared/user-error';
import { FAULT_SENTENCE, endOnFault } from '../faults/end-on-fault';
import type { Host } from '../host';
import type { RunningHost } from '../data/announced-host';
import type { HostConnection } from './host-connection';
import type { Target } from './target';

/**
 * The folder of the built program, `out/`: the nearest folder above this module's bundle that contains the built UI.
 */
export const builtFolder: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'renderer', 'index.html')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
})();

/**
 * The scene that a new user sees first, like Blender's cube. In a packaged app it is a plain file next to the archive
 * that the program is in.
 */
export const firstScene: string = join(
  builtFolder,
  /[\\/]app\.asar[\\/]/.test(builtFolder) ? '../..' : '..',
  'examples',
  'turntable.glb',
);

/** Options of a headless host; omitted ones have their defaults. */
export interface HeadlessOptions {
  /** Scene to open at the first start; later starts reopen the last one. */
  readonly firstScene?: string;
  /** Address of the control server; by default a free port of the loopback interface. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Host names that the control server accepts besides its own, in lower case. */
  readonly names?: readonly string[];
  /** Read-only use: starts no add-ons and resumes no jobs. */
  readonly passive?: boolean;
  /** Starts no add-on that did not come with the program. */
  readonly safeMode?: boolean;
  /** The job that the host is started for. */
  readonly nextJob?: JobRequest;
}

/** A command's options for a host started for it. */
export type OwnHostOptions = Pick<HeadlessOptions, 'passive' | 'nextJob'>;

/** Hosts running in this process. */
const ownHosts = new Set<Host>();

/** Shuts the program down in order on an uncaught error, with the hosts that it has started; see {@link endOnFault}. */
export function guardOwnHosts(err: { write(text: string): unknown }): void {
  endOnFault({
    record(error) {
      for (const host of ownHosts) host.recordFault(error);
    },
    tell: (error) =>
      void err.write(
        ownHosts.size > 0 ? `${FAULT_SENTENCE}\n` : `Something went wrong inside of Framegauge: ${messageOf(error)}\n`,
      ),
    async close() {
      for (const host of ownHosts) await host.close();
    },
    exit: (code) => process.exit(code),
  });
}

export async function startHeadless(
  dataFolder: string,
  { firstScene, listen, names, passive, safeMode, nextJob }: HeadlessOptions = {},
): Promise<Host> {
  // Most of the program's code: loaded only when a host is started, not by every command.
  const [{ startHost }, { headlessChromium }] = await Promise.all([
    import('../host'),
    import('../engines/pages/headless-chromium'),
  ]);
  const host = await startHost({
    shell: 'headless',
    dataFolder,
    pages: headlessChromium(),
    listen: listen ?? { host: '127.0.0.1', port: 0 },
    built: builtFolder,
    scene: null,
    ...(firstScene === undefined ? {} : { firstScene }),
    passive: passive ?? false,
    safeMode: safeMode ?? false,
    ...(names && { names }),
    ...(nextJob && { nextJob }),
  });
  ownHosts.add(host);
  return host;
}

/**
 * Like {@link import('../data/running-host').findRunningHost}, but loaded with its database only by commands that need
 * a host.
 */
export async function findRunningHost(dataFolder: string): Promise<RunningHost | null> {
  return (await import('../data/running-host')).findRunningHost(dataFolder);
}

/**
 * Runs a task with a host: the one at an address, or the one of a data folder, which is either running already or
 * started for the task and ended afterwards.
 */
export async function withHost<T>(
  target: Target,
  options: OwnHostOptions,
  use: (host: HostConnection, own: boolean) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { host, own } = await reach(target, options, signal);
  try {
    return await use(host, own);
  } finally {
    await host.close();
  }
}

async function reach(
  target: Target,
  options: OwnHostOptions,
  signal?: AbortSignal,
): Promise<{ host: HostConnection; own: boolean }> {
  const { connectTo, connectToRunning } = await import('./host-connection');
  if (target.kind === 'remote') return { host: await connectToRunning(target, signal), own: false };
  const running = await findRunningHost(target.folder);
  if (running) return { host: await connectToRunning(running, signal), own: false };
  return { host: connectTo(await startHeadless(target.folder, options)), own: true };
}

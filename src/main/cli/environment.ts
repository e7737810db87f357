import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headlessChromium } from '../engines/pages/headless-chromium';
import { type Host, startHost } from '../host';
import { findRunningHost } from '../data/running-host';
import { type HostConnection, connectTo, connectToRunning } from './host-connection';
import type { Target } from './target';

/** The folder of the built program, `out/`: the one above the folder of this module's bundle that has the built UI in it. */
export const builtFolder: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'renderer', 'index.html')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
})();

/** The scene that a new person sees first, as Blender's cube. */
export const firstScene: string = join(builtFolder, '..', 'examples', 'turntable.glb');

/** How a headless host is started; what is left out has the usual value. */
export interface HeadlessOptions {
  /** Scene to open at the start. */
  readonly scene?: string;
  /** Of the control server; by default a free port of the loopback interface. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly passive?: boolean;
}

export function startHeadless(dataFolder: string, { scene, listen, passive }: HeadlessOptions = {}): Promise<Host> {
  return startHost({
    shell: 'headless',
    dataFolder,
    pages: headlessChromium(),
    listen: listen ?? { host: '127.0.0.1', port: 0 },
    built: builtFolder,
    scene: scene ?? null,
    passive: passive ?? false,
  });
}

/** What a command wants of a host that is started for it: to render, or only to look and store. */
export type HostUse = 'active' | 'passive';

/**
 * Runs something with a host: the one at an address; or that of a data folder, which runs there already or is started for it and ended afterwards.
 *
 * @param kind of a host of our own: a passive one starts no add-on and lets no job go on
 */
export async function withHost<T>(
  target: Target,
  kind: HostUse,
  use: (host: HostConnection, own: boolean) => Promise<T>,
): Promise<T> {
  const { host, own } = await reach(target, kind);
  try {
    return await use(host, own);
  } finally {
    await host.close();
  }
}

async function reach(target: Target, kind: HostUse): Promise<{ host: HostConnection; own: boolean }> {
  if (target.kind === 'remote') return { host: await connectToRunning(target), own: false };
  const running = await findRunningHost(target.folder);
  if (running) return { host: await connectToRunning(running), own: false };
  return { host: connectTo(await startHeadless(target.folder, { passive: kind === 'passive' })), own: true };
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headlessChromium } from '../engines/gltf/headless-chromium';
import { type Host, startHost } from '../host';
import { findRunningHost } from '../running-host';
import { type HostConnection, connectTo, connectToRunning } from './host-connection';

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

/**
 * Runs something with the host of a data folder: the one that runs there already, or one that is started for it and ended afterwards.
 *
 * @param kind `passive` where a host of our own is only to look and store
 */
export async function withHost<T>(dataFolder: string, kind: 'active' | 'passive', use: (host: HostConnection, own: boolean) => Promise<T>): Promise<T> {
  const running = await findRunningHost(dataFolder);
  const host = running ? await connectToRunning(running) : connectTo(await startHeadless(dataFolder, { passive: kind === 'passive' }));
  try {
    return await use(host, running === null);
  } finally {
    await host.close();
  }
}

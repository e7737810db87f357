import { resolve } from 'node:path';
import { headlessChromium } from '../src/main/engines/pages/headless-chromium';
import { type Host, startHost } from '../src/main/host';

/** Starts a real headless host in this process, with the built pages and add-ons. */
export function startBenchHost(dataFolder: string): Promise<Host> {
  return startHost({
    shell: 'headless',
    dataFolder,
    pages: headlessChromium(),
    listen: { host: '127.0.0.1', port: 0 },
    built: resolve(import.meta.dirname, '../out'),
    scene: null,
  });
}

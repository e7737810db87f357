import { resolve } from 'node:path';
import { gltfEngine } from '../../../src/main/engines/gltf/gltf-engine';
import { startHost } from '../../../src/main/host';
import { flatColourEngine } from '../../helpers/flat-colour-engine/flat-colour-engine';

/*
 * A manager in a process of its own that renders flat colours, too:
 *   manager-process.ts DATA PORT
 */

const [dataFolder, port] = process.argv.slice(2) as [string, string];
const host = await startHost({
  shell: 'headless',
  dataFolder,
  pages: { open: () => Promise.reject(new Error('no pages here')), close: () => Promise.resolve() },
  listen: { host: '127.0.0.1', port: Number(port) },
  built: resolve(import.meta.dirname, '../../../out'),
  scene: null,
  engines: [flatColourEngine, gltfEngine],
});
process.once('SIGTERM', () => void host.close().then(() => process.exit(0)));
process.stdout.write('ready\n');

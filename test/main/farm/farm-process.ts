import { resolve } from 'node:path';
import { blenderEngine } from '../../../src/main/engines/blender/blender-engine';
import { gltfEngine } from '../../../src/main/engines/gltf/gltf-engine';
import { startMachine } from '../../../src/main/machine/machine';
import { type Root, readRoots } from '../../../src/shared/root-paths';
import { flatColourEngine } from '../../helpers/flat-colour-engine/flat-colour-engine';

/*
 * A machine in a process of its own that renders flat colours, too:
 *   farm-process.ts DATA URL TOKEN NAME WORKERS ROOTS
 */

const [dataFolder, url, token, name, workers, roots] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string?,
];
const print = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  const machine = await startMachine({
    dataFolder,
    url: url || undefined,
    token: token || undefined,
    name,
    workers: Number(workers),
    cacheLimit: 1e9,
    roots: readRoots(roots ?? '') as readonly Root[],
    pages: { open: () => Promise.reject(new Error('no pages here')), close: () => Promise.resolve() },
    built: resolve(import.meta.dirname, '../../../out'),
    engines: [flatColourEngine, gltfEngine, blenderEngine],
    onState: print,
    onFrame: ({ frame }, failure) => print(`frame ${frame}: ${failure ?? 'delivered'}`),
    onFault: (error) => print(`fault: ${String(error)}`),
  });
  print(`ready ${machine.identity.id}`);
  const end = (): void => void machine.close().then(() => process.exit(0));
  process.once('SIGTERM', end);
  void machine.dismissed.then((why) => {
    print(`dismissed: ${why}`);
    end();
  });
} catch (error) {
  print(`refused: ${(error as Error).message}`);
}

// A host that is about to be killed: node scripts/run-ts.mjs test/helpers/blender-host.ts BLENDER SCENE FOLDER. Prints
// “rendering PID” once a frame is being rendered.
import { startBlenderWorker } from '../../src/main/engines/blender/blender-worker';
import { USUAL } from './render-frame';

const [executable, scene, folder] = process.argv.slice(2) as [string, string, string];
const worker = await startBlenderWorker({ executable, factoryStartup: true, allowScripts: false });
const request = { ...USUAL, scene, folder, frame: 1, width: 1280, height: 720, samples: 100_000 };
await worker.render(
  request,
  ({ sample }) => sample > 0 && console.log(`rendering ${worker.pid}`),
  new AbortController().signal,
);

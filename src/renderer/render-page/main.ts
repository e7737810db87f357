import { createBareLoop } from './bare-loop';
import { openGraphics } from './graphics';
import { connectToHost } from './host-connection';
import { createStage } from './stage';

/**
 * The page that a gltf worker is. The host opens it with the worker's token in the address' fragment (which no server ever sees); it connects
 * back, renders what it is told, and closes itself with the connection. The benchmark adds `&bench=48` to the fragment; see bare-loop.ts.
 */
const [token = '', ...options] = location.hash.slice(1).split('&');
const bench = Number(new URLSearchParams(options.join('&')).get('bench') ?? 0);
const connection = connectToHost(decodeURIComponent(token), async () => {
  const stage = createStage(await openGraphics(() => connection.leave()));
  return bench > 0 ? createBareLoop(stage, bench, (seconds) => connection.report(seconds)) : stage;
});

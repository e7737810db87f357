import { createBareLoop } from './bare-loop';
import { openGraphics } from './graphics';
import { connectToHost } from './host-connection';
import { createStage } from './stage';

/**
 * The page of a gltf worker. The host opens it with the worker's token in the URL's fragment (which is never sent to a
 * server); it connects back, renders on request, and closes itself when the connection ends. The benchmark appends
 * `&bench=48` to the fragment; see bare-loop.ts.
 */
const [token = '', ...options] = location.hash.slice(1).split('&');
const bench = Number(new URLSearchParams(options.join('&')).get('bench') ?? 0);
const connection = connectToHost(decodeURIComponent(token), async () => {
  const stage = createStage(await openGraphics(() => connection.leave()));
  return bench > 0 ? createBareLoop(stage, bench, (seconds) => connection.report(seconds)) : stage;
});

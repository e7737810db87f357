import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Histogram, Registry } from 'prom-client';
import { freePort } from '../test/helpers/free-port';
import { enableAddon, manageAddons } from './manage-addons';
import { percentile } from './percentile';
import type { Row } from './report';

const SETS = 10_000;
const RUNS = 15;
const HISTOGRAM = { name: 'bench_seconds', help: 'Many sets of labels', labelNames: ['scene', 'pass'] };

/** An add-on with a histogram of many label sets, all of which are observed at every render_write. */
const ADDON = `export function register(ctx) {
  const histogram = ctx.metrics.histogram(${JSON.stringify(HISTOGRAM)});
  const observe = () => { for (let i = 0; i < ${SETS}; i++) histogram.observe({ scene: 'scene ' + i, pass: 'beauty' }, Math.random() * 12); };
  observe();
  ctx.handlers.on('render_write', observe, { persistent: true });
  ctx.handlers.on('queue_idle', () => ctx.status({ level: 'ok', text: 'idle ' + Math.random() }), { persistent: true });
}`;

/**
 * Measures a scrape of 10,000 label sets from another add-on, through host and metrics server over HTTP, against
 * prom-client serializing as many in its own process.
 */
export async function benchLabelSets(folder: string): Promise<Row[]> {
  const theirMilliseconds = promClient();
  const manager = await manageAddons(folder, { bench: ADDON });
  const port = await freePort();
  await manager.setPreference('prometheus', 'address', `127.0.0.1:${port}`);
  for (const id of ['bench', 'prometheus']) await enableAddon(manager, id);
  const client = fork(join(import.meta.dirname, 'scrape-client.mjs'), [`http://127.0.0.1:${port}/metrics`]);
  try {
    const scrape = async (): Promise<{ milliseconds: number; bytes: number }> => {
      client.send('scrape');
      return ((await once(client, 'message')) as [{ milliseconds: number; bytes: number }])[0];
    };
    let seq = 0;
    /** Observes every label set; settles when the add-on's handler is done. */
    const change = async (): Promise<void> => {
      manager.deliver({ name: 'render_write', seq: ++seq, time: Date.now() });
      // Answered after the event.
      await manager.collectFamilies('prometheus');
    };
    let bytes = 0;
    const measured = async (): Promise<number> => {
      const { milliseconds, bytes: length } = await scrape();
      bytes = length;
      return milliseconds;
    };
    let held = 0;
    const [theirs, changed, same]: [number[], number[], number[]] = [[], [], []];
    await scrape();
    // Alternating, so that other load on the machine affects all of them.
    for (let run = 0; run < RUNS; run++) {
      theirs.push(await theirMilliseconds());
      await change();
      const loop = monitorEventLoopDelay({ resolution: 1 });
      loop.enable();
      changed.push(await measured());
      same.push(await measured());
      loop.disable();
      held = Math.max(held, loop.max / 1e6);
    }
    const limit = percentile(theirs, 0.5);
    const row = (what: string, times: number[]): Row => ({
      what: `scrape of ${SETS} label sets against prom-client's metrics(), ${what}`,
      value: (percentile(times, 0.5) / limit).toFixed(2),
      goal: '≤ 0.20',
      detail: `${percentile(times, 0.5).toFixed(0)} of ${limit.toFixed(0)} ms for ${(bytes / 1e6).toFixed(1)} MB`,
    });
    return [
      row('all changed', changed),
      row('none changed', same),
      { what: 'longest that the host was held up by one of these scrapes', value: `${held.toFixed(1)} ms`, goal: '' },
    ];
  } finally {
    client.disconnect();
    await manager.close();
  }
}

/** Returns a function that has prom-client serialize as many label sets and returns the time taken. */
function promClient(): () => Promise<number> {
  const registry = new Registry();
  const histogram = new Histogram({ ...HISTOGRAM, registers: [registry] });
  for (let i = 0; i < SETS; i++) histogram.observe({ scene: `scene ${i}`, pass: 'beauty' }, Math.random() * 12);
  return async () => {
    const began = performance.now();
    await registry.metrics();
    return performance.now() - began;
  };
}

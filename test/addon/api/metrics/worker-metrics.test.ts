import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** The module as it is built for workers. What it sends is tested in process-hub.test.ts. */
const MODULE = pathToFileURL(join(import.meta.dirname, '../../../../out/addon/worker-metrics.js')).href;

it('counts for nobody where there is no channel, the same metrics at every call, and keeps no process alive', () => {
  const script = `
    import { workerMetrics } from ${JSON.stringify(MODULE)};
    const metrics = workerMetrics();
    const running = metrics.gauge({ name: 'running', help: 'h', mode: 'livesum' });
    const failures = metrics.counter({ name: 'failures_total', help: 'h' });
    const work = metrics.countExceptions(failures, metrics.trackInProgress(running, () => { throw new Error('boom'); }));
    try { work(); } catch {}
    await metrics.flush();
    const [{ value }] = (await failures.get()).values;
    console.log(value, workerMetrics() === metrics);
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect([run.stdout, run.stderr, run.status]).toEqual(['1 true\n', '', 0]);
});

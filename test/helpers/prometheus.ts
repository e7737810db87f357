import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port';
import { eventually } from './eventually';
import { pathOf } from './needs';

export interface Prometheus {
  /** The value of a query that answers one series; null while it answers none. */
  query(expression: string): Promise<number | null>;
  /** Health and last error of the scraped target. */
  target(): Promise<{ health: string; lastError: string } | null>;
}

/**
 * Starts a real Prometheus that scrapes one address every second; ended with the test.
 *
 * @param more fields for its scrape_config, as the inside of a YAML mapping in braces
 */
export async function startPrometheus(folder: string, scraped: string, more = ''): Promise<Prometheus> {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, `global: { scrape_interval: 1s }\nscrape_configs:\n  - { job_name: framegauge, static_configs: [{ targets: ['${scraped}'] }]${more && `, ${more}`} }\n`);
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(pathOf('prometheus'), [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`, `--web.listen-address=${listen}`], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
  });
  await eventually('Prometheus being ready', async () => ((await fetch(`http://${listen}/-/ready`)).ok ? true : null));
  const api = async (path: string): Promise<any> => ((await (await fetch(`http://${listen}/api/v1/${path}`)).json()) as { data: unknown }).data;
  return {
    async query(expression) {
      const { result } = await api(`query?query=${encodeURIComponent(expression)}`);
      return result.length === 0 ? null : Number(result[0].value[1]);
    },
    async target() {
      const { activeTargets } = await api('targets');
      return activeTargets[0] ?? null;
    },
  };
}

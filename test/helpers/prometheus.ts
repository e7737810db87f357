import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port';
import { eventually } from './eventually';
import { pathOf } from './needs';

export interface Prometheus {
  /** Its address, such as `http://127.0.0.1:9090`. */
  readonly url: string;
  /** The value of a query with one series as its result; null while the result is empty. */
  query(expression: string): Promise<number | null>;
  /** Health, last error and labels of the scraped target. */
  target(): Promise<{ health: string; lastError: string; labels: Record<string, string> } | null>;
  /** The `data` of its HTTP API below `/api/v1/`. @throws with Prometheus's error */
  ask(path: string): Promise<any>;
}

/**
 * Starts a real Prometheus that scrapes one address every second; ended with the test.
 *
 * @param more fields for its scrape_config, as the content of a YAML flow mapping
 */
export function startPrometheus(folder: string, scraped: string, more = ''): Promise<Prometheus> {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: { scrape_interval: 1s }\nscrape_configs:\n  - { job_name: framegauge, static_configs: [{ targets: ['${scraped}'] }]${more && `, ${more}`} }\n`,
  );
  return runPrometheus(folder, config);
}

/** Starts a real Prometheus with a configuration file; ended with the test. @param folder for its storage */
export async function runPrometheus(folder: string, config: string): Promise<Prometheus> {
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    pathOf('prometheus'),
    [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`, `--web.listen-address=${listen}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  const ended = once(child, 'exit');
  const endedEarly = ended.then(() => Promise.reject(new Error(`Prometheus ended:\n${said}`)));
  endedEarly.catch(() => {});
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
  });
  const ready = eventually('Prometheus being ready', async () => (await fetch(`http://${listen}/-/ready`)).ok || null);
  ready.catch(() => {});
  await Promise.race([ready, endedEarly]);
  const ask = async (path: string): Promise<any> => {
    const answer = (await (await fetch(`http://${listen}/api/v1/${path}`)).json()) as {
      data?: unknown;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(`Prometheus: ${answer.error} (${decodeURIComponent(path)})`);
    return answer.data;
  };
  return {
    url: `http://${listen}`,
    ask,
    async query(expression) {
      const { result } = await ask(`query?query=${encodeURIComponent(expression)}`);
      return result.length === 0 ? null : Number(result[0].value[1]);
    },
    async target() {
      const { activeTargets } = await ask('targets');
      return activeTargets[0] ?? null;
    },
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, startCli } from './cli';
import { freePort } from './free-port';

export interface MeteredHost {
  /** Its data folder. */
  readonly data: string;
  /** Address of its metrics, such as `127.0.0.1:8000`. */
  readonly address: string;
  /** Process id of the host. */
  readonly pid: number;
}

/** Starts a host in its own process that serves its metrics, ended with the test. */
export async function startMeteredHost(folder: string): Promise<MeteredHost> {
  const data = join(folder, 'data');
  const address = `127.0.0.1:${await freePort()}`;
  await runCli(['prefs', 'set', 'addons.prometheus.address', address, '--data', data]);
  await runCli(['addons', 'enable', 'prometheus', '--data', data]);
  const host = startCli(['serve', '--port', '0', '--data', data]);
  await host.printed(new RegExp(`Serving metrics on ${address}`));
  const { pid } = JSON.parse(readFileSync(join(data, 'host.json'), 'utf8')) as { pid: number };
  return { data, address, pid };
}

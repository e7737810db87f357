import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { announcedHost } from '../../src/main/data/announced-host';
import type { Addon } from '../../src/shared/addons';
import type { Job } from '../../src/shared/jobs';
import { runCli, TURNTABLE } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { freePort } from '../helpers/free-port';
import { ATTACKS, STORAGE_MB } from './hostile-code';

/**
 * Lets all hostile add-ons loose at once in a running host that renders meanwhile: each is contained and named, the host
 * answers, and no frame is lost.
 */
export async function sufferHostileAddons(
  dataFolder: string,
  isolation: 'sandboxed' | 'restricted',
  output: string,
): Promise<void> {
  const { url, token } = await eventually('The host’s start', async () => announcedHost(dataFolder));
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const call = async <T>(operation: string, input: unknown): Promise<T> =>
    (await request<{ value: T }>('POST', `/operations/${operation}`, input)).value;
  const listed = async (): Promise<Addon[]> => (await call<{ addons: Addon[] }>('host.state', {})).addons;

  const port = await freePort();
  await call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${port}` });
  await call('preferences.set', { key: 'addons.storageLimit', value: STORAGE_MB });
  for (const id of ['prometheus', ...Object.keys(ATTACKS)]) await request('POST', `/addons/${id}/enable`);
  const level = (await listed()).find(({ manifest }) => manifest.id === 'dawdles')!.isolation?.level;
  expect(level).toBe(isolation);
  await request('POST', '/addons/stays/disable');

  /** What is named nowhere yet, by add-on. */
  const unnamed = (addons: readonly Addon[]): string[] =>
    Object.entries(ATTACKS).flatMap(([id, { named }]) => {
      const { reason, warnings } = addons.find(({ manifest }) => manifest.id === id)!;
      const texts = [reason ?? '', ...warnings];
      return named.filter((one) => !texts.some((text) => one.test(text))).map((one) => `${id}: ${String(one)}`);
    });
  let missing: string[] = [];
  const contained = eventually(
    'Containing every hostile add-on',
    async () => {
      const scraped = await fetch(`http://127.0.0.1:${port}/metrics`);
      expect(await scraped.text()).toContain('framegauge_frames_rendered_total');
      missing = unnamed(await listed());
      return missing.length === 0 ? true : null;
    },
    400_000,
  ).catch((error: unknown) => {
    throw new Error(`Not named: ${missing.join('; ')}`, { cause: error });
  });
  const over = new AbortController();
  const ended = contained.finally(() => over.abort());
  ended.catch(() => undefined);
  do {
    const job = await call<Job>('job.submit', {
      scene: TURNTABLE,
      frames: '1-8',
      width: 160,
      height: 90,
      samples: 1,
      output: join(output, '####.png'),
      overwrite: true,
    });
    const done = await eventually(
      'The job’s end',
      async () => {
        const now = await call<Job>('job.get', { id: job.id });
        return now.finishedAt === null ? null : now;
      },
      400_000,
    );
    expect(done).toMatchObject({ state: 'completed', frames: { failed: 0 } });
    expect(readdirSync(output).filter((name) => name.endsWith('.png'))).toHaveLength(8);
  } while (!over.signal.aborted);
  await ended;

  const printed = await runCli(['--data', dataFolder, 'addons', 'list', '--json']);
  const addons = JSON.parse(printed.stdout) as Addon[];
  expect(unnamed(addons)).toEqual([]);
  expect(addons.filter(({ bundled, state }) => bundled && state === 'failed')).toEqual([]);
  expect(JSON.stringify(await call('addon.log', { id: 'pries' }))).not.toContain('GOT THROUGH');
}

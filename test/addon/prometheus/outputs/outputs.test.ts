import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Addon } from '../../../../src/shared/addons';
import { eventually } from '../../../helpers/eventually';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import type { AppSnapshot } from '../../../../src/shared/addon-protocol';
import { emptyEngineTotals } from '../../../../src/shared/totals';
import { EMPTY_SNAPSHOT } from '../../../helpers/empty-snapshot';
import { createFixture, freePort, type Fixture } from '../../../main/addons/fixture';

let folder: string;
let path: string;
let f: Fixture;
let port: number;
beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder, 'framegauge.prom');
  port = await freePort();
  vi.stubEnv('FRAMEGAUGE_PROMETHEUS_FALLBACK', `127.0.0.1:${await freePort()}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  f = await createFixture();
  onTestFinished(() => f.close());
  await set('address', `127.0.0.1:${port}`);
});

const set = (key: string, value: string | number | boolean): Promise<unknown> =>
  f.manager.setPreference('prometheus', key, value);
const detail = (addon: Addon, label: string): string | undefined =>
  addon.status?.details.find((entry) => entry.label === label)?.value;
const scrape = async (): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } })).text();

async function enable(): Promise<Addon> {
  const addon = await f.manager.enable('prometheus');
  expect([addon.state, addon.reason]).toEqual(['running', null]);
  return addon;
}

/** The add-on must not go on to push to a port that another test may have by then. */
async function closeAfterAddon(server: Server): Promise<void> {
  if (f.manager.get('prometheus').state === 'running') await f.manager.disable('prometheus');
  server.close();
}

function rendered(frames: number): AppSnapshot {
  return {
    ...EMPTY_SNAPSHOT,
    totals: { ...EMPTY_SNAPSHOT.totals, engines: { gltf: { ...emptyEngineTotals(), rendered: frames } } },
  };
}

/** Answers as a Pushgateway does, and keeps what it was sent. */
async function gateway(): Promise<{ url: string; requests: { method: string; url: string; body: string }[] }> {
  const requests: { method: string; url: string; body: string }[] = [];
  const server = createHttpServer((request: IncomingMessage, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      requests.push({ method: request.method!, url: request.url!, body });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => closeAfterAddon(server));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

test('switched off, they are neither in the panel nor in the metrics', async () => {
  const addon = await enable();
  expect(addon.status?.details.map(({ label }) => label)).not.toEqual(expect.arrayContaining(['Text file']));
  expect(await scrape()).not.toMatch(/framegauge_exporter_output_\w+\{/);
});

test('what goes out is what a scrape gets, and counts are in the metrics', async () => {
  await set('textfilePath', path);
  await set('textfileSeconds', 1);
  const began = Date.now() / 1000;
  await enable();
  f.snapshot = rendered(1);
  await eventually(
    'the frame in the file',
    async () => (readFileSync(path, 'utf8').includes('Frame_Counter_total 1\n') ? true : null),
    10_000,
  );
  const text = await scrape();
  expect(text).toContain('framegauge_exporter_output_errors_total{output="textfile"} 0');
  const [, last] = /framegauge_exporter_output_last_success_timestamp_seconds\{output="textfile"\} ([\d.]+)/.exec(
    text,
  )!;
  expect(Number(last)).toBeGreaterThanOrEqual(began);
  expect(Number(last)).toBeLessThanOrEqual(Date.now() / 1000);
});

test('one that fails is in the panel, in the log and in the metrics, and the server goes on', async () => {
  await enable();
  await set('textfilePath', join(folder, 'missing', 'framegauge.prom'));
  const addon = await f.until('prometheus', ({ status }) => status?.level === 'warning');
  expect(addon.status?.text).toMatch(
    new RegExp(`^Serving metrics on 127\\.0\\.0\\.1:${port}\\. The text file .*missing\\.$`),
  );
  expect(detail(addon, 'Text file')).toMatch(
    /could not be written: there is no folder .*missing\. It has not worked yet\. 1 error\.$/,
  );
  expect(f.log('prometheus').join('\n')).toContain('could not be written: there is no folder');
  expect(await scrape()).toContain('framegauge_exporter_output_errors_total{output="textfile"} 1');
  await set('textfilePath', path);
  await f.until('prometheus', ({ status }) => status?.level === 'ok');
  // It was started again, for the folder that it may write to is another one; its own counters began anew with it.
  expect(await scrape()).toContain('framegauge_exporter_output_errors_total{output="textfile"} 0');
});

test('disabling removes the file and pushes what is true at the end', async () => {
  const { url, requests } = await gateway();
  await set('textfilePath', path);
  await set('pushgatewayUrl', url);
  await set('pushgatewayInstance', 'box');
  await set('pushgatewaySeconds', 1_000);
  await enable();
  await eventually('the first push', async () => (requests.length > 0 && existsSync(path) ? true : null), 10_000);
  f.snapshot = rendered(3);
  await f.manager.disable('prometheus');
  expect(existsSync(path)).toBe(false);
  expect(requests.map(({ method, url: asked }) => `${method} ${asked}`)).toEqual([
    'PUT /metrics/job/framegauge/instance/box',
    'PUT /metrics/job/framegauge/instance/box',
  ]);
  expect(requests[0]!.body).toContain('Frame_Counter_total 0\n');
  expect(requests[1]!.body).toContain('Frame_Counter_total 3\n');
});

test('delete on disable deletes the group', async () => {
  const { url, requests } = await gateway();
  await set('pushgatewayUrl', url);
  await set('pushgatewayMethod', 'pushadd');
  await set('pushgatewayDelete', true);
  await enable();
  await eventually('the first push', async () => (requests.length > 0 ? true : null), 10_000);
  await f.manager.disable('prometheus');
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
});

test('targets that take connections and say nothing do not keep disabling waiting', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket.on('error', () => {}).pause()));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => closeAfterAddon(silent));
  const { port: silentPort } = silent.address() as AddressInfo;
  await set('pushgatewayUrl', `http://127.0.0.1:${silentPort}`);
  await set('graphiteAddress', `127.0.0.1:${silentPort}`);
  await enable();
  await eventually('both being connected', async () => (sockets.size >= 2 ? true : null), 10_000);
  const began = performance.now();
  const addon = await f.manager.disable('prometheus');
  expect(performance.now() - began).toBeLessThan(60_000);
  expect([addon.state, addon.reason]).toEqual(['off', null]);
});

test('the password is in no status, no log and no list', async () => {
  const { url } = await gateway();
  await set('pushgatewayUrl', url);
  await set('pushgatewayUser', 'alice');
  await set('pushgatewayPassword', 'wonderland');
  await enable();
  await f.until('prometheus', (addon) => detail(addon, 'Pushgateway') !== undefined);
  expect(JSON.stringify([f.manager.get('prometheus'), f.log('prometheus')])).not.toMatch(
    /wonderland|YWxpY2U6d29uZGVybGFuZA/,
  );
});

test('a hundred changes leave no socket, file or timer behind', async () => {
  const { url, requests } = await gateway();
  const lines = createServer((socket) => socket.on('error', () => {}).resume());
  lines.listen(0, '127.0.0.1');
  await once(lines, 'listening');
  onTestFinished(() => closeAfterAddon(lines));
  const { port: linesPort } = lines.address() as AddressInfo;
  await enable();
  const handles = async (): Promise<number> => readdirSync(`/proc/${await addonPid()}/fd`).length;
  const round = async (i: number): Promise<void> => {
    // In a folder that it may write to already: for another one it would be started again.
    await set('textfilePath', join(folder, `${i}.prom`));
    await set('pushgatewayUrl', `${url}/${i}`);
    await set('graphiteAddress', `127.0.0.1:${linesPort}`);
    await set('graphitePrefix', `p${i}`);
  };
  const off = async (): Promise<void> => {
    await set('textfilePath', join(folder, 'last.prom'));
    for (const key of ['pushgatewayUrl', 'graphiteAddress']) await set(key, '');
  };
  await round(0);
  await off();
  const [pid, before] = [await addonPid(), await handles()];
  for (let i = 1; i <= 25; i++) await round(i);
  await off();
  await eventually(
    'the handles being those from before',
    async () => ((await handles()) <= before ? true : null),
    5_000,
  );
  expect(await addonPid()).toBe(pid);
  // It is written again from time to time, beside it.
  await eventually('one file being left', async () => (readdirSync(folder).join() === 'last.prom' ? true : null));
  const { length } = requests;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  // No timer pushes on.
  expect(requests).toHaveLength(length);
});

/** Of the one add-on process that this test process has. */
async function addonPid(): Promise<number> {
  for (const pid of readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')) {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bootstrap.js')) return Number(pid);
  }
  throw new Error('There is no add-on process.');
}

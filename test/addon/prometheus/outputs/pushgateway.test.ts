import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { hashSync } from 'bcryptjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeAuthority, makeCertificate } from '../../../helpers/certificates';
import { eventually } from '../../../helpers/eventually';
import { freePort } from '../../../helpers/free-port';
import { needs, pathOf } from '../../../helpers/needs';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { createOutputsFixture } from './fixture';

/** A Pushgateway on a free port that keeps nothing on disk, as Debian's does unless told; ended with the test. */
async function startPushgateway({
  args = [],
  authorization,
  port,
}: { args?: string[]; authorization?: string; port?: number } = {}): Promise<{
  url: string;
  metrics: () => Promise<string>;
  stop: () => Promise<void>;
}> {
  const listen = `127.0.0.1:${port ?? (await freePort())}`;
  const child = spawn(pathOf('pushgateway'), [`--web.listen-address=${listen}`, '--persistence.file=', ...args], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(stop);
  const url = `http://${listen}`;
  const headers: Record<string, string> = authorization ? { authorization } : {};
  await eventually('the Pushgateway being ready', async () =>
    (await fetch(`${url}/-/ready`, { headers })).ok ? true : null,
  );
  return { url, metrics: async () => (await fetch(`${url}/metrics`, { headers })).text(), stop };
}

needs.pushgateway('a real Pushgateway', () => {
  test('has everything, in the group of job, instance and labels', async () => {
    const gateway = await startPushgateway();
    const f = createOutputsFixture();
    await f.set({
      pushgatewayUrl: `${gateway.url}/`,
      pushgatewayInstance: 'box',
      pushgatewayLabels: 'site=Zürich,path=/a/b',
    });
    const state = await f.until('pushgateway', ({ lastSuccess }) => lastSuccess !== null);
    expect(state).toEqual({
      output: 'pushgateway',
      target: `${gateway.url}/metrics/job/framegauge/instance/box/site/Z%C3%BCrich/path@base64/L2EvYg`,
      errors: 0,
      lastSuccess: expect.any(Number),
      error: null,
    });
    const text = await gateway.metrics();
    const group = 'instance="box",job="framegauge",path="/a/b",site="Zürich"';
    expect(text).toContain(`framegauge_renders_active{${group}} 1`);
    expect(text).toContain(`framegauge_frames_rendered_total{engine="gltf",${group}} 12`);
    expect(text).toContain(`framegauge_job_frames_remaining{exported_job="shot 010",${group}} 3`);
    expect(text).toContain(`framegauge_job_frames_remaining{exported_job="shot \\"020\\"",${group}} 4`);
    expect(text).toContain(
      `framegauge_frame_duration_seconds_bucket{engine="gltf",${group},le="0.5"} 2`.replace(
        `${group},le="0.5"`,
        'instance="box",job="framegauge",path="/a/b",site="Zürich",le="0.5"',
      ),
    );
    expect(text).toContain(`process_cpu_seconds_total{${group}} 1.5`);
  });

  test('push replaces the group, pushadd what has the same name', async () => {
    const gateway = await startPushgateway();
    const f = createOutputsFixture();
    const [first, second] = f.families;
    f.families = [first!, second!];
    await f.set({ pushgatewayUrl: gateway.url, pushgatewayInstance: 'box', pushgatewaySeconds: 0.05 });
    await eventually('the first push', async () =>
      (await gateway.metrics()).includes('framegauge_frames_rendered_total{') ? true : null,
    );
    f.families = [first!];
    await eventually('the second push', async () =>
      (await gateway.metrics()).includes('framegauge_frames_rendered_total{') ? null : true,
    );
    await f.set({ pushgatewayMethod: 'pushadd' });
    f.families = [second!];
    await eventually('the third push', async () =>
      (await gateway.metrics()).includes('framegauge_frames_rendered_total{') ? true : null,
    );
    expect(await gateway.metrics()).toContain('framegauge_renders_active{');
  });

  test('keeps the last state when it is switched off; with delete it has nothing of it', async () => {
    const gateway = await startPushgateway();
    const f = createOutputsFixture();
    await f.set({ pushgatewayUrl: gateway.url, pushgatewayInstance: 'box' });
    await f.until('pushgateway', ({ lastSuccess }) => lastSuccess !== null);
    f.families = f.families.map((family) =>
      family.name === 'framegauge_renders_active' ? { ...family, values: [{ value: 0, labels: {} }] } : family,
    );
    await f.set({ pushgatewayUrl: '' });
    expect(await gateway.metrics()).toContain('framegauge_renders_active{instance="box",job="framegauge"} 0');
    await f.set({ pushgatewayUrl: gateway.url, pushgatewayDelete: true });
    await f.until('pushgateway', ({ lastSuccess }) => lastSuccess !== null);
    // Another group is another target: the one before is left.
    await f.set({ pushgatewayInstance: 'other' });
    await eventually('the push to the other group', async () =>
      (await gateway.metrics()).includes('instance="other"') ? true : null,
    );
    expect(await gateway.metrics()).not.toContain('instance="box"');
    await f.outputs.close();
    expect(await gateway.metrics()).not.toContain('framegauge_');
  });

  test('wants the password that its own web config has', async () => {
    const config = join(temporaryFolder(), 'web.yml');
    await writeFile(config, `basic_auth_users:\n  alice: ${hashSync('wonder:land', 4)}\n`);
    const authorization = `Basic ${Buffer.from('alice:wonder:land').toString('base64')}`;
    const gateway = await startPushgateway({ args: [`--web.config.file=${config}`], authorization });
    const f = createOutputsFixture();
    await f.set({
      pushgatewayUrl: gateway.url,
      pushgatewayUser: 'alice',
      pushgatewayPassword: 'wrong',
      pushgatewaySeconds: 0.05,
    });
    const refused = await f.until('pushgateway', ({ errors }) => errors > 0);
    expect(refused.error).toBe(
      `The Pushgateway ${new URL(gateway.url).host} answered 401: its user and password are not accepted.`,
    );
    await f.set({ pushgatewayPassword: 'wonder:land' });
    await f.until('pushgateway', ({ lastSuccess }) => lastSuccess !== null);
    expect(await gateway.metrics()).toContain('framegauge_renders_active{');
    expect(JSON.stringify([f.outputs.state(), f.logs])).not.toContain('wonder');
  });

  test('is pushed to again when it is back', async () => {
    const port = await freePort();
    const f = createOutputsFixture();
    await f.set({ pushgatewayUrl: `http://127.0.0.1:${port}`, pushgatewaySeconds: 0.05 });
    const away = await f.until('pushgateway', ({ errors }) => errors >= 2);
    expect(away.error).toContain(`could not be reached: connect ECONNREFUSED`);
    const gateway = await startPushgateway({ port });
    await f.until('pushgateway', ({ error }) => error === null);
    expect(await gateway.metrics()).toContain('framegauge_renders_active{');
  });

  test('says what it has against a push', async () => {
    const gateway = await startPushgateway();
    const f = createOutputsFixture();
    f.families = [{ name: 'bad name', help: '', type: 'gauge', values: [{ value: 1, labels: {} }] }];
    await f.set({ pushgatewayUrl: gateway.url });
    expect((await f.until('pushgateway', ({ errors }) => errors > 0)).error).toMatch(
      /answered 400: .*bad name|answered 400: text format parsing error/,
    );
  });
});

describe('a Pushgateway that does not answer', () => {
  test.each([false, true])('does not keep switching off waiting for long (delete: %s)', async (pushgatewayDelete) => {
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const asked = once(server, 'connection');
    const f = createOutputsFixture();
    await f.set({ pushgatewayUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pushgatewayDelete });
    await asked;
    const began = performance.now();
    await f.outputs.close();
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});

test.each([
  [{ pushgatewayUrl: 'localhost:9091' }, 'not of the form http://host:9091'],
  [{ pushgatewayUrl: 'ftp://localhost' }, 'not of the form'],
  [{ pushgatewayUrl: 'http://alice:wonder@localhost:9091' }, 'has a user or password in it'],
  [{ pushgatewayUrl: 'http://localhost:9091', pushgatewayJob: ' ' }, 'wants a job'],
  [{ pushgatewayUrl: 'http://localhost:9091', pushgatewayLabels: 'site' }, 'name=value'],
])('%j is refused', async (values, reason) => {
  const f = createOutputsFixture();
  await f.set(values);
  expect(f.outputs.state()[0]).toMatchObject({
    output: 'pushgateway',
    errors: 1,
    error: expect.stringContaining(reason),
  });
});

describe('a Pushgateway whose certificate a private authority signed', () => {
  const authority = makeAuthority('studio');
  async function secureGateway(): Promise<{ url: string; pushed: () => number }> {
    let pushed = 0;
    const { cert, key } = makeCertificate(authority, 'gateway', ['127.0.0.1']);
    const server = createTlsServer({ cert, key }, (request, response) => {
      request.resume().on('end', () => {
        pushed++;
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, pushed: () => pushed };
  }

  test('is not trusted, and the error names the preference; with its certificate there it is', async () => {
    const { url, pushed } = await secureGateway();
    const ca = join(temporaryFolder(), 'ca.pem');
    const f = createOutputsFixture();
    await f.set({ pushgatewayUrl: url, pushgatewaySeconds: 0.05 });
    const { error } = await f.until('pushgateway', (state) => state.error !== null);
    expect(error).toMatch(
      /nobody whom this machine trusts has signed its certificate \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\): name the authority’s in the preference “CA certificate”/,
    );
    await f.set({ pushgatewayCa: ca });
    expect((await f.until('pushgateway', (state) => state.error?.includes(ca) === true)).error).toBe(
      `The Pushgateway’s CA certificate ${ca} cannot be used: it does not exist.`,
    );
    await writeFile(ca, 'no certificate');
    await f.until('pushgateway', (state) => state.error?.includes('no certificate in the PEM form') === true);
    expect(pushed()).toBe(0);
    // It is read each time.
    await writeFile(ca, authority.cert);
    await f.until('pushgateway', (state) => state.error === null && state.lastSuccess !== null);
    expect(pushed()).toBeGreaterThan(0);
  });

  test.each([
    ['ca.pem', 'is not a whole one'],
    [tmpdir(), 'it is not a file'],
  ])('the path %s cannot be used', async (path, why) => {
    const f = createOutputsFixture();
    await f.set({ pushgatewayUrl: 'https://127.0.0.1:1', pushgatewaySeconds: 1, pushgatewayCa: path });
    expect((await f.until('pushgateway', (state) => state.error !== null)).error).toContain(why);
  });
});

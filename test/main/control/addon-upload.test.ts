import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { mainEntry, manifestEntry, rawZip } from '../../helpers/raw-zip';

const zip = (more: Readonly<Record<string, unknown>> = {}): Buffer => rawZip([manifestEntry(more), mainEntry()]);

/** Sends bytes with the control token. */
async function upload(
  { url, tokens }: ControlHost,
  bytes: Buffer,
  { query = 'name=small.zip', type = 'application/zip', token = tokens.control } = {},
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${url}/api/v1/addons?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, json: await response.json() };
}
const addonsOf = ({ folder }: ControlHost): Promise<string[]> => readdir(join(folder, 'data', 'addons'));

describe('an add-on over HTTP', () => {
  it('is installed from its bytes, updated with consent, rolled back and uninstalled, and every window is told', async () => {
    const host = await startControlHost();
    const told: HostEvent[] = [];
    host.host.subscribe((event) => void told.push(event));
    expect(await upload(host, zip())).toMatchObject({
      status: 200,
      json: { outcome: 'installed', replaced: null, addon: { manifest: { id: 'small' }, enabled: false } },
    });
    await vi.waitFor(() =>
      expect(told.findLast((event) => event.type === 'addons')).toMatchObject({
        addons: expect.arrayContaining([
          expect.objectContaining({ manifest: expect.objectContaining({ id: 'small' }) }),
        ]),
      }),
    );
    expect((await host.ask('POST', '/api/v1/addons/small/enable')).json).toMatchObject({ state: 'running' });

    const asking = zip({ version: '2.0.0', permissions: { network: 'It sends.' } });
    expect(await upload(host, asking)).toMatchObject({
      status: 200,
      json: { outcome: 'consent', installed: '1.0.0', asks: [{ permission: 'network', reason: 'It sends.' }] },
    });
    expect((await host.ask('GET', '/api/v1/addons/small')).json).toMatchObject({ manifest: { version: '1.0.0' } });
    expect(await upload(host, asking, { query: 'name=small.zip&consent=network' })).toMatchObject({
      status: 200,
      json: { outcome: 'installed', replaced: '1.0.0', addon: { state: 'running', previousVersion: '1.0.0' } },
    });
    expect(await host.ask('POST', '/api/v1/addons/small/roll-back')).toMatchObject({
      status: 200,
      json: { manifest: { version: '1.0.0' }, previousVersion: '2.0.0' },
    });
    expect(await host.ask('DELETE', '/api/v1/addons/small?removeData=true')).toMatchObject({
      status: 200,
      json: { id: 'small', name: 'Small' },
    });
    expect((await host.ask('GET', '/api/v1/addons/small')).status).toBe(404);
    expect((await host.ask('DELETE', '/api/v1/addons/small')).status).toBe(404);
    expect(await addonsOf(host)).toEqual([]);
  });

  it('is installed from a path on the host’s machine', async () => {
    const host = await startControlHost();
    const path = join(host.folder, 'small.zip');
    await writeFile(path, zip());
    expect(await host.ask('POST', '/api/v1/addons/install', { body: { path } })).toMatchObject({
      status: 200,
      json: { outcome: 'installed' },
    });
    expect(await host.ask('POST', '/api/v1/addons/install', { body: { path: 'small.zip' } })).toMatchObject({
      status: 422,
      json: { detail: expect.stringContaining('is not a full path') },
    });
    expect(await host.ask('POST', '/api/v1/addons/install', { body: { path: '/not/there.zip' } })).toMatchObject({
      status: 422,
      json: { detail: 'There is no file or folder /not/there.zip: give the .zip or folder of an add-on.' },
    });
  });

  it('that is refused leaves nothing, whatever its name', async () => {
    const host = await startControlHost();
    expect(
      await upload(host, Buffer.from('no zip'), { query: `name=${encodeURIComponent('../../x"\n.zip')}` }),
    ).toMatchObject({
      status: 422,
      json: { detail: '“x__.zip” cannot be installed: it is damaged, or no .zip.' },
    });
    expect(await upload(host, zip(), { query: 'name=..' })).toMatchObject({ status: 200 });
    expect(await upload(host, zip(), { type: 'text/plain' })).toMatchObject({ status: 415 });
    expect(await upload(host, zip(), { token: host.tokens.read })).toMatchObject({ status: 403 });
    expect(await addonsOf(host)).toEqual(['small']);
  });

  it('that is too large, or breaks off, leaves nothing', async () => {
    const host = await startControlHost();
    const status = await new Promise<number>((settle, reject) => {
      const sent = request(
        `${host.url}/api/v1/addons?name=x.zip`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${host.tokens.control}`, 'content-type': 'application/zip' },
        },
        (response) => settle(response.statusCode!),
      );
      // The host may close the connection before everything is sent.
      sent.on('error', reject);
      createReadStream('/dev/zero', { end: 70 * 1024 ** 2 }).pipe(sent);
    }).catch(() => 413);
    expect(status).toBe(413);
    await vi.waitFor(async () => expect(await addonsOf(host)).toEqual([]));

    const broken = request(`${host.url}/api/v1/addons?name=x.zip`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${host.tokens.control}`,
        'content-type': 'application/zip',
        'content-length': 1_000,
      },
    });
    broken.on('error', () => undefined);
    broken.write('PK');
    await vi.waitFor(async () => expect(await addonsOf(host)).toHaveLength(1));
    broken.destroy();
    await vi.waitFor(async () => expect(await addonsOf(host)).toEqual([]));
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { startControlHost } from '../../helpers/control-host';
import { BUILT } from '../../helpers/gltf-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('is off unless the preferences say so: nothing is stored, and invitations are refused', async () => {
  const { host, folder } = await startControlHost();
  expect(await host.call('machine.list', {})).toEqual({ ok: true, value: [] });
  expect(await host.call('machine.invite', {})).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('prefs set farm.start true') as unknown },
  });
  expect(existsSync(join(folder, 'data', 'farm'))).toBe(false);
});

it('loads none of its libraries where it is off', () => {
  const data = join(temporaryFolder(), 'data');
  const script = `
    import { createRequire } from 'node:module';
    process.argv = [process.execPath, 'framegauge', '--data', ${JSON.stringify(data)}, 'jobs'];
    await import(${JSON.stringify(pathToFileURL(join(BUILT, 'main', 'cli.js')).href)});
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => /node_modules.(bullmq|ioredis|selfsigned)/.test(path));
    process.stderr.write('loaded: ' + loaded.length);
  `;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: resolve(BUILT, '..'),
  });
  expect(stderr).toContain('loaded: 0');
});

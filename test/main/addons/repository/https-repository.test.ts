import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createPlainServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeIndex } from '../../../../src/main/addons/repository/make-index';
import { makeAuthority, makeCertificate } from '../../../helpers/certificates';
import { type CliResult, runCli } from '../../../helpers/cli';
import { mainEntry, manifestEntry, rawZip } from '../../../helpers/raw-zip';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const authority = makeAuthority('Studio CA');

let folder: string;
let shelf: string;
let ca: string;
/** Paths that were asked for. */
let paths: string[];

beforeEach(async () => {
  folder = temporaryFolder();
  shelf = join(folder, 'shelf');
  ca = join(folder, 'ca.pem');
  paths = [];
  await mkdir(shelf);
  await writeFile(ca, authority.cert);
});

/** The command line, which knows the authority or does not. */
const cli = (trusted: boolean, ...args: string[]): Promise<CliResult> =>
  runCli([...args, '--data', join(folder, 'data')], trusted ? { NODE_EXTRA_CA_CERTS: ca } : {});

async function offer(version: string): Promise<void> {
  await writeFile(join(shelf, `small-${version}.zip`), rawZip([manifestEntry({ version }), mainEntry(version)]));
  await makeIndex(shelf);
}

/** Serves the shelf. @param names in its certificate @returns its address, by 127.0.0.1 */
async function serve(names: readonly string[], redirect: string | null = null): Promise<string> {
  const server: Server = createServer(makeCertificate(authority, 'addons', names), (request, response) => {
    paths.push(request.url!);
    if (redirect !== null) return void response.writeHead(302, { location: redirect }).end();
    readFile(join(shelf, basename(request.url!))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a repository over https', () => {
  it('is searched, installed from and updated from, where its authority is known', async () => {
    await offer('1.0.0');
    const address = await serve(['127.0.0.1']);
    expect(await cli(true, 'prefs', 'set', 'repositories.addresses', address)).toMatchObject({ code: 0 });
    expect(await cli(true, 'addons', 'search')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^small +1\.0\.0/) as unknown,
    });
    expect(await cli(true, 'addons', 'install', 'small')).toMatchObject({ code: 0, stderr: '' });
    await offer('1.1.0');
    const updated = await cli(true, 'addons', 'update');
    expect(updated.stdout).toMatch(/^Small 1\.1\.0 is installed in place of 1\.0\.0/);
    expect(paths).toEqual(expect.arrayContaining(['/index.json', '/small-1.0.0.zip', '/small-1.1.0.zip']));
  });

  it.each([
    ['whose authority is not known', ['127.0.0.1'], false, /not trusted \(\w+\): .* NODE_EXTRA_CA_CERTS/],
    ['whose certificate is for another name', ['addons.example'], true, /its certificate is for another name/],
  ])('%s is told, with what to do, and nothing is asked of it', async (_what, names, trusted, sentence) => {
    await offer('1.0.0');
    const address = await serve(names);
    await cli(trusted, 'prefs', 'set', 'repositories.addresses', address);
    const searched = await cli(trusted, 'addons', 'search');
    expect(searched.code).toBe(1);
    expect(searched.stderr).toMatch(sentence);
    expect((await cli(trusted, 'addons', 'install', 'small')).code).not.toBe(0);
    expect(paths).toEqual([]);
  });

  it('is not followed to plain http', async () => {
    await offer('1.0.0');
    let asked = 0;
    const plain = createPlainServer((_request, response) => {
      asked++;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    onTestFinished(() => void plain.close());
    const address = await serve(['127.0.0.1'], `http://127.0.0.1:${(plain.address() as AddressInfo).port}/index.json`);
    await cli(true, 'prefs', 'set', 'repositories.addresses', address);
    const searched = await cli(true, 'addons', 'search');
    expect(searched.stderr).toContain('it redirects from https: to http:.');
    expect([paths.length > 0, asked]).toEqual([true, 0]);
  });
});

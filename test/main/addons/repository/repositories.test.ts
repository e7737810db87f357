import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeIndex } from '../../../../src/main/addons/repository/make-index';
import {
  createRepositories,
  type Repositories,
  type RepositoriesOptions,
} from '../../../../src/main/addons/repository/repositories';
import type { AddonBlock, RepositoryIndex } from '../../../../src/shared/addon-repositories';
import { MAX_INDEX, problemOfRepositories } from '../../../../src/shared/addon-repositories';
import { addonManifestSchema } from '../../../../src/shared/addons';
import { freePort } from '../../../helpers/free-port';
import { mainEntry, manifestEntry, rawZip } from '../../../helpers/raw-zip';
import { temporaryFolder } from '../../../helpers/temporary-folder';

interface Shelf {
  readonly folder: string;
  readonly userFolder: string;
  readonly blocks: { blocks: readonly AddonBlock[]; complete: boolean }[];
  add(name: string, more: Readonly<Record<string, unknown>>): Promise<void>;
  repositories(addresses: readonly string[], more?: Partial<RepositoriesOptions>): Repositories;
}

function shelf(): Shelf {
  const root = temporaryFolder();
  const folder = join(root, 'shelf');
  const userFolder = join(root, 'addons');
  const blocks: Shelf['blocks'] = [];
  return {
    folder,
    userFolder,
    blocks,
    async add(name, more) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), rawZip([manifestEntry(more), mainEntry(name)]));
    },
    repositories: (addresses, more = {}) =>
      createRepositories({
        addresses: () => addresses,
        onlineAccess: () => true,
        hostVersion: '0.1.0',
        userFolder,
        installed: () => null,
        onBlocks: async (given, complete) => void blocks.push({ blocks: given, complete }),
        ...more,
      }),
  };
}

/** A server on a free port, closed with the test. @returns its address */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an index', () => {
  it('has every .zip of a folder with its size and hash, newest first, and keeps name and block list', async () => {
    const s = shelf();
    await s.add('small-1.zip', { version: '1.0.0' });
    await s.add('small-2.zip', {
      version: '2.0.0',
      hostVersionMin: '99.0.0',
      tags: ['text'],
      permissions: { network: 'It sends.' },
    });
    await s.add('other.zip', { id: 'other', version: '1.2.3' });
    const blocked = [{ id: 'bad', reason: 'It loses frames.' }];
    await writeFile(
      join(s.folder, 'index.json'),
      JSON.stringify({ schemaVersion: 1, name: 'Studio', addons: [], blocked }),
    );
    const { file, index } = await makeIndex(s.folder);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(index);
    const bytes = await readFile(join(s.folder, 'small-2.zip'));
    expect(index).toMatchObject({
      schemaVersion: 1,
      name: 'Studio',
      blocked,
      addons: [
        { id: 'other', version: '1.2.3', file: 'other.zip' },
        {
          id: 'small',
          version: '2.0.0',
          hostVersionMin: '99.0.0',
          tags: ['text'],
          permissions: [{ permission: 'network', reason: 'It sends.' }],
          bytes: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        },
        { id: 'small', version: '1.0.0' },
      ],
    });
    // Unpacking left nothing, neither there nor in the folder.
    expect((await readdir(s.folder)).sort()).toEqual(['index.json', 'other.zip', 'small-1.zip', 'small-2.zip']);
  });

  it('is not written where a .zip cannot be installed, two are the same, or the old block list cannot be read', async () => {
    const s = shelf();
    await s.add('a.zip', {});
    await s.add('b.zip', {});
    await expect(makeIndex(s.folder)).rejects.toThrow(
      '“a.zip” and “b.zip” are both small 1.0.0: take one of them away.',
    );
    await writeFile(join(s.folder, 'b.zip'), 'no zip');
    await expect(makeIndex(s.folder)).rejects.toThrow('“b.zip” cannot be installed: it is damaged, or no .zip.');
    expect(await readdir(s.folder)).not.toContain('index.json');
    await writeFile(join(s.folder, 'b.zip'), rawZip([manifestEntry({ id: 'b2' }), mainEntry()]));
    await writeFile(join(s.folder, 'index.json'), '{');
    await expect(makeIndex(s.folder)).rejects.toThrow(/The block list of .* cannot be kept: its index is not JSON/);
    expect(await readFile(join(s.folder, 'index.json'), 'utf8')).toBe('{');
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['SMALL.ZIP', 'a name in capitals', {}, 'give it a name that ends in .zip and has none of : ? # %'],
    ['50%#.zip', 'a name that an address cannot have', {}, 'give it a name that ends in .zip'],
    ['small.zip', 'too long a tagline', { tagline: 'x'.repeat(501) }, '“tagline” is wrong'],
    [
      'small.zip',
      'too long a reason',
      { permissions: { network: 'x'.repeat(1_001) } },
      '“permissions[0].reason” is wrong',
    ],
  ])('is not written with %s, for %s: every host would refuse it whole', async (name, _what, more, problem) => {
    const s = shelf();
    await s.add(name, more);
    const made = makeIndex(s.folder);
    await expect(made).rejects.toThrow(`“${name}” cannot be in an index, which every host would refuse whole: `);
    await expect(made).rejects.toThrow(problem);
    expect(await readdir(s.folder)).toEqual([name]);
  });
});

it.each([
  ['0.0.0', true],
  ['1.20.300', true],
  ['1.0.0-beta.10', true],
  ['1.0.0-0', true],
  ['1.0.0-0a.x-1', true],
  ['1.0.0-rc.1+007', true],
  ['01.0.0', false],
  ['1.00.0', false],
  ['1.0.0-beta.01', false],
  ['1.0.0-', false],
  ['1.0', false],
])('the version %s is one of Semantic Versioning: %s', (version, valid) => {
  expect(addonManifestSchema.shape.version.safeParse(version).success).toBe(valid);
});

describe('repositories', () => {
  it('offer a release as the update of its pre-release', async () => {
    const s = shelf();
    for (const version of ['2.0.0-beta.1', '2.0.0']) await s.add(`small-${version}.zip`, { version });
    await makeIndex(s.folder);
    const { addons } = await s.repositories([s.folder], { installed: () => '2.0.0-beta.1' }).catalogue();
    expect(addons).toMatchObject([{ version: '2.0.0', update: true }]);
  });

  it('offer the newest version that this program can use, from a folder, a file or an address', async () => {
    const s = shelf();
    await s.add('small-1.zip', { version: '1.0.0' });
    await s.add('small-2.zip', { version: '2.0.0' });
    await s.add('small-3.zip', { version: '3.0.0', hostVersionMin: '99.0.0' });
    await makeIndex(s.folder);
    const url = await serve((request, response) => {
      void readFile(join(s.folder, request.url!.replace('/addons/', ''))).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    for (const address of [s.folder, join(s.folder, 'index.json'), `${url}/addons`, `${url}/addons/index.json`]) {
      const repositories = s.repositories([address], { installed: () => '1.0.0' });
      expect(await repositories.catalogue()).toMatchObject({
        repositories: [{ address, problem: null }],
        addons: [
          { id: 'small', version: '2.0.0', installed: '1.0.0', update: true, blocked: null, repository: address },
        ],
      });
      const got = await repositories.withDownload('small', async (path, expected) => {
        expect(expected).toEqual({ id: 'small', version: '2.0.0' });
        return readFile(path);
      });
      expect(got.equals(await readFile(join(s.folder, 'small-2.zip')))).toBe(true);
      expect(await readdir(s.userFolder)).toEqual([]);
    }
  });

  it('at addresses are not asked without online access', async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests++;
      response.end('{}');
    });
    const s = shelf();
    const offline = s.repositories([url], { onlineAccess: () => false });
    expect(await offline.catalogue()).toEqual({
      repositories: [{ address: url, name: url, problem: 'Online access is off: allow it to use this repository.' }],
      addons: [],
    });
    await expect(offline.withDownload('small', async () => null)).rejects.toThrow(
      /not all could be asked: Online access is off/,
    );
    expect(requests).toBe(0);
    // What is not known is not taken for unblocked.
    expect(s.blocks.at(-1)).toEqual({ blocks: [], complete: false });
  });

  it.each<[string, (index: RepositoryIndex) => unknown, RegExp]>([
    [
      'another size',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, bytes: entry.bytes - 1 })) }),
      /larger than the index says/,
    ],
    [
      'a larger size',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, bytes: entry.bytes + 1 })) }),
      /smaller than the index says/,
    ],
    [
      'another hash',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, sha256: '0'.repeat(64) })) }),
      /its SHA-256 is another/,
    ],
    [
      'a size beyond the limit',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, bytes: 2 ** 30 })) }),
      /it has more than 64 MiB/,
    ],
    [
      'a block',
      (index) => ({ ...index, blocked: [{ id: 'small', versions: ['1.0.0'], reason: 'It loses frames.' }] }),
      /Small 1\.0\.0 is blocked: It loses frames\./,
    ],
    [
      'a file that leads out',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, file: '../small.zip' })) }),
      /“addons\[0\]\.file” is wrong/,
    ],
    [
      'a file on another machine',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, file: 'http://evil/small.zip' })) }),
      /“addons\[0\]\.file” is wrong/,
    ],
    [
      'a file from the root',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, file: '//evil/small.zip' })) }),
      /“addons\[0\]\.file” is wrong/,
    ],
    [
      'a version under another name',
      (index) => ({ ...index, addons: index.addons.map((entry) => ({ ...entry, version: '01.0.0' })) }),
      /“addons\[0\]\.version” is wrong: a version has the form 1\.2\.3 or 1\.2\.3-beta\.1, without leading zeros\./,
    ],
    [
      'one version twice',
      (index) => ({ ...index, addons: [...index.addons, ...index.addons] }),
      /“addons\[1\]” is wrong: small 1\.0\.0 is listed already\./,
    ],
    ['no list', () => ({ schemaVersion: 1 }), /“addons” is wrong: it is missing/],
    ['another form', (index) => ({ ...index, schemaVersion: 2 }), /“schemaVersion” is wrong: it must be 1/],
    [
      'a list of millions',
      (index) => ({ ...index, addons: Array.from({ length: 2_001 }, () => index.addons[0]) }),
      /it must have at most 2000 entries/,
    ],
  ])('with %s are refused in a sentence, and nothing is left', async (_what, change, sentence) => {
    const s = shelf();
    await s.add('small.zip', {});
    const { file, index } = await makeIndex(s.folder);
    await writeFile(file, JSON.stringify(change(index)));
    const failure = await s
      .repositories([s.folder])
      .withDownload('small', async () => 'got it')
      .catch((error: Error) => error.message);
    expect(failure).toMatch(sentence);
    expect(await readdir(s.userFolder).catch(() => [])).toEqual([]);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'an endless index',
      (_request, response) => {
        const more = (): void => void (response.destroyed || response.write(Buffer.alloc(65_536, 32), more));
        more();
      },
      new RegExp(`it sends more than ${MAX_INDEX} bytes`),
    ],
    ['an error', (_request, response) => void response.writeHead(500).end('x'), /it answers with HTTP 500/],
    [
      'a redirect to another scheme',
      (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /it redirects from http: to file:/,
    ],
    [
      'redirects without end',
      (_request, response) => void response.writeHead(302, { location: '/again.json' }).end(),
      /it redirects more than 5 times/,
    ],
    ['a redirect to nowhere', (_request, response) => void response.writeHead(302).end(), /it redirects to nowhere/],
    ['a page', (_request, response) => void response.end('<!doctype html>'), /its index is not JSON/],
    ['a connection that breaks off', (request) => void request.socket.destroy(), /the connection failed/],
  ])('with %s are told in a sentence', async (_what, answer, sentence) => {
    const url = await serve(answer);
    const { repositories, addons } = await shelf().repositories([url]).catalogue();
    expect(addons).toEqual([]);
    expect(repositories[0]!.problem).toMatch(sentence);
    expect(repositories[0]!.problem).toMatch(/^The repository http:\/\/127\.0\.0\.1:\d+ cannot be used: .*\.$/);
  });

  it('that are not there are told, and the others are used', async () => {
    const s = shelf();
    await s.add('small.zip', {});
    await makeIndex(s.folder);
    const gone = join(s.folder, 'gone');
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const { repositories, addons } = await s.repositories([gone, nobody, s.folder]).catalogue();
    expect(repositories.map(({ problem }) => problem)).toEqual([
      `The repository ${gone} cannot be used: there is no index.json.`,
      `The repository ${nobody} cannot be used: nobody answers there.`,
      null,
    ]);
    expect(addons).toMatchObject([{ id: 'small' }]);
    await expect(s.repositories([]).withDownload('small', async () => null)).rejects.toThrow(
      /There is no repository to take “small” from/,
    );
  });
});

it('addresses are checked when they are set', () => {
  expect(problemOfRepositories('')).toBeNull();
  expect(problemOfRepositories('/srv/addons; https://addons.example/; ~/addons; C:\\addons')).toBeNull();
  expect(problemOfRepositories('addons')).toMatch(/“addons” is no repository/);
  expect(problemOfRepositories('https://me:secret@addons.example/')).toBe(
    '“addons.example” is given with a password, which everybody could read here: leave it out.',
  );
  expect(problemOfRepositories('ftp://addons.example')).toMatch(/is no repository/);
});

import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/shared/user-error';
import { compareVersions, readManifest } from '../../../src/main/addons/manifest';
import { temporaryFolder } from '../../helpers/temporary-folder';

const GOOD = {
  schemaVersion: 1,
  id: 'good',
  version: '1.2.3',
  name: 'Good',
  tagline: 'Does good',
  author: 'A. Uthor',
  license: 'MIT',
  category: 'Testing',
  api: '^1',
  main: 'main.mjs',
};

async function read(addonJson: unknown, hostVersion = '1.0.0'): Promise<unknown> {
  const folder = join(temporaryFolder(), 'here');
  await mkdir(folder);
  await writeFile(join(folder, 'main.mjs'), '');
  if (addonJson !== undefined)
    await writeFile(join(folder, 'addon.json'), typeof addonJson === 'string' ? addonJson : JSON.stringify(addonJson));
  return readManifest(folder, hostVersion);
}

test('a good one is read, with what it leaves out filled in', async () => {
  expect(await read(GOOD)).toEqual({ ...GOOD, permissions: {}, preferences: [] });
});

/** Text preferences whose defaults do not fit the pattern. */
const texts = (count: number, pattern: string): unknown[] =>
  Array.from({ length: count }, (_, i) => ({
    key: `p${i}`,
    type: 'string',
    label: 'P',
    default: 'a'.repeat(40),
    pattern,
  }));

test('patterns are not run on defaults: whoever wrote one wrote the other', async () => {
  await expect(read({ ...GOOD, preferences: texts(100, '(?:a+)+b') })).resolves.toMatchObject({ id: 'good' });
});

const preference = { key: 'size', type: 'integer', label: 'Size', default: 5, min: 1 };

test.each<[string, unknown, RegExp]>([
  ['is missing', undefined, /its addon\.json cannot be read/],
  ['is not JSON', '{ "id": ', /is not JSON/],
  ['is too long', ' '.repeat(300_000), /has 300000 bytes; at most 262144 are read/],
  ['is a list', [], /an object is expected/],
  ['lacks a field', { ...GOOD, author: undefined }, /“author” is wrong/],
  ['has a field too many', { ...GOOD, autor: 'x' }, /autor/],
  ['has a bad id', { ...GOOD, id: 'Good Add-on' }, /“id” is wrong: an id has small letters/],
  ['has the id of a device of Windows', { ...GOOD, id: 'con' }, /“id” is wrong: .*Windows/],
  ['was made for another API', { ...GOOD, api: '^2' }, /“api” is wrong/],
  [
    'has a main outside of its folder',
    { ...GOOD, main: '../main.mjs' },
    /“main” is wrong: main is a .js or .mjs file inside/,
  ],
  ['has a main that is not there', { ...GOOD, main: 'other.mjs' }, /its main module “other.mjs” is not there/],
  [
    'needs a later program',
    { ...GOOD, hostVersionMin: '1.0.1' },
    /it needs Framegauge 1\.0\.1 or later, and this is 1\.0\.0/,
  ],
  ['has a version with more after it', { ...GOOD, version: '1.0.0foo' }, /a version has the form 1\.2\.3/],
  ['needs an earlier program', { ...GOOD, hostVersionMax: '0.9.0' }, /up to 0\.9\.0/],
  ['asks for an unknown permission', { ...GOOD, permissions: { camera: 'x' } }, /camera/],
  [
    'declares a preference twice',
    { ...GOOD, preferences: [preference, preference] },
    /declares the preference “size” twice/,
  ],
  [
    'has a default that its own rule forbids',
    { ...GOOD, preferences: [{ ...preference, default: 0 }] },
    /the default of its preference “size” is not allowed.*the smallest is 1/,
  ],
  [
    'has a default of the wrong type',
    { ...GOOD, preferences: [{ ...preference, default: '5' }] },
    /“preferences\[0\]\.default” is wrong/,
  ],
  ['has too many preferences', { ...GOOD, preferences: texts(101, 'x') }, /“preferences” is wrong/],
  [
    'has too long a pattern',
    { ...GOOD, preferences: texts(1, 'x'.repeat(501)) },
    /“preferences\[0\]\.pattern” is wrong/,
  ],
  [
    'has an enum whose default is none of it',
    { ...GOOD, preferences: [{ key: 'mode', type: 'enum', label: 'Mode', default: 'c', values: ['a'] }] },
    /choose one of a/,
  ],
])('one that %s is refused in one sentence with its folder', async (_what, addonJson, message) => {
  const error = await read(addonJson).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/^The add-on in “here” cannot be used: .*\.$/s);
});

test('versions have the precedence of Semantic Versioning', async () => {
  const rising =
    '0.9.0 1.0.0-1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.9.9 1.10.0'.split(
      ' ',
    );
  for (const [i, a] of rising.entries())
    for (const [j, b] of rising.entries()) expect(Math.sign(compareVersions(a, b)), `${a} ${b}`).toBe(Math.sign(i - j));
  expect(compareVersions('1.0.0+build-1', '1.0.0+build-2')).toBe(0);
});

test('a pre-release of the program is taken for its release', async () => {
  for (const limit of ['hostVersionMin', 'hostVersionMax'])
    expect(await read({ ...GOOD, [limit]: '1.0.0' }, '1.0.0-beta.2')).toMatchObject({ [limit]: '1.0.0' });
});

test.skipIf(process.platform === 'win32')(
  'one that is a pipe is refused, and nobody waits for its writer',
  async () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'addon.json')]);
    await expect(readManifest(folder, '1.0.0')).rejects.toThrow(/its addon\.json cannot be read \(.*is not a file/);
  },
);

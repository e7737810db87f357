import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAddon } from '../../../../src/main/addons/kit/check-addon';
import { authorFolder } from './author-folder';

const REGISTER = 'export const register = () => undefined;\n';

async function findings(files: Readonly<Record<string, string>>, manifest: object = {}): Promise<string[]> {
  const checked = await checkAddon(authorFolder(files, manifest), '0.1.0');
  return checked.findings.map(({ level, text }) => `${level}: ${text}`);
}

describe('checking an add-on', () => {
  it('has nothing to say about one that is in order', async () => {
    expect(await findings({ 'main.mjs': `import { basename } from 'node:path';\n${REGISTER}` })).toEqual([]);
  });

  it('finds permissions that are used but not asked for', async () => {
    const code = `import { spawn } from 'node:child_process';\nimport net from 'net';\nimport 'node:fs/promises';\nfetch('http://a');\n${REGISTER}`;
    expect(await findings({ 'main.mjs': code })).toEqual([
      'error: main.mjs:1:23 uses node:child_process, but addon.json does not ask for the permission “processes”: add it with the reason that people are shown.',
      'error: main.mjs:2:17 uses net, but addon.json does not ask for the permission “network”: add it with the reason that people are shown.',
      'error: main.mjs:4:1 uses fetch, but addon.json does not ask for the permission “network”: add it with the reason that people are shown.',
      'note: main.mjs:3:8 uses node:fs/promises: without the permission “files” it reaches the add-on’s own folder and its storage folder, nothing else.',
    ]);
    expect(
      await findings({ 'main.mjs': code }, { permissions: { network: 'To post', processes: 'To encode' } }),
    ).toEqual([expect.stringMatching(/^note: main\.mjs:3:8/)]);
  });

  it('finds a default that its own pattern forbids, which the host does not look at', async () => {
    const word = { key: 'word', type: 'string', label: 'Word', default: 'A', pattern: '[a-z]+' };
    const manifest = { preferences: [word, { ...word, key: 'unset', default: '' }] };
    expect(await findings({ 'main.mjs': REGISTER }, manifest)).toEqual([
      'error: The default of the preference “word” is not allowed. “A” does not fit “Word”: it must match [a-z]+.',
    ]);
  });

  it('finds permissions that are asked for but not used', async () => {
    expect(await findings({ 'main.mjs': REGISTER }, { permissions: { network: 'Just so' } })).toEqual([
      expect.stringMatching(/^warning: addon\.json asks for “network”/),
    ]);
  });

  it('finds jobs that are used but not asked for, or with more access', async () => {
    const files = {
      'main.mjs': `export function register(host) {\n  host.jobs.list();\n  host.images.read(1, 1);\n}\n`,
      'clean.mjs': 'export const clean = (ctx) =>\n  ctx.jobs.remove(1);\n',
    };
    expect(await findings(files)).toEqual([
      expect.stringMatching(/^error: clean\.mjs:2:3 uses ctx\.jobs\.remove, .* “jobs” with the access “control”/),
      expect.stringMatching(/^error: main\.mjs:2:3 uses ctx\.jobs\.list, .* “jobs” with the access “read”/),
      expect.stringMatching(/^error: main\.mjs:3:3 uses ctx\.images\.read, .* “jobs” with the access “read”/),
    ]);
    const jobs = (access: string): object => ({ permissions: { jobs: { reason: 'To clean up', access } } });
    expect(await findings(files, jobs('read'))).toEqual([
      'error: clean.mjs:2:3 uses ctx.jobs.remove, but addon.json asks for the permission “jobs” with the access “read”: it needs “control”.',
    ]);
    expect(await findings(files, jobs('control'))).toEqual([]);
  });

  it.each([
    ['is not used at all', '', /but nothing in it seems to use it/],
    ['needs less', 'ctx.jobs.list();', /but nothing in it seems to need more than “read”/],
  ])('finds access to jobs that %s', async (_what, code, sentence) => {
    const jobs = { permissions: { jobs: { reason: 'Just so', access: 'control' } } };
    expect(await findings({ 'main.mjs': `export function register(ctx) { ${code} }` }, jobs)).toEqual([
      expect.stringMatching(sentence),
    ]);
    expect(await findings({ 'main.mjs': `export function register(ctx) { start(ctx.jobs); }` }, jobs)).toEqual([]);
  });

  it('tells what the folders of jobs are to one that submits some', async () => {
    const asks = (access: string): object => ({
      permissions: { files: { reason: 'To look', read: ['output'], write: [] }, jobs: { reason: 'To add', access } },
    });
    const code = `import 'node:fs';\nexport const register = (ctx) => ctx.jobs.list(ctx.jobs.submit);`;
    const warnings = async (access: string) =>
      (await findings({ 'main.mjs': code }, asks(access))).filter((text) => text.includes('stands for'));
    expect(await warnings('control')).toEqual([
      expect.stringMatching(/^warning: “output” in “files” stands for the preferred output folder alone/),
    ]);
    expect(await warnings('read')).toEqual([]);
  });

  it('finds a path to choose that cannot be reached', async () => {
    const preferences = [{ key: 'report', type: 'path', label: 'Report', default: '' }];
    const code = `import { writeFile } from 'node:fs/promises';\n${REGISTER}`;
    expect(await findings({ 'main.mjs': code }, { preferences })).toEqual([
      expect.stringMatching(/^warning: The preference “report” is a path, .* permission “files”/),
      expect.stringMatching(/^note: main\.mjs:1:27/),
    ]);
  });

  it('does not take tests for part of it', async () => {
    expect(await findings({ 'main.mjs': REGISTER, 'test/main.test.mjs': `import 'node:http';` })).toEqual([]);
  });

  it('finds packages that would not be packed, that are missing, and what others use', async () => {
    const found = await findings({
      'main.mjs': `import 'undeclared/part';\nimport '@studio/mailer';\n${REGISTER}`,
      'package.json': '{"dependencies": {"@studio/mailer": "1.0.0", "gone": "1.0.0"}}',
      'node_modules/@studio/mailer/package.json': '{"name": "@studio/mailer", "main": "index.js"}',
      'node_modules/@studio/mailer/index.js': `const net = require('node:net');`,
      'node_modules/undeclared/part.js': '',
    });
    expect(found).toEqual([
      'error: package.json names the dependency “gone”, which is not in node_modules: run “npm install”.',
      'error: main.mjs:1:8 imports “undeclared/part”, which would not be packed: add it to the dependencies of package.json with “npm install undeclared”.',
      'warning: The package “@studio/mailer” uses node:net, but addon.json does not ask for the permission “network”: add it with the reason that people are shown.',
    ]);
  });

  it.each([
    ['no function register', { 'main.mjs': 'export const start = 1;' }, /exports no function named “register”/],
    ['code that cannot be read', { 'main.mjs': 'export cons x' }, /main\.mjs is not JavaScript .*\(1:7\)/],
    ['native code', { 'main.mjs': REGISTER, 'fast.node': '\x7fELF' }, /fast\.node is native code/],
  ])('finds %s', async (_what, files, sentence) => {
    expect(await findings(files as Record<string, string>)).toEqual([expect.stringMatching(sentence)]);
  });

  it('takes types for what TypeScript says, where it is installed', async () => {
    const folder = authorFolder({
      'main.mjs': `/** @param {{ log: string }} ctx */\nexport function register(ctx) {\n  ctx.lgo;\n}\n`,
      'jsconfig.json': '{"compilerOptions": {"checkJs": true, "noEmit": true, "types": []}, "include": ["*.mjs"]}',
    });
    const check = async (): Promise<string[]> => (await checkAddon(folder, '0.1.0')).findings.map(({ text }) => text);
    expect(await check()).toEqual([expect.stringMatching(/^Types were not checked/)]);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve('node_modules/typescript'), join(folder, 'node_modules/typescript'));
    expect(await check()).toEqual([expect.stringMatching(/^main\.mjs\(3,7\): error TS\d+: .*lgo/)]);
  });

  it('refuses a folder that holds no add-on, and links', async () => {
    const folder = authorFolder({ 'main.mjs': REGISTER });
    await expect(checkAddon(join(folder, 'none'), '0.1.0')).rejects.toThrow('There is no addon.json in');
    symlinkSync('/etc/passwd', join(folder, 'words.txt'));
    await expect(checkAddon(folder, '0.1.0')).rejects.toThrow('“words.txt” is a link or no file');
    writeFileSync(join(folder, 'addon.json'), '{');
    await expect(checkAddon(folder, '0.1.0')).rejects.toThrow('is not JSON');
  });
});

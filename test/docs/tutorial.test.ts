import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Addon } from '../../src/shared/addons';
import { startCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { temporaryFolder } from '../helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '../..');

/** The tutorial's blocks of code in one language, each once, in its order. */
function blocksOf(language: string): string[] {
  const text = readFileSync(join(ROOT, 'docs/addons/tutorial.md'), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block!.trim());
}

interface Shell {
  readonly folder: string;
  /** Runs a block as it is printed. @returns what it prints @throws when a command in it fails */
  run(block: string, env?: NodeJS.ProcessEnv): Promise<string>;
  /** Where the last block has left off. */
  cwd(): string;
}

/** A shell in a folder of its own, in which `framegauge` is the built program. */
function openShell(): Shell {
  const folder = realpathSync(temporaryFolder());
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'framegauge'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'bin/framegauge.mjs')}" "$@"\n`,
  );
  chmodSync(join(bin, 'framegauge'), 0o755);
  let cwd = folder;
  const left = join(folder, 'cwd');
  return {
    folder,
    cwd: () => cwd,
    async run(block, env = {}) {
      const { stdout } = await promisify(execFile)('/bin/sh', ['-ec', `${block}\npwd > "${left}"`], {
        cwd,
        env: {
          ...process.env,
          PATH: `${bin}:${process.env['PATH']}`,
          FRAMEGAUGE_DATA: join(folder, 'data'),
          ...env,
        },
      });
      cwd = readFileSync(left, 'utf8').trim();
      return stdout;
    },
  };
}

/** Replaces a text that is there once, as an editor would. */
function edit(file: string, text: string | RegExp, change: string): void {
  const before = readFileSync(file, 'utf8');
  const found =
    before.match(typeof text === 'string' ? new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g') : text) ??
    [];
  expect(found, `${String(text)} in ${file}`).toHaveLength(1);
  writeFileSync(
    file,
    before.replace(text, () => change),
  );
}

// The commands are printed for a Unix shell.
describe.skipIf(process.platform === 'win32')('the tutorial for authors', () => {
  it('leads from an empty folder to an add-on that a studio installs, updates, takes back and uninstalls', async () => {
    const shell = openShell();
    const [create, dev, curl, test, pack, installFile, shelve, installFromShelf, next, update, ...more] =
      blocksOf('sh');
    const [times, status, route, ...others] = blocksOf('js');
    expect([more, others], 'every block is taken').toEqual([[], []]);
    const data = join(shell.folder, 'data');

    expect(await shell.run(create!)).toContain('main.mjs');
    const folder = shell.cwd();
    expect(folder).toBe(join(shell.folder, 'studio-notes'));

    expect(dev).toBe('framegauge addons dev .');
    const running = startCli(['addons', 'dev', folder], { FRAMEGAUGE_DATA: data });
    const [, origin, token] = await running.printed(/(http:\/\/[^\s/]+)\/\S*#token=(\S+)/);
    await running.printed(/Studio Notes .*running/i);
    const main = join(folder, 'main.mjs');
    edit(main, '  let count = 0;\n', `  let count = 0;\n${times}\n`);
    edit(main, /ctx\.status\(\{ level: 'ok', text: `\$\{count\} frames[^\n]*\n/g, `${status}\n`);
    edit(main, '  ctx.handlers.on(\n', `${route}\n  ctx.handlers.on(\n`);
    await running.printed(/Changed: starting it again\.\n[^]*running/i);
    const isServed = async (): Promise<true | null> =>
      (await fetch(`${origin}/addons/studio-notes/times`, { headers: { authorization: `Bearer ${token}` } })).ok ||
      null;
    await eventually('the route of the changed add-on', isServed, 60_000);
    const printed = await shell.run(curl!.replace('http://127.0.0.1:7878', origin!), { TOKEN: token });
    expect(JSON.parse(printed)).toEqual({ times: [] });
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });

    const own = join(folder, 'test/main.test.mjs');
    edit(own, '2 frames written, the last one of shot.glb', '2 frames written, 2.0 s on average');
    edit(own, '  const ctx = {\n', '  const ctx = {\n    http: { route: () => undefined },\n');
    await shell.run(test!);
    expect(await shell.run('framegauge addons check .')).toContain('Studio Notes 0.1.0 is in order.');
    expect(await shell.run(pack!)).toContain('studio-notes-0.1.0.zip');

    const host = startCli(['serve', '--port', '0'], { FRAMEGAUGE_DATA: data });
    await host.printed(/http:\/\/\S+/);
    const listed = async (): Promise<Addon | undefined> =>
      (JSON.parse(await shell.run('framegauge addons list --json')) as Addon[]).find(
        ({ manifest }) => manifest.id === 'studio-notes',
      );
    await shell.run(installFile!);
    expect(await listed()).toMatchObject({ state: 'running', manifest: { version: '0.1.0' } });
    // Somebody else, who has the shelf only.
    await shell.run('framegauge addons uninstall studio-notes');
    expect(await listed()).toBeUndefined();
    expect(await shell.run(shelve!)).toContain('1 add-on in');
    expect(await shell.run(installFromShelf!)).toContain('Studio Notes');
    await shell.run('framegauge addons enable studio-notes');

    edit(join(folder, 'addon.json'), '"version": "0.1.0"', '"version": "0.2.0"');
    expect(await shell.run(next!)).toContain('2 add-ons in');
    const steps = update!.split('\n');
    expect(steps).toHaveLength(3);
    await shell.run(steps[0]!);
    expect(await listed()).toMatchObject({ state: 'running', manifest: { version: '0.2.0' } });
    await shell.run(steps[1]!);
    expect(await listed()).toMatchObject({ state: 'running', manifest: { version: '0.1.0' } });
    await shell.run(steps[2]!);
    expect(await listed()).toBeUndefined();
    expect(existsSync(join(data, 'addons', 'studio-notes'))).toBe(false);
  });
});

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../../../helpers/cli';
import { startControlHost } from '../../../helpers/control-host';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** Ends a command as Ctrl+C does; settles with its exit code. */
async function interrupt(started: ReturnType<typeof startCli>): Promise<number | null> {
  started.process.kill('SIGINT');
  return (await started.ended).code;
}

async function created(...options: string[]): Promise<string> {
  const folder = join(temporaryFolder(), 'studio-notes');
  expect((await runCli(['addons', 'create', folder, ...options])).code).toBe(0);
  return folder;
}

describe('addons dev', () => {
  it('runs an add-on in a host of its own, starts it again at a change, and leaves nothing', async () => {
    const folder = await created('--typescript');
    const temporary = temporaryFolder();
    const leftovers = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('framegauge-dev-'));
    const dev = startCli(['addons', 'dev', folder], {
      FRAMEGAUGE_DATA: join(temporary, 'data'),
      TMPDIR: temporary,
    });
    await dev.printed(/A host of its own runs with its UI at http/);
    await dev.printed(/Studio Notes 0\.1\.0: running/);
    expect(leftovers()).toHaveLength(1);
    writeFileSync(
      join(folder, 'src/main.ts'),
      `export function register(ctx: { log: { info(text: string): void } }): void { ctx.log.info('changed word'); }`,
    );
    await dev.printed(/Changed: starting it again\.[^]*info {2}changed word/);
    writeFileSync(join(folder, 'src/main.ts'), 'enum Colour { Red }');
    await dev.printed(/Changed: starting it again\.[^]*Changed: starting it again\./);
    expect(await interrupt(dev)).toBe(0);
    expect((await dev.ended).stderr).toContain('src/main.ts:1:1 cannot be read');
    expect(leftovers()).toEqual([]);
  });

  it('links it into the host that runs, for as long as it runs itself', async () => {
    const control = await startControlHost();
    const data = join(control.folder, 'data');
    const ids = async (): Promise<string[]> =>
      ((await control.ask('GET', '/api/v1/addons')).json as { manifest: { id: string } }[]).map(
        ({ manifest }) => manifest.id,
      );
    const before = await ids();
    const dev = startCli(['--data', data, 'addons', 'dev', await created()]);
    await dev.printed(/Linked into the host at http/);
    await dev.printed(/Studio Notes 0\.1\.0: running/);
    expect(await ids()).toContain('studio-notes');
    expect(await interrupt(dev)).toBe(0);
    expect(await ids()).toEqual(before);
  });

  it('refuses what is no add-on before it starts a host', async () => {
    const result = await runCli(['addons', 'dev', temporaryFolder(), '--own']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('There is no addon.json in');
  });
});

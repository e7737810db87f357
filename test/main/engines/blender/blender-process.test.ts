import { access, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { isAlive } from '../../../../src/main/processes/is-alive';
import {
  PYTHON_EXIT_CODE,
  removeAbandonedFolders,
  startBlender,
  type BlenderProcess,
  type BlenderProcessOptions,
} from '../../../../src/main/engines/blender/blender-process';
import { TemporaryFolderError } from '../../../../src/main/engines/temporary-folder';
import { needs, pathOf } from '../../../helpers/needs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const running: BlenderProcess[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map((blender) => blender.close()));
});

async function start(script: string, options: Partial<BlenderProcessOptions> = {}): Promise<BlenderProcess> {
  const blender = await startBlender({
    factoryStartup: true,
    allowScripts: false,
    script,
    ...options,
    executable: options.executable ?? pathOf('blender'),
  });
  running.push(blender);
  return blender;
}

it('says which program could not be started', async () => {
  await expect(
    startBlender({ executable: '/no/such/blender', factoryStartup: true, allowScripts: false, script: '' }),
  ).rejects.toThrow(/Blender at “\/no\/such\/blender” could not be started/);
});

it('says that its temporary files could not be written, which is no fault of the program', async () => {
  const missing = join(temporaryFolder(), 'missing');
  vi.stubEnv('TMPDIR', missing);
  const error = await start('', { executable: '/bin/true' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TemporaryFolderError);
  expect((error as Error).message).toBe(
    `The folder for temporary files (TMPDIR) ${missing} cannot be written to (the path does not exist and cannot be made): free space there, or name another folder in TMPDIR.`,
  );
});

it('removes what Blenders of killed hosts left, and nothing of a running one', async () => {
  vi.stubEnv('HOME', temporaryFolder());
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  const left = join(folder, 'framegauge-blender-left');
  await mkdir(left, { mode: 0o700 });
  await writeFile(join(left, 'in-use.lock'), '');
  const blender = await start('', { executable: process.execPath });
  await Promise.all([left, blender.folder].map((one) => utimes(join(one, 'in-use.lock'), 1, 1)));
  await removeAbandonedFolders();
  expect(await readdir(folder)).toEqual([basename(blender.folder)]);
  await blender.close();
  expect(await readdir(folder)).toEqual([]);
});

it('gives a Flatpak, which has a /tmp of its own, a folder in the home folder', async () => {
  const home = temporaryFolder();
  vi.stubEnv('HOME', home);
  const executable = join(home, 'org.blender.Blender');
  await writeFile(executable, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const blender = await start('', { executable });
  expect(dirname(blender.folder)).toBe(join(home, '.cache', 'framegauge'));
  await blender.ended;
  await blender.close();
  await expect(access(blender.folder)).rejects.toThrow('ENOENT');
});

needs.blender('a Blender that runs a script', () => {
  it('runs it with its arguments and environment, in a folder that goes with it', async () => {
    const lines: string[] = [];
    const blender = await start(
      "import bpy, os, sys\nprint('args', sys.argv[sys.argv.index('--') + 1:], os.environ['SECRET'], bpy.app.tempdir, bpy.context.preferences.filepaths.use_scripts_auto_execute)",
      {
        scriptArguments: ['a b', 'c'],
        env: { SECRET: 'known' },
        onLine: (line) => lines.push(line),
      },
    );
    expect((await stat(blender.folder)).mode & 0o777).toBe(0o700);
    expect(await blender.ended).toEqual({ code: 0, signal: null });
    const said = lines.find((line) => line.startsWith('args'));
    expect(said).toContain("args ['a b', 'c'] known ");
    expect(said).toContain(blender.folder);
    expect(said).toMatch(/False$/);
    expect(blender.log()).toEqual(lines);
    await blender.close();
    await expect(access(blender.folder)).rejects.toThrow(/ENOENT/);
  });

  it('tells by the exit code that the script raised', async () => {
    const blender = await start("raise ValueError('not today')", { allowScripts: true });
    expect(await blender.ended).toEqual({ code: PYTHON_EXIT_CODE, signal: null });
    expect(blender.log().join('\n')).toContain('ValueError: not today');
  });

  it('ends at once, with what it started', async () => {
    let child = 0;
    let blender: BlenderProcess | undefined;
    await new Promise<void>((resolve) => {
      const onLine = (line: string): void => {
        child = Number(/^child (\d+)/.exec(line)?.[1] ?? child);
        if (child > 0) resolve();
      };
      void start(
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '1000'])\nprint('child', child.pid, flush=True)\ntime.sleep(1000)",
        { onLine },
      ).then((started) => {
        blender = started;
      });
    });
    if (!blender) throw new Error('it printed before it was started');
    await blender.close();
    expect(await blender.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const { pid } = blender;
    expect(isAlive(pid)).toBe(false);
    // A process that has ended is there until its adopter has noticed.
    await expect.poll(() => alive(child), { timeout: 10_000 }).toBe(false);
  });
});

async function alive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return status !== null && !/^\d+ \(.*\) [ZX]/.test(status);
}

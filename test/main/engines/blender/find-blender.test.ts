import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../../src/main/processes/is-alive';
import type { InstallLocations } from '../../../../src/main/engines/blender/install-locations';
import { createBlenderFinder } from '../../../../src/main/engines/blender/find-blender';
import { needs, pathOf } from '../../../helpers/needs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A program that answers to `--version`. */
async function program(
  path: string,
  script = 'echo "Blender 4.2.3 LTS"; echo "	build date: 2024-10-14"',
): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const blender = (path: string, version: string): Promise<string> => program(path, `echo "Blender ${version}"`);

interface Machine {
  readonly folder: string;
  finder(
    registered?: string,
    env?: NodeJS.ProcessEnv,
    platform?: NodeJS.Platform,
  ): ReturnType<typeof createBlenderFinder>;
}

/** A machine that has nothing but what a test puts there. */
function machine(): Machine {
  const folder = temporaryFolder();
  return {
    folder,
    finder(registered = '', env = {}, platform = 'linux') {
      const locations: InstallLocations = {
        env: { PATH: '', ...env },
        platform,
        home: join(folder, 'home'),
        root: join(folder, 'root'),
      };
      return createBlenderFinder({ registered: () => registered, locations, timeout: 20 });
    },
  };
}

describe('the finder of Blenders', () => {
  it('finds none where there is none', async () => {
    expect(await machine().finder().list()).toEqual([]);
  });

  it('prefers the environment to the preference, that to the PATH, and that to the usual locations', async () => {
    const { folder, finder } = machine();
    const [a, b, c, d] = await Promise.all([
      blender(join(folder, 'mine/blender-a'), '3.6.0'),
      blender(join(folder, 'other/blender'), '4.1.1'),
      blender(join(folder, 'bin/blender'), '3.4.1'),
      blender(join(folder, 'root/usr/bin/blender'), '2.93.18'),
    ]);
    const found = await finder(b, { FRAMEGAUGE_BLENDER: a, PATH: join(folder, 'bin') }).list();
    expect(found).toEqual([
      {
        id: 'blender-3.6.0',
        engine: 'blender',
        name: 'Blender 3.6.0',
        version: '3.6.0',
        path: a,
        source: 'environment',
        problem: null,
        default: true,
      },
      {
        id: 'blender-4.1.1',
        engine: 'blender',
        name: 'Blender 4.1.1',
        version: '4.1.1',
        path: b,
        source: 'preference',
        problem: null,
        default: false,
      },
      {
        id: 'blender-3.4.1',
        engine: 'blender',
        name: 'Blender 3.4.1',
        version: '3.4.1',
        path: c,
        source: 'path',
        problem: null,
        default: false,
      },
      {
        id: 'blender-2.93.18',
        engine: 'blender',
        name: 'Blender 2.93.18',
        version: '2.93.18',
        path: d,
        source: 'usual-place',
        problem: null,
        default: false,
      },
    ]);
  });

  it('looks nowhere but in the preference when it is told to look for none', async () => {
    const { folder, finder } = machine();
    await blender(join(folder, 'bin/blender'), '3.4.1');
    const env = { FRAMEGAUGE_BLENDER: 'none', PATH: join(folder, 'bin') };
    expect(await finder('', env).list()).toEqual([]);
    expect(await finder(join(folder, 'bin/blender'), env).list()).toMatchObject([
      { id: 'blender-3.4.1', source: 'preference' },
    ]);
  });

  it('takes several in the preference, folders and paths with quotes and ~ among them', async () => {
    const { folder, finder } = machine();
    await blender(join(folder, 'home/blender 4/blender'), '4.0.2');
    await blender(join(folder, 'archive/blender'), '3.3.0');
    const found = await finder(`"~/nothing"; '${join(folder, 'archive')}' ;~/blender 4/blender;`).list();
    expect(found.map(({ id, problem }) => [id, problem === null])).toEqual([
      ['blender-unknown', false],
      ['blender-3.3.0', true],
      ['blender-4.0.2', true],
    ]);
    expect(found.find((one) => one.default)?.id).toBe('blender-3.3.0');
  });

  it('gives two of one version names of their own, and lists one program once', async () => {
    const { folder, finder } = machine();
    const real = await blender(join(folder, 'root/opt/blender-4.2/blender'), '4.2.0');
    await blender(join(folder, 'root/opt/blender-copy/blender'), '4.2.0');
    await mkdir(join(folder, 'bin'));
    await symlink(real, join(folder, 'bin/blender'));
    const found = await finder('', { PATH: join(folder, 'bin') }).list();
    expect(found.map(({ id, path, source }) => [id, path, source])).toEqual([
      ['blender-4.2.0', real, 'path'],
      ['blender-4.2.0-2', join(folder, 'root/opt/blender-copy/blender'), 'usual-place'],
    ]);
  });

  it('calls a link by its own name where it leads to a program that goes by names', async () => {
    const { folder, finder } = machine();
    const snap = await program(
      join(folder, 'root/usr/bin/snap'),
      'case "$0" in */blender) echo "Blender 4.2.1";; *) echo usage; exit 1;; esac',
    );
    await mkdir(join(folder, 'root/snap/bin'), { recursive: true });
    await symlink(snap, join(folder, 'root/snap/bin/blender'));
    expect((await finder().list()).map(({ id, path }) => [id, path])).toEqual([
      ['blender-4.2.1', join(folder, 'root/snap/bin/blender')],
    ]);
  });

  it('looks where archives, Steam and Flatpak put it on Linux, the newest of those beside each other first', async () => {
    const { folder, finder } = machine();
    await blender(join(folder, 'root/opt/blender-3.6.10-linux-x64/blender'), '3.6.10');
    await blender(join(folder, 'root/opt/blender-3.6.9-linux-x64/blender'), '3.6.9');
    await blender(join(folder, 'home/blender-4.4.0-linux-x64/blender'), '4.4.0');
    await blender(join(folder, 'home/.local/share/Steam/steamapps/common/Blender/blender'), '4.3.0');
    await blender(join(folder, 'root/var/lib/flatpak/exports/bin/org.blender.Blender'), '4.1.0');
    expect((await finder().list()).map(({ version }) => version)).toEqual([
      '3.6.10',
      '3.6.9',
      '4.4.0',
      '4.3.0',
      '4.1.0',
    ]);
  });

  it('looks where macOS and Windows have their programs', async () => {
    const { folder, finder } = machine();
    await blender(join(folder, 'root/Applications/Blender.app/Contents/MacOS/Blender'), '4.2.0');
    await blender(join(folder, 'root/Applications/Blender 3/Blender.app/Contents/MacOS/Blender'), '3.6.0');
    await blender(join(folder, 'home/Applications/Blender-4.5.app/Contents/MacOS/Blender'), '4.5.0');
    expect((await finder('', {}, 'darwin').list()).map(({ version }) => version)).toEqual(['4.2.0', '4.5.0', '3.6.0']);
    expect((await finder(join(folder, 'root/Applications/Blender.app'), {}, 'darwin').list())[0]).toMatchObject({
      version: '4.2.0',
      source: 'preference',
    });
    await blender(join(folder, 'Programs/Blender Foundation/Blender 4.2/blender.exe'), '4.2.0');
    await blender(join(folder, 'Programs/Blender Foundation/Blender 4.10/blender.exe'), '4.10.0');
    expect(
      (await finder('', { PROGRAMFILES: join(folder, 'Programs') }, 'win32').list()).map(({ version }) => version),
    ).toEqual(['4.10.0', '4.2.0']);
  });

  it('says what is wrong with what was named, and finds the others', async () => {
    const { folder, finder } = machine();
    await blender(join(folder, 'bin/blender'), '3.4.1');
    await writeFile(join(folder, 'text'), 'hello');
    const listing = await program(join(folder, 'listing'), 'echo "listing 9.1"');
    const broken = await program(
      join(folder, 'broken'),
      'echo "error while loading shared libraries: libX" >&2; exit 127',
    );
    const old = await program(join(folder, 'old'), 'echo "Blender 2.79 (sub 0)"');
    const silent = await program(join(folder, 'silent'), 'exit 0');
    const names = [join(folder, 'none'), join(folder, 'text'), listing, broken, old, silent, folder];
    const found = await finder(names.join(';'), {
      PATH: join(folder, 'bin'),
      FRAMEGAUGE_BLENDER: '/nowhere/blender',
    }).list();
    expect(found.map(({ problem }) => problem)).toEqual([
      'FRAMEGAUGE_BLENDER names “/nowhere/blender”, which is not there: let it be the path of a Blender program.',
      `The preference blender.path names “${names[0]}”, which is not there: let it be the path of a Blender program, or leave it empty.`,
      `The preference blender.path names “${names[1]}”, which is not a program: let it be the path of a Blender program, or leave it empty.`,
      `The preference blender.path names “${listing}”, which is not a Blender: asked for its version, it answered “listing 9.1”: let it be the path of a Blender program, or leave it empty.`,
      `The preference blender.path names “${broken}”, which ended with exit code 127 when it was asked for its version (error while loading shared libraries: libX): let it be the path of a Blender program, or leave it empty.`,
      'Blender 2.79 is too old: Framegauge needs 2.93 or later.',
      `The preference blender.path names “${silent}”, which is not a Blender: asked for its version, it answered nothing: let it be the path of a Blender program, or leave it empty.`,
      `The preference blender.path names “${folder}”, which is not a program: let it be the path of a Blender program, or leave it empty.`,
      null,
    ]);
    expect(found.filter((one) => one.default).map(({ id }) => id)).toEqual(['blender-3.4.1']);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  });

  it('gives up on a program that does not answer, and ends what it started', async () => {
    const { folder } = machine();
    const started = join(folder, 'started');
    const path = await program(
      join(folder, 'blender'),
      `sleep 600 & echo $! > "${started}.tmp"; mv "${started}.tmp" "${started}"; wait`,
    );
    const locations: InstallLocations = { env: {}, platform: 'linux', home: folder, root: join(folder, 'root') };
    const [found] = await createBlenderFinder({ registered: () => path, locations, timeout: 1 }).list();
    expect(found?.problem).toContain('which did not tell its version within 1 s');
    const child = Number(await readFile(started, 'utf8'));
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it('asks a program once, until it changes', async () => {
    const { folder } = machine();
    const asked = join(folder, 'asked');
    const path = await program(join(folder, 'bin/blender'), `echo x >> "${asked}"; echo "Blender 3.4.1"`);
    const locations: InstallLocations = {
      env: { PATH: join(folder, 'bin') },
      platform: 'linux',
      home: folder,
      root: join(folder, 'root'),
    };
    let registered = '';
    const finder = createBlenderFinder({ registered: () => registered, locations });
    const times = async (): Promise<number> => (await readFile(asked, 'utf8')).length / 2;
    await finder.list();
    await finder.list();
    expect(await times()).toBe(1);
    registered = path;
    finder.forget();
    expect((await finder.list()).map(({ source }) => source)).toEqual(['preference']);
    expect(await times()).toBe(1);
    await finder.list(true);
    expect(await times()).toBe(2);
    await program(path, `echo x >> "${asked}"; echo "Blender 3.5.0 updated"`);
    finder.forget();
    expect((await finder.list())[0]?.version).toBe('3.5.0');
    expect(await times()).toBe(3);
  });

  it('looks again by itself as long as there is none that works', async () => {
    const { folder, finder } = machine();
    const one = finder();
    expect(await one.list()).toEqual([]);
    const path = await blender(join(folder, 'root/usr/bin/blender'), '3.4.1');
    expect(await one.list()).toMatchObject([{ id: 'blender-3.4.1' }]);
    await rm(path);
    expect(await one.list()).toMatchObject([{ id: 'blender-3.4.1' }]);
    expect(await one.list(true)).toEqual([]);
  });
});

needs.blender('the finder on a machine with Blender', () => {
  it('finds it', async () => {
    const found = await createBlenderFinder({ registered: () => pathOf('blender') }).list();
    expect(found[0]).toMatchObject({
      source: 'preference',
      problem: null,
      default: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });
});

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { driverScript } from '../../../../src/main/engines/blender/driver-script';
import { pythonCache } from '../../../../src/main/engines/blender/python-cache';
import { eachBlender, pathOf } from '../../../helpers/needs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

afterEach(() => vi.unstubAllEnvs());

const SAY = `
import json, os, sys
print('SAID', json.dumps({
    'path': sys.path,
    'names': sorted(name for name in os.environ if 'PYTHON' in name),
    'kept': os.environ.get('PYTHONKEPT'),
    'user_site': sys.flags.no_user_site,
    'compiled': sum(1 for module in list(sys.modules.values())
        if str(getattr(module, '__cached__', '')).startswith(os.environ['CACHE']) and os.path.exists(module.__cached__)
        and 'framegauge_driver' not in module.__name__),
}))
`;
interface Said {
  readonly path: readonly string[];
  readonly names: readonly string[];
  readonly kept: string | null;
  readonly user_site: number;
  readonly compiled: number;
}

eachBlender('a Blender whose version is known', () => {
  it('finds its modules compiled, and is like another otherwise', async () => {
    const cache = temporaryFolder();
    vi.stubEnv('XDG_CACHE_HOME', cache);
    vi.stubEnv('PYTHONKEPT', 'as it is');
    vi.stubEnv('PYTHONDONTWRITEBYTECODE', '1');
    const executable = pathOf('blender');
    const { script, modules } = driverScript('inspect_file');
    async function say(version: string | null): Promise<Said> {
      const lines: string[] = [];
      const blender = await startBlender({
        executable,
        version,
        factoryStartup: true,
        allowScripts: false,
        script: script.replace(/\nmain\(.*\)\n$/, SAY),
        modules,
        env: { CACHE: cache },
        onLine: (line) => lines.push(line),
      });
      await blender.ended;
      await blender.close();
      return JSON.parse(lines.find((line) => line.startsWith('SAID'))!.slice(4)) as Said;
    }
    const version = /Blender (\S+)/.exec(execFileSync(executable, ['--version'], { encoding: 'utf8' }))![1]!;
    const without = await say(null);
    expect(without).toMatchObject({ compiled: 0, kept: 'as it is' });
    const first = await say(version);
    expect(first.compiled).toBeGreaterThan(100);
    expect({ ...first, compiled: 0 }).toEqual(without);
    const kept = (await readdir(cache, { recursive: true })).sort();
    expect(kept.some((file) => /framegauge_driver.inspect_file\..*pyc$/.test(file))).toBe(true);
    expect(await say(version)).toEqual(first);
    // The driver's too: nothing is compiled again.
    expect((await readdir(cache, { recursive: true })).sort()).toEqual(kept);
  });
});

describe('the folder of what Python compiled', () => {
  it('lets a newer Blender see nothing else of the environment', async () => {
    const env = { XDG_CACHE_HOME: temporaryFolder(), PYTHONPATH: '/elsewhere', PYTHONHOME: '/nowhere', HOME: '/root' };
    const { args, env: further } = (await pythonCache('4.2.1', env))!;
    expect(args).toEqual(['--python-use-system-env']);
    expect(further).toMatchObject({ PYTHONPATH: undefined, PYTHONHOME: undefined, PYTHONNOUSERSITE: '1' });
    expect(JSON.parse(further['FRAMEGAUGE_PYTHON']!)).toEqual({ PYTHONPATH: '/elsewhere', PYTHONHOME: '/nowhere' });
    expect(further).not.toHaveProperty('HOME');
  });

  it('leaves an older one what it sees', async () => {
    const env = { XDG_CACHE_HOME: temporaryFolder(), PYTHONPATH: '/elsewhere' };
    const { args, env: further } = (await pythonCache('3.6.0', env))!;
    expect(args).toEqual([]);
    expect(further).not.toHaveProperty('PYTHONPATH');
  });

  it('is one for each version', async () => {
    const env = { XDG_CACHE_HOME: temporaryFolder() };
    const [one, other] = [await pythonCache('4.2.1', env), await pythonCache('4.2.2', env)];
    expect(one!.env['PYTHONPYCACHEPREFIX']).not.toBe(other!.env['PYTHONPYCACHEPREFIX']);
  });

  it.skipIf(process.platform === 'win32')('is not used where others can write it', async () => {
    const caches = temporaryFolder();
    const python = join(caches, 'framegauge', 'python');
    await mkdir(join(python, '4.2.1'), { recursive: true });
    await chmod(join(python, '4.2.1'), 0o777);
    expect(await pythonCache('4.2.1', { XDG_CACHE_HOME: caches })).toBeNull();
    await symlink(temporaryFolder(), join(python, '4.2.2'));
    expect(await pythonCache('4.2.2', { XDG_CACHE_HOME: caches })).toBeNull();
    expect(await pythonCache('4.2.3', { XDG_CACHE_HOME: '/proc/none' })).toBeNull();
  });
});

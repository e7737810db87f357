import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alone, inputsHash, isInstalled, runQuietly } from '../../scripts/setup.mjs';
import { temporaryFolder } from '../helpers/temporary-folder';

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

interface Entry {
  version: string;
  integrity?: string;
  optional?: boolean;
}
/** A folder whose lock file asks for `wanted`, and whose npm recorded `present`. */
function clone(wanted: Record<string, Entry>, present: Record<string, Entry>): string {
  const root = temporaryFolder();
  write(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': { version: '1.0.0' }, ...wanted } }));
  write(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: present }));
  for (const path of Object.keys(present)) write(join(root, path, 'package.json'), '{}');
  return root;
}
const a = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };
const b = { 'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' } };

describe('isInstalled', () => {
  it('is content with what the lock file asks for', () => {
    expect(isInstalled(clone({ ...a, ...b }, { ...a, ...b }))).toBe(true);
  });

  it('does without packages for other platforms', () => {
    expect(isInstalled(clone({ ...a, 'node_modules/mac': { version: '1.0.0', optional: true } }, a))).toBe(true);
  });

  it('sees what is missing, different or too much', () => {
    expect(isInstalled(clone({ ...a, ...b }, a))).toBe(false);
    expect(isInstalled(clone(a, { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }))).toBe(false);
    expect(isInstalled(clone(a, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }))).toBe(false);
    expect(isInstalled(clone(a, { ...a, ...b }))).toBe(false);
  });

  it('sees a package that was deleted by hand, and a clone without any', () => {
    const root = clone({ ...a, ...b }, { ...a, ...b });
    rmSync(join(root, 'node_modules/b'), { recursive: true });
    expect(isInstalled(root)).toBe(false);
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(isInstalled(root)).toBe(false);
  });
});

describe('inputsHash', () => {
  it('changes with content and names of what the build reads, and with nothing else', () => {
    const root = temporaryFolder();
    write(join(root, 'src/a.ts'), 'one');
    write(join(root, 'package.json'), '{}');
    const before = inputsHash(root);
    write(join(root, 'README.md'), 'words');
    write(join(root, 'out/main/cli.js'), 'built');
    expect(inputsHash(root)).toBe(before);
    write(join(root, 'src/a.ts'), 'two');
    const changed = inputsHash(root);
    expect(changed).not.toBe(before);
    write(join(root, 'src/a.ts'), 'one');
    expect(inputsHash(root)).toBe(before);
    write(join(root, 'src/deep/b.ts'), '');
    expect(inputsHash(root)).not.toBe(before);
  });
});

describe('alone', () => {
  it('lets one at a time work', async () => {
    const folder = temporaryFolder();
    let working = 0;
    let most = 0;
    const results = await Promise.all(
      [1, 2, 3].map((number) =>
        alone(
          'job',
          async () => {
            working += 1;
            most = Math.max(most, working);
            await new Promise((resolve) => setImmediate(resolve));
            working -= 1;
            return number;
          },
          folder,
        ),
      ),
    );
    expect(results).toEqual([1, 2, 3]);
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets go when the work fails', async () => {
    const folder = temporaryFolder();
    await expect(alone('job', () => Promise.reject(new Error('no')), folder)).rejects.toThrow('no');
    await expect(alone('job', () => Promise.resolve('yes'), folder)).resolves.toBe('yes');
  });

  it('takes over from a process that is gone', async () => {
    const folder = temporaryFolder();
    const ended = await runQuietly(process.execPath, ['-p', 'process.pid']);
    write(join(folder, 'job.lock'), `${ended.stdout.trim()} x`);
    await expect(alone('job', () => Promise.resolve('yes'), folder)).resolves.toBe('yes');
  });

  it('takes over a lock that nobody has touched for long', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'job.lock');
    write(file, `${process.pid} of another machine`);
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(file, old, old);
    await expect(alone('job', () => Promise.resolve('yes'), folder)).resolves.toBe('yes');
    expect(existsSync(file)).toBe(false);
  });
});

describe('runQuietly', () => {
  it('gives code and output', async () => {
    expect(
      await runQuietly(process.execPath, ['-e', 'console.log(1); console.error(2); process.exit(3)']),
    ).toMatchObject({ code: 3, stdout: '1\n', output: expect.stringContaining('2\n') });
  });

  it('says when a tool is missing', async () => {
    expect((await runQuietly('no-such-tool-here', [])).code).toBe(127);
  });

  it('ends what takes too long', async () => {
    expect((await runQuietly(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 300 })).code).toBe(
      124,
    );
  });
});

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputsHash } from '../../scripts/setup.mjs';
import { plainEnvironment } from '../helpers/desktop-app';
import { temporaryFolder } from '../helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '../..');

/** A clone that counts as installed and built, with two test files of its own. */
function makeClone(): string {
  const clone = temporaryFolder();
  for (const name of ['src', 'node_modules', 'package-lock.json', 'tsconfig.json'])
    symlinkSync(join(ROOT, name), join(clone, name));
  for (const name of readdirSync(ROOT).filter((file) => /^(?:vite|electron\.vite)\..*config\.ts$/.test(file)))
    symlinkSync(join(ROOT, name), join(clone, name));
  cpSync(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(clone, 'package.json'));
  writeFileSync(join(clone, 'vitest.config.ts'), 'export default {};');
  mkdirSync(join(clone, 'out'));
  for (const name of readdirSync(join(ROOT, 'out')).filter((part) => !part.startsWith('.')))
    symlinkSync(join(ROOT, 'out', name), join(clone, 'out', name));
  writeFileSync(join(clone, 'out', '.inputs'), inputsHash(clone));
  mkdirSync(join(clone, 'test'));
  cpSync(join(ROOT, 'test/reporter.ts'), join(clone, 'test/reporter.ts'));
  symlinkSync(join(ROOT, 'test/helpers'), join(clone, 'test/helpers'));
  const fine = "import { it } from 'vitest'; it('is fine', () => {}); it('is fine, too', () => {});";
  const broken = "import { it } from 'vitest'; it('is broken', () => { throw new Error('no'); });";
  writeFileSync(join(clone, 'test/fine.test.ts'), fine);
  writeFileSync(join(clone, 'test/broken.test.ts'), broken);
  return clone;
}

/** `npm test -- ARGUMENTS` in such a clone. */
function runTests(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const clone = makeClone();
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(clone, 'scripts/test.mjs'), ...args],
      { cwd: clone, env: plainEnvironment({}) },
      (error, stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), lines: `${stderr}${stdout}`.trimEnd().split('\n') }),
    );
  });
}

describe('npm test -- PATTERN', () => {
  it('runs the files whose path has it, and neither lint nor types', async () => {
    const { code, lines } = await runTests('fine');
    expect(lines.at(-1)).toBe('2 passed, 0 failed, 0 skipped');
    expect(lines.filter((line) => /^(?:lint|format|types): |^Building|^Installing/.test(line))).toEqual([]);
    expect(code).toBe(0);
  });

  it('fails with the test that it runs', async () => {
    const { code, lines } = await runTests('test/broken.test.ts');
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('takes the options of vitest', async () => {
    const { lines } = await runTests('fine', '-t', 'is fine, too');
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  });

  it('fails where no file fits', async () => {
    const { code, lines } = await runTests('nothing-of-that-name');
    expect(lines.join('\n')).toContain('No test files found');
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });
});

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestResult } from '../reporter';
import { plainEnvironment } from '../helpers/desktop-app';
import { temporaryFolder } from '../helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs vitest with our reporter over the given test file. */
async function countsOf(content: string): Promise<TestResult> {
  const folder = temporaryFolder();
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('package.json', '{"type":"module"}');
  write('some.test.ts', content);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'result.json');
  const needs = {
    electron: { path: '/electron' },
    chromium: { path: '/chromium' },
    promtool: { path: '/promtool' },
    prometheus: { reason: 'it is not here', command: 'apt-get install prometheus' },
  };
  await new Promise<void>((resolve) => {
    execFile(
      process.execPath,
      [
        join(ROOT, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--root',
        folder,
        `--reporter=${join(ROOT, 'test/reporter.ts')}`,
      ],
      {
        cwd: folder,
        env: plainEnvironment({ FRAMEGAUGE_TEST_RESULT: file, FRAMEGAUGE_TEST_NEEDS: JSON.stringify(needs) }),
      },
      () => resolve(),
    );
  });
  return JSON.parse(readFileSync(file, 'utf8')) as TestResult;
}

describe('the counting reporter', () => {
  it('counts tests, and skips with their reasons', async () => {
    const counts = await countsOf(`
      import { describe, expect, it } from 'vitest';
      import { needs, pathOf } from ${JSON.stringify(join(ROOT, 'test/helpers/needs'))};
      it('works', () => {});
      it('fails', () => expect(1).toBe(2));
      it.skip('is left out', () => {});
      it('finds out late', (context) => context.skip('no moon tonight'));
      needs.electron('with electron', () => { it('runs', () => expect(pathOf('electron')).toBe('/electron')); });
      needs.prometheus('with prometheus', () => { describe('deep', () => { it('never runs', () => { throw new Error(); }); }); });
    `);
    expect(counts).toMatchObject({ passed: 2, failed: 1 });
    expect(counts.skipped).toEqual([
      { name: 'some.test.ts > is left out', reason: 'no reason given', command: null },
      { name: 'some.test.ts > finds out late', reason: 'no moon tonight', command: null },
      {
        name: 'some.test.ts > with prometheus > deep > never runs',
        reason: 'it is not here',
        command: 'apt-get install prometheus',
      },
    ]);
  });

  it('names what passed only when it was tried again', async () => {
    const counts = await countsOf(`
      import { expect, it } from 'vitest';
      let tries = 0;
      it('passes', { retry: 1 }, () => {});
      it('passes later', { retry: 1 }, () => expect(++tries).toBe(2));
      it('never passes', { retry: 1 }, () => expect(1).toBe(2));
    `);
    expect(counts).toMatchObject({ passed: 2, failed: 1 });
    expect(counts.retried).toEqual([
      { name: 'some.test.ts > passes later', reason: expect.stringContaining('expected 1 to be 2') },
    ]);
  });

  it.each([
    ['a module that cannot be loaded', "import './nothing-here'; import { it } from 'vitest'; it('x', () => {});"],
    [
      'a hook that throws',
      "import { beforeAll, it } from 'vitest'; beforeAll(() => { throw new Error('no'); }); it('x', () => {});",
    ],
    [
      'a hook of a suite that throws',
      "import { beforeAll, describe, it } from 'vitest'; describe('s', () => { beforeAll(() => { throw new Error('no'); }); it('x', () => {}); });",
    ],
    [
      'a rejection that nobody handles',
      "import { it } from 'vitest'; it('x', async () => { void Promise.reject(new Error('no')); await new Promise((r) => setTimeout(r, 20)); });",
    ],
  ])('counts %s as a failure', async (_name, content) => {
    expect((await countsOf(content)).failed).toBeGreaterThan(0);
  });
});

import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * Files whose subject is what a host bears, or who use the one display: nothing else may take a processor from them, or
 * the keyboard's focus.
 */
const ALONE = ['test/attack/*.test.ts', 'test/e2e/*desktop*.test.ts', 'test/e2e/package.test.ts'];
/** Files with add-ons of others: these run with less priority than renders, and not at all beside enough of them. */
const ADDONS = ['main/addons', 'addon', 'examples'].map((folder) => `test/${folder}/**/*.test.ts`);

/** Files that only call functions: one process loads what they import once, and runs many of them. */
const QUICK = ['test/shared/**/*.test.ts', 'test/renderer/model/**/*.test.ts'];

/** Files that try what chance gives them: a failure of theirs is one to look at, however seldom it is. */
const CHANCE = ['test/crash/*.test.ts', 'test/fuzz/*.test.ts', 'test/**/*.property.test.ts', 'test/**/*-fuzz.test.ts'];

/** Groups of one order run side by side, so many files at a time, and begin when those of the one before have ended. */
const group = (
  name: string,
  groupOrder: number,
  maxWorkers: number | string,
  include: string[],
  exclude: string[],
  { retry = Number(process.env['FRAMEGAUGE_RETRY'] ?? 0), isolate = true } = {},
) =>
  ({
    test: {
      name,
      include,
      exclude,
      maxWorkers,
      isolate,
      sequence: { groupOrder },
      // Rendering without a GPU is slow on small machines; this limit only ends tests that hang.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 120_000 } },
      retry,
    },
  }) satisfies TestProjectInlineConfiguration;

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/global-setup.ts'],
    reporters: ['default'],
    projects: [
      // In a group of their own: a process goes from one file to the next only where nothing else comes between.
      group('quick', 0, '100%', QUICK, CHANCE, { isolate: false }),
      // Those of one order begin in the order of their names: the longest file is among these.
      group('chance', 1, '100%', CHANCE, [], { retry: 0 }),
      group('most', 1, '100%', ['test/**/*.test.ts', 'test/**/*.test.tsx'], [...QUICK, ...ADDONS, ...ALONE, ...CHANCE]),
      group('add-ons', 2, '100%', ADDONS, []),
      group('alone', 3, 1, ALONE, []),
    ],
  },
});

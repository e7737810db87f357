import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { lightTestFiles } from './scripts/light-test-files.mjs';

const light = lightTestFiles('test').map((file) => `test/${file}`);
/** As many files at a time as there are processors; without, Vitest leaves one free. */
const everyProcessor = { maxWorkers: '100%' };

/** A group of test files, which begins when the one before has ended. */
const group = (name: string, groupOrder: number, include: string[], exclude: string[], workers = {}) =>
  ({
    test: {
      name,
      include,
      exclude,
      ...workers,
      sequence: { groupOrder },
      // Rendering without a GPU is slow on small machines; this limit only ends tests that hang.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 120_000 } },
    },
  }) satisfies TestProjectInlineConfiguration;

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/global-setup.ts'],
    reporters: ['default'],
    // A processor stays free beside hostile add-ons and much else, but for files that can start neither a process nor a
    // thread.
    projects: [
      group('light', 0, light, [], everyProcessor),
      group('other', 1, ['test/**/*.test.ts', 'test/**/*.test.tsx'], light),
    ],
  },
});

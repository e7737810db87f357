import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * Files whose subject is what a host bears, or who use the one display: nothing else may take a processor from them, or
 * the keyboard's focus.
 */
const ALONE = ['attack', 'crash', 'e2e'].map((folder) => `test/${folder}/**/*.test.ts`);

/** A group of test files, so many at a time, which begins when the one before has ended. */
const group = (name: string, groupOrder: number, maxWorkers: number | string, include: string[], exclude: string[]) =>
  ({
    test: {
      name,
      include,
      exclude,
      maxWorkers,
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
    projects: [
      group('together', 0, '100%', ['test/**/*.test.ts', 'test/**/*.test.tsx'], ALONE),
      group('alone', 1, 1, ALONE, []),
    ],
  },
});

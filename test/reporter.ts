import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import './helpers/needs';

/** What scripts/test.mjs counts. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  /** Tests that failed, and passed when they were tried again, with the first line of why they had failed. */
  readonly retried: readonly { readonly name: string; readonly reason: string }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string; readonly command: string | null }[];
}

/** Why a test is skipped: told by itself or by the nearest suite around it. */
function missing(test: TestCase): { reason: string; command: string } | undefined {
  let task: TestCase | TestSuite | TestModule = test;
  for (;;) {
    const found = task.meta().missing;
    if (found) return found;
    if (task.type === 'module') return undefined;
    task = task.parent;
  }
}

/**
 * Errors outside of tests, each of which must make the run fail: a module that can't be loaded, a hook that throws, a
 * rejection that nobody handles.
 */
function errorsOutsideTests(modules: readonly TestModule[], unhandled: readonly SerializedError[]): number {
  let count = unhandled.length;
  for (const module of modules) {
    count += module.errors().length;
    for (const suite of module.children.allSuites()) count += suite.errors().length;
  }
  return count;
}

/** Writes the counts as JSON into the file that FRAMEGAUGE_TEST_RESULT names. */
export default class CountingReporter implements Reporter {
  #vitest: Vitest | null = null;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env['FRAMEGAUGE_TEST_RESULT'];
    if (!file) return;
    let passed = 0;
    let failed = errorsOutsideTests(modules, unhandled);
    const retried: TestResult['retried'][number][] = [];
    const skipped: TestResult['skipped'][number][] = [];
    // Vitest skips what a name that was asked for (-t) leaves out. Nobody wants those listed.
    const named = this.#vitest?.getGlobalTestNamePattern() !== undefined;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (test.diagnostic()?.flaky) {
          const message = result.errors?.[0]?.message ?? 'no reason given';
          retried.push({ name, reason: message.split('\n', 1)[0]! });
        }
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failed += 1;
        else if (result.state === 'skipped') {
          const why = missing(test);
          if (named && !why && !result.note) continue;
          const reason = why?.reason ?? result.note ?? 'no reason given';
          skipped.push({ name, reason, command: why?.command ?? null });
        } else failed += 1; // Never finished.
      }
    }
    writeFileSync(file, JSON.stringify({ passed, failed, retried, skipped } satisfies TestResult));
  }
}

// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, failSetup, ROOT } from './setup.mjs';

/*
 * npm test: checks everything that can be checked on this machine and ends with one line of counts. Lint, format and
 * types count as one check each. With arguments, `npm test -- PATTERN` runs the test files whose paths contain one of
 * them and nothing else. Arguments go to vitest, so `-t NAME` selects tests by name.
 */

/** @param {string} path */
const tool = (path) => join(ROOT, 'node_modules', path);

/** Checks besides the tests: a name, and the arguments for Node. @type {[string, string[]][]} */
const CHECKS = [
  ['lint', [tool('oxlint/bin/oxlint'), '--deny-warnings']],
  ['format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['types', [tool('typescript/bin/tsc'), '-p', '.']],
];

/** The running tool, which signals are forwarded to. @type {import('node:child_process').ChildProcess | null} */
let running = null;
let interrupted = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    interrupted = true;
    if (running) running.kill(signal);
    else process.exit(130);
  });
}

/**
 * Runs one of Node's tools with its output shown.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<boolean>} whether it ended with 0
 */
function run(args, env = process.env) {
  return new Promise((resolve) => {
    running = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    running.once('error', () => resolve(false));
    running.once('close', (code) => {
      running = null;
      resolve(code === 0);
    });
  });
}

/**
 * @param {string[]} filters
 * @returns {Promise<import('../test/reporter').TestResult>}
 */
async function runVitest(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'framegauge-test-'));
  const file = join(folder, 'result.json');
  try {
    const ok = await run(
      [tool('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=./test/reporter.ts', ...filters],
      {
        ...process.env,
        FRAMEGAUGE_TEST_RESULT: file,
      },
    );
    let result = { passed: 0, failed: 0, retried: [], skipped: [] };
    try {
      result = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      // It ended before it could report; that is the failure counted below.
    }
    if (!ok && result.failed === 0) result.failed = 1;
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  await ensureInstalled();
  await ensureBuilt();
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const filters = process.argv.slice(2);
  for (const [name, args] of filters.length > 0 ? [] : CHECKS) {
    if (interrupted) break;
    const ok = await run(args);
    console.log(`${name}: ${ok ? 'passed' : 'FAILED'}`);
    if (ok) passed += 1;
    else failed += 1;
  }
  if (!interrupted) {
    const result = await runVitest(filters);
    if (result.passed + result.failed + result.skipped.length === 0) {
      console.log('No test was found.');
      failed += 1;
    }
    passed += result.passed;
    failed += result.failed;
    for (const { name, reason } of result.retried) console.log(`passed only at its second try: ${name}\n  ${reason}`);
    const required = process.env.FRAMEGAUGE_REQUIRE === 'all';
    /** @type {Map<string, string[]>} */
    const byReason = new Map();
    for (const { name, reason, command } of result.skipped) {
      const why = `${reason}${command ? `; to enable: ${command}` : ''}`;
      byReason.set(why, [...(byReason.get(why) ?? []), name]);
    }
    for (const [why, names] of byReason) {
      console.log(`${required ? 'FAILED, since nothing may be skipped here' : 'skipped'}: ${why}`);
      for (const name of names) console.log(`  ${name}`);
    }
    if (required) failed += result.skipped.length;
    else skipped += result.skipped.length;
  }
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = interrupted ? 130 : failed > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  failSetup(error);
}

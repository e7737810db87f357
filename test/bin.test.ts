import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '..');

/** A clone that nobody has built, run as `npm link` would. @param engines the Node that it needs, if another */
function runUnbuilt(engines?: string): { status: number | null; stderr: string; folder: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'scripts'));
  for (const file of ['bin', 'scripts/check-node.mjs'])
    cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
  if (engines !== undefined) manifest.engines.node = engines;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'framegauge.mjs'), 'jobs'], {
    encoding: 'utf8',
  });
  return { status, stderr, folder };
}

it('framegauge says how to build it, in a clone that nobody has built', () => {
  const { status, stderr, folder } = runUnbuilt();
  expect(stderr).toMatch(/^Framegauge is not built yet: run “npm start -- --help” in [^\n]+ once\.\n$/);
  expect(stderr).toContain(folder);
  expect(status).toBe(1);
});

it('framegauge says which Node it needs', () => {
  const { status, stderr } = runUnbuilt('>=99.0.0');
  expect(stderr).toMatch(/^Framegauge needs Node\.js >=99\.0\.0, and this is [^\n]+\n$/);
  expect(status).toBe(1);
});

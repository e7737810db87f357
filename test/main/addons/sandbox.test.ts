import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi, onTestFinished } from 'vitest';
import { findSandbox } from '../../../src/main/addons/sandbox';
import { temporaryFolder } from '../../helpers/temporary-folder';

it.skipIf(process.platform !== 'linux')('asks for the sandbox without the host’s tokens', async () => {
  const folder = temporaryFolder();
  const program = join(folder, 'bwrap');
  writeFileSync(program, `#!/bin/sh\nenv >> '${folder}/seen'\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('FRAMEGAUGE_TOKEN', 'a-token-of-the-host');
  onTestFinished(() => void vi.unstubAllEnvs());
  await findSandbox(folder, [program]);
  const seen = readFileSync(join(folder, 'seen'), 'utf8');
  expect(seen).toContain('PATH=');
  expect(seen).not.toContain('a-token-of-the-host');
});

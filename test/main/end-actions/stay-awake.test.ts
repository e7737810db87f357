import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awakeCalls, createStayAwake, holdAwake } from '../../../src/main/end-actions/stay-awake';
import { sampleJob } from '../../helpers/samples';
import { temporaryFolder } from '../../helpers/temporary-folder';

const ROOT = join(import.meta.dirname, '../../..');

describe('staying awake', () => {
  it('is held from the first job that renders to the last, and as the preference says', () => {
    const calls: string[] = [];
    let wanted = true;
    const awake = createStayAwake({
      wanted: () => wanted,
      hold() {
        calls.push('hold');
        return () => calls.push('release');
      },
    });
    const tell = (id: number, state: 'rendering' | 'queued' | 'completed'): void =>
      awake.see({ type: 'job', job: sampleJob({ id, state }) });
    tell(1, 'queued');
    expect(calls).toEqual([]);
    tell(1, 'rendering');
    tell(2, 'rendering');
    tell(1, 'completed');
    expect(calls).toEqual(['hold']);
    awake.see({ type: 'job-removed', id: 2 });
    expect(calls).toEqual(['hold', 'release']);
    tell(3, 'rendering');
    wanted = false;
    awake.preferencesChanged();
    expect(calls).toEqual(['hold', 'release', 'hold', 'release']);
    wanted = true;
    awake.preferencesChanged();
    awake.close();
    expect(calls).toEqual(['hold', 'release', 'hold', 'release', 'hold', 'release']);
  });

  it.runIf(process.platform !== 'win32')(
    'tries the next program where one is missing or refuses, and ends it when it is let go',
    async () => {
      const folder = temporaryFolder();
      const [refuses, holds] = [join(folder, 'refuses'), join(folder, 'holds')];
      await writeFile(refuses, '#!/bin/sh\nexit 1\n');
      await writeFile(holds, `#!/bin/sh\necho "$1" >"${folder}/began"\ncat\necho end >"${folder}/ended"\n`);
      await Promise.all([refuses, holds].map((path) => chmod(path, 0o755)));
      const release = holdAwake([[join(folder, 'missing')], [refuses], [holds, '--what=idle']]);
      await expect
        .poll(() => existsSync(join(folder, 'began')) && readFileSync(join(folder, 'began'), 'utf8'))
        .toBe('--what=idle\n');
      expect(existsSync(join(folder, 'ended'))).toBe(false);
      release();
      await expect.poll(() => existsSync(join(folder, 'ended'))).toBe(true);
    },
  );

  it.runIf(process.platform !== 'win32')('ends with the host, even one that is killed', async () => {
    const folder = temporaryFolder();
    const holds = join(folder, 'holds');
    await writeFile(holds, `#!/bin/sh\necho >"${folder}/began"\ncat\necho >"${folder}/ended"\n`);
    await chmod(holds, 0o755);
    const main = join(folder, 'main.ts');
    await writeFile(
      main,
      `import { holdAwake } from ${JSON.stringify(join(ROOT, 'src/main/end-actions/stay-awake.ts'))};\nholdAwake([[${JSON.stringify(holds)}]]);\nsetInterval(() => undefined, 1e6);\n`,
    );
    const host = spawn(process.execPath, [join(ROOT, 'scripts/run-ts.mjs'), main], { cwd: ROOT, stdio: 'inherit' });
    await expect.poll(() => existsSync(join(folder, 'began')), { timeout: 20_000 }).toBe(true);
    host.kill('SIGKILL');
    await once(host, 'exit');
    await expect.poll(() => existsSync(join(folder, 'ended'))).toBe(true);
  });

  it('asks of each system what it has', () => {
    expect(awakeCalls('linux').map(([program, what]) => `${program} ${what}`)).toEqual([
      'systemd-inhibit --what=idle:sleep',
      'systemd-inhibit --what=idle',
    ]);
    expect(awakeCalls('darwin')).toEqual([['caffeinate', '-i', 'cat']]);
    expect(awakeCalls('win32')).toEqual([]);
  });
});

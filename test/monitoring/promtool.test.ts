import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { needs, pathOf } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';
import { KIT } from './kit-files';

/** Runs promtool in the kit. @returns its exit code and all that it said */
function promtool(args: readonly string[], folder = KIT): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(pathOf('promtool'), args, { cwd: folder, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

needs.promtool('promtool', () => {
  it('finds nothing wrong with the configuration and the rules', () => {
    for (const file of ['prometheus.yml', 'prometheus-compose.yml']) {
      const config = promtool(['check', 'config', file]);
      expect(config.said).toContain('2 rule files found');
      expect(config.code, config.said).toBe(0);
    }
    const rules = promtool(['check', 'rules', '--lint=all', '--lint-fatal', 'rules/recording.yml', 'rules/alerts.yml']);
    expect(rules.code, rules.said).toBe(0);
  });

  it('sees every alert fire and keep quiet as its test says', () => {
    const { code, said } = promtool(['test', 'rules', 'tests/recording.yml', 'tests/alerts.yml']);
    expect(code, said).toBe(0);
  });

  it('would notice an alert whose text or limit is another', () => {
    const folder = temporaryFolder();
    cpSync(KIT, folder, { recursive: true });
    const file = join(folder, 'rules', 'alerts.yml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('> 0.05', '> 0.5').replace('has jobs waiting', 'has job waiting'),
    );
    const { code, said } = promtool(['test', 'rules', 'tests/alerts.yml'], folder);
    expect(code).not.toBe(0);
    expect([...said.matchAll(/name: (\w+ fires)/g)].map((match) => match[1])).toEqual([
      'FramegaugeFramesFailing fires',
      'FramegaugeNoWorker fires',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../helpers/cli';
import { temporaryFolder } from '../helpers/temporary-folder';

const FOLDER = resolve(import.meta.dirname, '../../containers');
const text = readFileSync(join(FOLDER, 'compose.yml'), 'utf8');
const compose = parse(text) as {
  services: Record<
    string,
    {
      image: string;
      build?: { context: string; dockerfile: string };
      command?: string[];
      ports?: string[];
      volumes: string[];
    }
  >;
  volumes: Record<string, unknown>;
};
const dockerfile = readFileSync(join(FOLDER, 'Dockerfile'), 'utf8');

/** Every command of Framegauge that the file runs or tells, as words after the program. */
const commands = [...text.matchAll(/framegauge --data \/data ([^&\n]*)|run -d machine (machine .*)/g)].map(
  ([, run, joined]) => (run ?? joined)!.trim().split(/\s+/),
);

describe('the compose file of a farm', () => {
  it('builds one image for the manager and its machines, and declares what it mounts', () => {
    const { manager, machine } = compose.services as Record<'manager' | 'machine', (typeof compose.services)[string]>;
    expect(manager.image).toBe(machine.image);
    expect(readFileSync(resolve(FOLDER, manager.build!.context, manager.build!.dockerfile), 'utf8')).toBe(dockerfile);
    for (const { volumes } of [manager, machine])
      for (const volume of volumes)
        expect(
          volume.startsWith('./') || volume === '/data' || Object.hasOwn(compose.volumes, volume.split(':')[0]!),
          volume,
        ).toBe(true);
    expect(dockerfile).toMatch(/apt-get install .*\bredis-server\b/);
  });

  it('opens the ports that a farm has by default', async () => {
    const { stdout } = await runCli(['prefs', 'get', 'farm.listen', '--json', '--data', temporaryFolder()]);
    const port = Number(/:(\d+)/.exec(stdout)![1]);
    expect(compose.services['manager']!.ports).toEqual(
      expect.arrayContaining([`${port}:${port}`, `${port + 1}:${port + 1}`]),
    );
    expect(text).toContain(`--join https://manager:${port}`);
  });

  it('runs commands that there are', async () => {
    expect(commands.map(([first]) => first)).toEqual(expect.arrayContaining(['prefs', 'serve', 'machines', 'machine']));
    for (const words of commands) {
      const options = words.filter((word) => word.startsWith('--'));
      const names = words.slice(0, words[0] === 'prefs' || words[0] === 'machines' ? 2 : 1);
      const { code, stdout } = await runCli([...names, '--help']);
      expect(code, words.join(' ')).toBe(0);
      for (const option of options) expect(stdout, words.join(' ')).toContain(option);
    }
  });

  it('sets preferences that there are', async () => {
    const data = temporaryFolder();
    for (const words of commands.filter(([first]) => first === 'prefs')) {
      const { code, stderr } = await runCli([...words, '--data', data]);
      expect([code, stderr], words.join(' ')).toEqual([0, '']);
    }
  });
});

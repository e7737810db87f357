import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Invitation, MachineInfo } from '../../../src/shared/machines';
import type { Job } from '../../../src/shared/jobs';
import { type CliProcess, TURNTABLE, runCli, startCli } from '../../helpers/cli';
import { eventually } from '../../helpers/eventually';
import { freePort, isFree } from '../../helpers/free-port';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** Two free ports in a row: the second is for the manager's Redis. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 1)) return port;
  }
}

/** Whether a process of an id exists that has something in its command line. */
function runs(pid: number, argument: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(argument);
  } catch {
    return false;
  }
}

needs.redis('the farm of docs/farm.md', () => {
  needs.chromium('with a glTF', () => {
    it('renders on a machine, and goes on after the manager was killed', async () => {
      const folder = temporaryFolder();
      const [data, lent] = [join(folder, 'manager'), join(folder, 'machine')];
      for (const [key, value] of [
        ['farm.start', 'true'],
        ['farm.listen', `127.0.0.1:${await freePair()}`],
        ['farm.renderHere', 'false'],
      ] as const)
        expect((await runCli(['prefs', 'set', key, value, '--data', data])).code).toBe(0);
      const serve = async (): Promise<CliProcess> => {
        const host = startCli(['serve', '--port', '0', '--data', data]);
        await host.printed(/Press Ctrl\+C/);
        return host;
      };
      const json = async <T>(...args: string[]): Promise<T> => {
        const { code, stdout, stderr } = await runCli([...args, '--json', '--data', data]);
        expect(code, stderr).toBe(0);
        return JSON.parse(stdout) as T;
      };
      const manager = await serve();
      const { url, token, command } = await json<Invitation>('machines', 'invite');
      expect(command).toBe(`framegauge machine --join ${url} --token ${token}`);
      const box = startCli(['machine', '--join', url, '--token', token, '--name', 'box', '--data', lent]);
      await eventually('the machine taking frames', async () =>
        (await json<MachineInfo[]>('machines')).some(({ name, state }) => name === 'box' && state === 'idle')
          ? true
          : null,
      );

      const output = join(folder, 'out');
      const words = ['--frames', '1-48', '--size', '64x36', '--samples', '1'];
      const rendered = await runCli([
        'submit',
        TURNTABLE,
        ...words,
        '--output',
        join(output, '####.png'),
        '--data',
        data,
      ]);
      expect(rendered.code, rendered.stderr).toBe(0);
      const images = (): string[] =>
        existsSync(output) ? readdirSync(output).filter((name) => !name.startsWith('.')) : [];
      await eventually('the first images', async () => (images().length > 2 ? true : null), 240_000);
      const redis = Number(readFileSync(join(data, 'farm', 'redis', 'redis.pid'), 'utf8'));
      manager.process.kill('SIGKILL');
      await manager.ended;
      expect(runs(redis, data)).toBe(true);

      await serve();
      expect(runs(redis, data)).toBe(false);
      const job = await eventually(
        'the end of the job',
        async () => {
          const [found] = await json<Job[]>('jobs');
          return found!.finishedAt === null ? null : found!;
        },
        240_000,
      );
      expect([job.state, job.reason, job.frames.done + job.frames.skipped]).toEqual(['completed', null, 48]);
      expect(images()).toEqual(Array.from({ length: 48 }, (_, index) => `${String(index + 1).padStart(4, '0')}.png`));

      const identity = join(lent, 'machine', 'identity.json');
      expect(existsSync(identity)).toBe(true);
      expect((await runCli(['machine', 'forget', 'box', '--data', data])).code).toBe(0);
      await box.ended;
      expect(existsSync(identity)).toBe(false);
    });
  });
});
